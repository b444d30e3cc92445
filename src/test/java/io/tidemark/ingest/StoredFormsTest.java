package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.schema.DeadLetter;
import io.tidemark.stats.Hash128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.values.KV;
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
    StreamRows rows =
        new StreamRows(
            new TreeMap<>(Map.of("m", List.of(ROW))),
            List.of(),
            List.of(KV.of("m", letter)),
            new TreeMap<>(Map.of("m", 2L)),
            3);
    StreamRows read =
        Golden.holds(
            new StreamRows.RowsCoder(),
            rows,
            """
            00000001016d000000010261000000000000000101013fe000000000000001026200010000000000
            0000000001016d20086c61746506776879206b61666b613a2f2f686f73742f742d310602047b7d00
            00000001016d0203\
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
        List.of(new LabelRows.Row(hash.high(), hash.low(), 1, "y", Double.NaN, "", "t-1", 300, id));
    JoinRows read =
        Golden.holds(
            new JoinRows.RowsCoder(),
            joins(labels),
            """
            010000000100000003742d3100000001
            000000000000000100000000017900000000000000016100ac02\
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
    HeldCounts counts = new HeldCounts(258, 3, 2);
    assertThat(
            Golden.holds(
                new HeldCounts.CountsCoder(),
                counts,
                "000000000000010200000000000000030000000000000002"))
        .isEqualTo(counts);
  }

  /** The source is in savepoints, too, and the job that goes on reads with it. */
  @Test
  void sourceOfATopic() throws IOException {
    KafkaStream source =
        new KafkaStream(
            new TreeMap<>(Map.of("m", SHAPE)), "events", new byte[] {1}, "key 1", 4, 1, 2);
    KafkaStream read =
        Golden.holds(
            SerializableCoder.of(KafkaStream.class),
            source,
            """
            aced00057372001e696f2e746964656d61726b2e696e676573742e4b61666b6153747265616d0000
            000000000003020007490005696e64657849000a706172746974696f6e7349000772656164657273
            5b00036b65797400025b424c00076b65794e616d657400124c6a6176612f6c616e672f537472696e
            673b4c00046e616d6571007e00024c00067368617065737400134c6a6176612f7574696c2f547265
            654d61703b787200266f72672e6170616368652e6265616d2e73646b2e696f2e556e626f756e6465
            64536f75726365b04e00a99b2fed770200007872001d6f72672e6170616368652e6265616d2e7364
            6b2e696f2e536f75726365108bfa10598ce7d3020000787000000001000000040000000275720002
            5b42acf317f8060854e0020000787000000001017400056b657920317400066576656e7473737200
            116a6176612e7574696c2e547265654d61700cc1f63e2d256ae60300014c000a636f6d7061726174
            6f727400164c6a6176612f7574696c2f436f6d70617261746f723b7870707704000000017400016d
            7372001d696f2e746964656d61726b2e696e676573742e5374617465536861706500000000000000
            010200014c0005706172747371007e000378707371007e000b707704000000027400047461736b74
            000662696e61727974000b77696e646f772e73697a65740004505431487878\
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
