package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.GoldenParquet;
import io.tidemark.schema.Bin;
import io.tidemark.schema.CellChange;
import io.tidemark.schema.DeadLetter;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.LabelCoverage;
import io.tidemark.schema.Mover;
import io.tidemark.schema.Performance;
import io.tidemark.schema.PerformanceSource;
import io.tidemark.schema.Place;
import io.tidemark.schema.ReliabilityBin;
import io.tidemark.schema.Statistic;
import io.tidemark.schema.UnjoinedLabel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/**
 * A finding as checkpoints hold it, and as later runs and receivers of alerts read it; the lines
 * and files of the other tables, which later runs and other programs read.
 */
class StoredFormsTest {
  private static final Instant DAY = Instant.parse("2024-01-01T00:00:00Z");

  private static Finding finding() {
    return Finding.newBuilder()
        .setId("i")
        .setModel("m")
        .setModelVersion("")
        .setWindowStart(DAY)
        .setWindowEnd(DAY.plusSeconds(3600))
        .setRevision(300)
        .setComplete(true)
        .setSegment("c=é")
        .setKind(FindingKind.concept_drift)
        .setSubject("x")
        .setMethod("ddm")
        .setValue(.5)
        .setNBaseline(1)
        .setNWindow(2)
        .setAlarm(true)
        .setExceeded(true)
        .setReason("because")
        .setTopMovers(List.of(new Mover("b", .25, .75)))
        .setAt(new Place(DAY.plusNanos(1000), "id", 7L))
        .setTopCells(List.of(new CellChange("c", .5, .5, null, 1.0, 0.0, -1.0)))
        .build();
  }

  @Test
  void findingInState() throws IOException {
    Finding read =
        Golden.holds(
            RecordCoder.of(Finding.class),
            finding(),
            """
            91010269026d0080808982e2f586068090a6ebfcf58606d8040108633dc3a91202780664646d0200
            0000000000e03f0000000000020401010e62656361757365020262000000000000d03f0000000000
            00e83f000282808982e2f58606020469640e000000020263000000000000e03f000000000000e03f
            0002000000000000f03f0000000000000000000000000000f0bf00\
            """);
    assertThat(read).isEqualTo(finding());
  }

  @Test
  void aLineIsReadAsItWasWritten() throws IOException {
    assertThat(JsonLines.read(JsonLines.line(finding()), Finding.class)).isEqualTo(finding());
  }

  @Test
  void findingAsALine() {
    assertThat(JsonLines.line(finding()))
        .isEqualTo(
            """
            {"id":"i","model":"m","model_version":"","window_start":"2024-01-01T00:00:00\
            Z","window_end":"2024-01-01T01:00:00Z","revision":300,"complete":true,"segme\
            nt":"c=é","kind":"concept_drift","subject":"x","method":"ddm","value":0.5,"l\
            ower_threshold":null,"threshold":null,"effect":null,"p_value":null,"adjusted\
            _p":null,"n_baseline":1,"n_window":2,"alarm":true,"exceeded":true,"reason":"\
            because","top_movers":[{"bin":"b","baseline":0.25,"window":0.75}],"at":{"tim\
            e":"2024-01-01T00:00:00.000001Z","id":"id","index":7},"change":null,"change_\
            by_inputs":null,"change_by_relation":null,"top_cells":[{"cell":"c","baseline\
            ":0.5,"window":0.5,"baseline_error":null,"window_error":1.0,"by_inputs":0.0,\
            "by_relation":-1.0}]}\
            """);
  }

  private static <T extends SpecificRecord> void line(T record, Class<T> type, String line)
      throws IOException {
    assertThat(JsonLines.line(record)).isEqualTo(line);
    assertThat(JsonLines.read(line, type)).isEqualTo(record);
    assertThat(JsonLines.of(List.of(record, record)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(line + "\n" + line + "\n");
  }

  @Test
  void performanceAsALine() throws IOException {
    Performance record =
        Performance.newBuilder()
            .setModel("m")
            .setModelVersion("v")
            .setWindowStart(DAY)
            .setWindowEnd(DAY.plusSeconds(3600))
            .setRevision(3)
            .setComplete(true)
            .setSegment("c=é")
            .setMetric("ece")
            .setSource(PerformanceSource.estimated)
            .setValue(.25)
            .setUpperThreshold(1e-7)
            .setAlarm(true)
            .setRows(4)
            .setLabelledRows(3)
            .setLabelCoverage(.75)
            .setUnscoredRows(1)
            .setUnscoredReason("no score")
            .setBins(List.of(new ReliabilityBin(2.0, .5, .75)))
            .build();
    line(
        record,
        Performance.class,
        """
        {"model":"m","model_version":"v","window_start":"2024-01-01T00:00:00Z","wind\
        ow_end":"2024-01-01T01:00:00Z","revision":3,"complete":true,"segment":"c=é",\
        "metric":"ece","source":"estimated","value":0.25,"bound":0.0,"lower_threshol\
        d":null,"upper_threshold":1.0E-7,"sampling_error":null,"alarm":true,"rows":4\
        ,"labelled_rows":3,"label_coverage":0.75,"label_delay_p50_s":null,"label_del\
        ay_p95_s":null,"unscored_rows":1,"unscored_reason":"no score","bins":[{"rows\
        ":2.0,"mean_score":0.5,"positive_rate":0.75}]}\
        """);
  }

  @Test
  void coverageAsALine() throws IOException {
    line(
        new LabelCoverage(
            "m", "", DAY, DAY.plusSeconds(3600), 5L, 3L, 1L, 1L, 2L, List.of("a", "é\"")),
        LabelCoverage.class,
        """
        {"model":"m","model_version":"","window_start":"2024-01-01T00:00:00Z","windo\
        w_end":"2024-01-01T01:00:00Z","predictions":5,"labelled":3,"labelled_in_log"\
        :1,"disputed":1,"unlabelled":2,"unlabelled_ids":["a","é\\""]}\
        """);
  }

  @Test
  void unjoinedLabelAsALine() throws IOException {
    line(
        new UnjoinedLabel(
            "too_late", "a", null, DAY.plusNanos(1000), "by", "labels.jsonl", 1L << 40, "why"),
        UnjoinedLabel.class,
        """
        {"class":"too_late","id":"a","value":null,"label_time":"2024-01-01T00:00:00.\
        000001Z","source":"by","file":"labels.jsonl","position":1099511627776,"detai\
        l":"why"}\
        """);
  }

  @Test
  void deadLetterAsALineAndInState() throws IOException {
    DeadLetter letter = new DeadLetter("late", "why", "t-1", 300L, "{\"é\"}", null);
    line(
        letter,
        DeadLetter.class,
        """
        {"reason":"late","detail":"why","source":"t-1","position":300,"text":"{\\"é\\"}",\
        "base64":null}\
        """);
    assertThat(
            Golden.holds(
                RecordCoder.of(DeadLetter.class),
                letter,
                """
                18086c6174650677687906742d31d804020c7b22c3a9227d00\
                """))
        .isEqualTo(letter);
  }

  /** Schema, digest of all bytes, no codec, a marker that is no random one, a block. */
  @Test
  void avroFile() throws IOException {
    Mover record = new Mover("b", .25, .75);
    String hex =
        """
        4f626a01041e746964656d61726b2e64696765737480013939353565386432346161303365306435
        66366233373639366134366437636434643866306464323531326330393230343236643138616264
        31623938376136166176726f2e736368656d61e0047b2274797065223a227265636f7264222c226e
        616d65223a224d6f766572222c226e616d657370616365223a22696f2e746964656d61726b2e7363
        68656d61222c226669656c6473223a5b7b226e616d65223a2262696e222c2274797065223a7b2274
        797065223a22737472696e67222c226176726f2e6a6176612e737472696e67223a22537472696e67
        227d7d2c7b226e616d65223a22626173656c696e65222c2274797065223a22646f75626c65222c22
        646f63223a225368617265206f662074686520626173656c696e65277320726f77732c203020746f
        20312e227d2c7b226e616d65223a2277696e646f77222c2274797065223a22646f75626c65222c22
        646f63223a225368617265206f66207468652077696e646f77277320726f77732c203020746f2031
        2e227d5d7d00746964656d61726b000000000000000002240262000000000000d03f000000000000
        e83f746964656d61726b0000000000000000\
        """;
    Golden.isHex(AvroFiles.bytes(Mover.getClassSchema(), List.of(record)), hex);
    assertThat(AvroFiles.read(Golden.bytes(hex), Mover.class)).containsExactly(record);
  }

  /** A file of {@code statistics/}. */
  @Test
  void statisticsAsParquet() throws IOException {
    Statistic first =
        Statistic.newBuilder()
            .setModel("m")
            .setModelVersion("")
            .setWindowStart(DAY)
            .setWindowEnd(DAY.plusSeconds(3600))
            .setRevision(3)
            .setComplete(true)
            .setSegment("")
            .setField("x")
            .setType("numeric")
            .setRows(3)
            .setMissing(1)
            .setInvalid(0)
            .setMean(.5)
            .setDistinct(2L)
            .setBins(List.of(new Bin(null, .5, null, 1L, 20L), new Bin(.5, null, null, 1L, 30L)))
            .build();
    Statistic second = Statistic.newBuilder(first).setSegment("c=é").setBins(List.of()).build();
    GoldenParquet.holds(
        Table.Form.PARQUET.bytes(List.of(first, second)), "statistics.txt", "412dc561d6573aaf");
  }

  /** Names of files end with it, and records name inputs by it. */
  @Test
  void hashOfContent() {
    assertThat(ContentHash.of("é".getBytes(StandardCharsets.UTF_8))).isEqualTo("4a99557e4033c353");
  }
}
