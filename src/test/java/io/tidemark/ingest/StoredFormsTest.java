package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.event.Redaction;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.junit.jupiter.api.Test;

/** What checkpoints hold of a topic's rows and labels; of its reader, see TopicMarkTest. */
class StoredFormsTest {
  private static final InferenceEvent ROW =
      new InferenceEvent(
          "a", 1, "", new double[] {.5}, new String[] {"b"}, null, new String[] {null});
  private static final StateShape SHAPE =
      new StateShape(new TreeMap<>(Map.of("task", "binary", "window.size", "PT1H")));

  @Test
  void rowsOfAPoll() throws IOException {
    DeadLetter letter = new DeadLetter("late", "why", "kafka://host/t-1", 3L, "{}", null);
    StreamRows rows = new StreamRows(List.of(ROW), List.of(), List.of(letter));
    StreamRows read =
        Golden.holds(
            new StreamRows.RowsCoder(),
            rows,
            """
            000000010261000000000000000101013fe000000000000001026200010000000000000000000120
            086c61746506776879206b61666b613a2f2f686f73742f742d310602047b7d00\
            """);
    Golden.same(read, rows);
    List<InferenceEvent> events =
        Golden.holds(
            new StreamRows.EventsCoder(),
            List.of(ROW),
            """
            000000010261000000000000000101013fe000000000000001026200010000\
            """);
    Golden.same(events, List.of(ROW));
  }

  @Test
  void sidesOfAJoin() throws IOException {
    JoinRows block = Golden.holds(new JoinRows.RowsCoder(), joins(null), "00 02 0405");
    assertThat(block.block()).containsExactly(4, 5);
    byte[] id = "a".getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(id);
    List<LabelRows.Row> labels =
        List.of(new LabelRows.Row(hash.high(), hash.low(), 1, "y", Double.NaN, "", "", 0, id));
    JoinRows read =
        Golden.holds(
            new JoinRows.RowsCoder(),
            joins(labels),
            """
            01000000010000000000000001000000000179000000000000000161\
            """);
    Golden.same(read.labels(), labels);
  }

  private static JoinRows joins(List<LabelRows.Row> labels) {
    return new JoinRows(labels == null ? new byte[] {4, 5} : null, labels);
  }

  @Test
  void progressOfAJoin() throws IOException {
    JoinProgress progress = new JoinProgress(1, 2, 3, Long.MIN_VALUE, 5, true, false);
    assertThat(
            Golden.holds(
                new JoinProgress.ProgressCoder(),
                progress,
                """
                0000000000000001000000000000000200000000000000038000000000000000
                000000000000000500000000000000010000000000000000\
                """))
        .isEqualTo(progress);
  }

  @Test
  void countsOfHeldRows() throws IOException {
    HeldCounts counts = new HeldCounts(258, 3);
    assertThat(
            Golden.holds(new HeldCounts.CountsCoder(), counts, "0000000000000102 0000000000000003"))
        .isEqualTo(counts);
  }

  /** The source is in savepoints, too, and the job that goes on reads with it. */
  @Test
  void sourceOfATopic() throws IOException {
    MonitoringSpec spec =
        SpecReader.read(
            "test",
            """
            model: m
            task: binary
            events: {id: i, time: t, prediction: {score: s, positive: 1}}
            features: {c: categorical}
            window: {size: PT1H}
            snapshot: {mask: [c]}
            """);
    Redaction redaction = Redaction.of(spec, new byte[] {1});
    KafkaStream source =
        new KafkaStream("m", SHAPE, "m/events", EventColumns.all(spec), redaction, 4, 1, 2);
    KafkaStream read =
        Golden.holds(
            SerializableCoder.of(KafkaStream.class),
            source,
            """
            aced00057372001e696f2e746964656d61726b2e696e676573742e4b61666b6153747265616d0000
            000000000002020008490005696e64657849000a706172746974696f6e7349000772656164657273
            4c0007636f6c756d6e737400214c696f2f746964656d61726b2f696e676573742f4576656e74436f
            6c756d6e733b4c00056d6f64656c7400124c6a6176612f6c616e672f537472696e673b4c00046e61
            6d6571007e00024c0009726564616374696f6e74001d4c696f2f746964656d61726b2f6576656e74
            2f526564616374696f6e3b4c0005736861706574001f4c696f2f746964656d61726b2f696e676573
            742f537461746553686170653b787200266f72672e6170616368652e6265616d2e73646b2e696f2e
            556e626f756e646564536f75726365b04e00a99b2fed770200007872001d6f72672e617061636865
            2e6265616d2e73646b2e696f2e536f75726365108bfa10598ce7d302000078700000000100000004
            000000027372001f696f2e746964656d61726b2e696e676573742e4576656e74436f6c756d6e7300
            000000000000000200054c0007636f6c756d6e737400104c6a6176612f7574696c2f4c6973743b4c
            00066c61796f757474001f4c696f2f746964656d61726b2f6576656e742f4576656e744c61796f75
            743b4c00066e656564656471007e00094c000b70726564696374696f6e7371007e00094c00047469
            6d6574001e4c696f2f746964656d61726b2f696e676573742f4576656e7454696d653b7870737200
            116a6176612e7574696c2e436f6c6c536572578eabb63a1ba8110300014900037461677870000000
            0177040000000473720023696f2e746964656d61726b2e696e676573742e4576656e74436f6c756d
            6e732455736500000000000000000200054900056669656c645a000a70726564696374696f6e4900
            04736c6f744c00046b696e647400264c696f2f746964656d61726b2f696e676573742f4576656e74
            436f6c756d6e73244b696e643b4c00047061746871007e00027870ffffffff00000000007e720024
            696f2e746964656d61726b2e696e676573742e4576656e74436f6c756d6e73244b696e6400000000
            000000001200007872000e6a6176612e6c616e672e456e756d000000000000000012000078707400
            024944740001697371007e000fffffffff00000000007e71007e001274000454494d457400017473
            71007e000f0000000000000000007e71007e001274000843415445474f5259740001637371007e00
            0f0000000101000000007e71007e00127400064e554d42455274000173787372001d696f2e746964
            656d61726b2e6576656e742e4576656e744c61796f7574000000000000000102000549000a636174
            65676f726965734900076e756d626572734c000665787472617371007e00094c00066669656c6473
            71007e00095b0005736c6f74737400025b49787000000001000000017371007e000d000000017704
            00000000787371007e000d0000000177040000000273720016696f2e746964656d61726b2e737065
            632e4669656c6400000000000000000200044c00046e616d6571007e00024c00047061746871007e
            00024c0004726f6c6574001d4c696f2f746964656d61726b2f737065632f4669656c6424526f6c65
            3b4c00047479706574001c4c696f2f746964656d61726b2f737065632f4669656c64547970653b78
            7071007e001e71007e001e7e72001b696f2e746964656d61726b2e737065632e4669656c6424526f
            6c6500000000000000001200007871007e0013740007464541545552457e72001a696f2e74696465
            6d61726b2e737065632e4669656c645479706500000000000000001200007871007e001374000b43
            415445474f524943414c7371007e002874001070726564696374696f6e2e73636f726571007e0022
            7e71007e002c74000a50524544494354494f4e7e71007e002f7400074e554d455249437875720002
            5b494dba602676eab2a502000078700000000200000000000000007371007e000d00000001770400
            00000371007e001671007e001a71007e0022787371007e000d0000000477040000000171007e001f
            787372001c696f2e746964656d61726b2e696e676573742e4576656e7454696d6500000000000000
            010200024c000566697865647400164c6a6176612f74696d652f5a6f6e654f66667365743b4c0004
            7a6f6e657400124c6a6176612f74696d652f5a6f6e6549643b78707372000d6a6176612e74696d65
            2e536572955d84ba1b2248b20c0000787077020800787371007e0040770607000355544378740001
            6d7400086d2f6576656e74737372001b696f2e746964656d61726b2e6576656e742e526564616374
            696f6e00000000000000010200045a000c6465636c617265644f6e6c794c00086578636c75646564
            74000f4c6a6176612f7574696c2f5365743b5b00036b65797400025b424c00066d61736b65647100
            7e00467870017371007e000d0000000277040000000078757200025b42acf317f8060854e0020000
            787000000001017371007e000d0000000277040000000174000163787372001d696f2e746964656d
            61726b2e696e676573742e5374617465536861706500000000000000010200014c00057061727473
            7400134c6a6176612f7574696c2f547265654d61703b7870737200116a6176612e7574696c2e5472
            65654d61700cc1f63e2d256ae60300014c000a636f6d70617261746f727400164c6a6176612f7574
            696c2f436f6d70617261746f723b7870707704000000027400047461736b74000662696e61727974
            000b77696e646f772e73697a657400045054314878\
            """);
    Golden.same(read, source);
  }

  /** {@code jobs/M.json}. */
  @Test
  void shapeOfAJob() {
    String json =
        """
        {
          "check" : "da803859cce4f81d",
          "task" : "binary",
          "window.size" : "PT1H"
        }
        """;
    assertThat(SHAPE.json()).isEqualTo(json);
    assertThat(StateShape.ofJson(json)).isEqualTo(SHAPE);
  }
}
