package io.tidemark.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.event.Aggregator;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.WindowKey;
import io.tidemark.schema.BaselineFile;
import io.tidemark.schema.StoredProfile;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.Task;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.Table;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Baselines, and what {@code profiles/} and checkpoints hold of windows. */
class StoredFormsTest {
  private static final String TEXT =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: s, label: g, positive: "1"}, label: y}
      features: {x: numeric, c: categorical}
      window: {size: PT1H, origin: 2024-01-01T00:00:00Z}
      segments: [c]
      """;
  private static final MonitoringSpec SPEC = SpecReader.read("test", TEXT);
  private static final WindowKey KEY =
      new WindowKey("m", "", WindowSpec.micros(Instant.parse("2024-01-01T00:00:00Z")));

  private static String file;
  private static Baselines baselines;

  @TempDir Path output;

  @BeforeAll
  static void read() throws Exception {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    file = Path.of(StoredFormsTest.class.getResource("/golden/baseline.avro").toURI()).toString();
    baselines = Baselines.read(file, "m");
  }

  private static Broadcast<ProfileLayouts> layouts() {
    return Broadcast.of(baselines.layouts(SPEC, 16));
  }

  /** Of known, unknown, missing and unreadable values, with and without labels. */
  private static List<InferenceEvent> rows(MonitoringSpec spec) {
    return List.of(
        row(spec, 11, "c_a", .25, "0", "0"),
        row(spec, -7.5, "new", .75, "1", "0"),
        row(spec, Double.NaN, "c_a", .75, "1", null),
        row(spec, 11, null, .5, "1", "1"));
  }

  private static InferenceEvent row(
      MonitoringSpec spec, double x, String c, double s, String guess, String truth) {
    boolean numeric = spec.task() == Task.REGRESSION;
    double label = truth == null ? Double.NaN : Double.parseDouble(truth);
    return new InferenceEvent(
        "i" + x,
        KEY.start() + 1,
        "",
        new double[] {x, s, numeric ? label : 1 - s},
        numeric ? new String[] {c} : new String[] {c, guess, truth},
        c == null ? new long[] {2} : null,
        new String[0]);
  }

  private static <S> S folded(MonitoringSpec spec, Aggregator<WindowKey, S> fold) {
    Aggregator.Accumulator<WindowKey, S> gathering = fold.start("m");
    rows(spec).forEach(each -> gathering.add(each, KEY.start()));
    List<S> states = new ArrayList<>();
    gathering.drainTo((key, state) -> states.add(state));
    assertThat(states).hasSize(1);
    return states.get(0);
  }

  /** The file was written by the first version of the form. */
  @Test
  void baseline() throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(file));
    Baseline baseline = baselines.of("");
    assertThat(baseline.rows()).isEqualTo(40);
    assertThat(baseline.windows()).hasSize(4).allMatch(each -> each.profile().rows() > 0);
    assertThat(baseline.total().state(0, baseline.indexOf("x")).numeric().moments().count())
        .isEqualTo(40);
    assertThat(baseline.performance()).isNotNull();
    BaselineFile stored = AvroFiles.read(bytes, BaselineFile.class).get(0);
    byte[] again =
        BaselineFormat.write(
            baseline,
            stored.getSpecHash(),
            WindowSpec.micros(stored.getFrom()),
            WindowSpec.micros(stored.getTo()));
    assertThat(AvroFiles.read(again, BaselineFile.class)).containsExactly(stored);
  }

  @Test
  void profileInState() throws IOException {
    WindowProfile profile = folded(SPEC, new ProfileAggregator(layouts()));
    WindowProfile read =
        Golden.holds(
            new WindowProfileCoder(layouts()),
            profile,
            """
            d702016d00000000010100030000044380000000010000000e044340000000010000012ac01e0000
            0000000040260000000000002d0200010a02100200319d800101a280010205438000000001000000
            0700000106010002e80701036e657701000000040000044340000000010000000204437000000001
            000000013fd00000000000003fe8000000000000370300011e01180210030033f41f010201010202
            434000000004438000000001000000010000020200010103e80700000100020200020101e8070000
            01010001000002440000000b024400000079402600000000000040260000000000002d010a011001
            0031a68001010000000006010002e807000000000200000244000000010243a00000003fd0000000
            0000003fe800000000000037020001360110020033f41f0103010243400000000243c00000000000
            020200010101e8070000010002010001e80700000000000000\
            """);
    assertThat(read.rows()).isEqualTo(4);
  }

  @Test
  void storedProfile() throws IOException {
    StoredProfiles profiles =
        StoredProfiles.of(SPEC, baselines, layouts(), Redaction.of(SPEC, null), output.toString());
    StoredProfile stored =
        profiles.store(KEY, folded(SPEC, new ProfileAggregator(layouts())), true);
    StoredProfile read =
        Golden.holds(
            RecordCoder.of(StoredProfile.class),
            stored,
            """
            8d0302026d0080808982e2f586068090a6ebfcf58606010820663237316138643366376130363865
            6320326130376435376164636637353733320002a205010100030000044380000000010000000e04
            4340000000010000012ac01e00000000000040260000000000002d0200010a02100200319d800101
            a2800102054380000000010000000700000106010002e80701036e65770100000004000004434000
            0000010000000204437000000001000000013fd00000000000003fe8000000000000370300011e01
            180210030033f41f010201010202434000000004438000000001000000010000020200010103e807
            00000100020200020101e807000001010001000002440000000b0244000000794026000000000000
            40260000000000002d010a0110010031a68001010000000006010002e80700000000020000024400
            0000010243a00000003fd00000000000003fe800000000000037020001360110020033f41f010301
            0243400000000243c00000000000020200010101e8070000010002010001e80700000000000000\
            """);
    assertThat(read).isEqualTo(stored);
    WindowFolders.replace(
        WindowFolders.folder(output.toString(), Table.PROFILES.folder(), "m", KEY.start()),
        "part",
        AvroFiles.bytes(StoredProfile.getClassSchema(), List.of(read)),
        "avro");
    assertThat(profiles.read(KEY.start()))
        .singleElement()
        .satisfies(kept -> assertThat(kept.profile().rows()).isEqualTo(4))
        .matches(StoredProfiles.Kept::complete);
  }

  private static void outcomes(MonitoringSpec spec, Baselines known, String hex)
      throws IOException {
    ProfileLayouts profiles = baselines.layouts(spec, 16);
    Broadcast<OutcomeLayouts> layouts = Broadcast.of(OutcomeLayouts.of(spec, profiles, known));
    WindowOutcomes read =
        Golden.holds(
            new WindowOutcomesCoder(layouts),
            folded(spec, new PerformanceAggregator(layouts)),
            hex);
    assertThat(read.segment(0).rows()).isEqualTo(4);
  }

  @Test
  void outcomesOfTwoClasses() throws IOException {
    outcomes(
        SPEC,
        baselines,
        """
        da01016d000000000104008010010000000304013001310401300131010100018040000380808080
        808080e83f0100ffffffffffffffa78001010180808080808080080100030106421745d0000145d1
        745d0100000002008040000380808080808080e83f0100ffffffffffffffa7800101dde8c5ae0480
        8080808080800802808080802001020080040100000001000000018008000180808080808080e83f
        01000101024400000001008008000280808080808080e83f0100ffffffffffffffaf800101808080
        801000000000000b020001020202440000000100\
        """);
  }

  @Test
  void outcomesOfSeveralClasses() throws IOException {
    String text = TEXT.replace("binary", "multiclass").replace(", positive: \"1\"", "");
    outcomes(
        SpecReader.read("test", text.replace("score: s", "scores: {0: x0, 1: s}")),
        baselines,
        """
        ce02016d000000000104008010010000000304013001310401300131090300010101030180200003
        80808080808080e83f0101ffffffffffffffa7800101008080808080808008010180200003808080
        80808080e83f0100ffffffffffffffa7800101018080808080808008010080200002ffffffffffff
        ff8fc001010080808080808080080201030000064248dcb000015dfbd02c01000000020a405d8000
        0001770b1c92016945bdf2017c2aaab601000000023fd269621134db923ff62e42fefa39ef000102
        0080040100000001090100018008000180808080808080e83f010180080001ffffffffffffff97c0
        01010080080001ffffffffffffff97c00101000100000642a39ef0000162e42fef01000000010a40
        2100000001c777e84d012c58e14201ebfbdff801000000013ff62e42fefa39ef3ff62e42fefa39ef
        00000000000001010003024400000001\
        """);
  }

  @Test
  void outcomesOfNumbers() throws IOException {
    String text = TEXT.replace("binary", "regression");
    outcomes(
        SpecReader.read(
            "test", text.replaceFirst("prediction: \\{.*?\\}", "prediction: {value: s}")),
        baselines,
        """
        ac03016d00000000010400801001000000030300000243800000000243e0000000bfe00000000000
        003fe800000000000003000004438000000001000000010243e00000003fd00000000000003fe800
        00000000000300000243e00000000243620000003fb00000000000003fe200000000000001000002
        43800000000243400000003fe00000000000003fe000000000000003000002440000000102440000
        000100000000000000003ff000000000000002434000000002434000000002440000000102440000
        000100000400008040000380808080808080e83f0100ffffffffffffffa780010100808080808080
        80080200010200800401000000010100000243400000000243100000003fd00000000000003fd000
        00000000000100000243400000000243100000003fd00000000000003fd000000000000001000002
        43100000000243010000003fb00000000000003fb000000000000000000001000000000000000000
        00000000000000000000000000000000000200008008000280808080808080e83f0100ffffffffff
        ffffaf8001010000000000000b02000102020243c00000000243c0000000\
        """);
  }

  @Test
  void stretchesOfALog() throws IOException {
    LogSpans spans = LogSpans.over(SPEC.window());
    spans.add(KEY.start());
    LogSpans read =
        Golden.holds(
            SerializableCoder.of(LogSpans.class),
            spans,
            """
            aced00057372001c696f2e746964656d61726b2e70726f66696c652e4c6f675370616e7300000000
            000000010200024a00036761704c00057370616e737400134c6a6176612f7574696c2f547265654d
            61703b787000000347074c4400737200116a6176612e7574696c2e547265654d61700cc1f63e2d25
            6ae60300014c000a636f6d70617261746f727400164c6a6176612f7574696c2f436f6d7061726174
            6f723b7870707704000000017372000e6a6176612e6c616e672e4c6f6e673b8be490cc8f23df0200
            014a000576616c7565787200106a6176612e6c616e672e4e756d62657286ac951d0b94e08b020000
            787000060dd7102120007371007e000600060dd71021200078\
            """);
    assertThat(read.add(KEY.start())).as("it has that window").isFalse();
  }
}
