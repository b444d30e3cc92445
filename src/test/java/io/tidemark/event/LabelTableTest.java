package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stats.Hash128;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A table of the labels that a stream holds. */
class LabelTableTest {
  private static LabelRows.Row label(String id, long time, String value, String source) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(name);
    return new LabelRows.Row(hash.high(), hash.low(), time, value, Double.NaN, source, "", 0, name);
  }

  private static final LabelWait UNTRUSTING = new LabelWait(10, 10, Set.of());

  private static long place(LabelTable table, String id) {
    return table.find(RowHash.ofId(id));
  }

  @Test
  void theFirstLabelOfAnIdCountsInWhateverOrderTheyCome() {
    List<LabelRows.Row> labels =
        new ArrayList<>(
            List.of(
                label("a", 5, "yes", "x"),
                label("a", 3, "no", "z"),
                label("a", 3, "no", "b"),
                label("a", 9, "no", "a"),
                label("b", 1, "yes", "")));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(labels, new Random(seed));
      LabelTable table = LabelTable.of(new ArrayList<>(labels), false, UNTRUSTING);
      long a = place(table, "a");
      assertThat(table.text(a)).isEqualTo("no");
      assertThat(table.time(a)).isEqualTo(3);
      assertThat(table.disputedSince(a)).isEqualTo(5);
      assertThat(table.disputedSince(place(table, "b"))).isEqualTo(Long.MAX_VALUE);
      assertThat(place(table, "c")).isEqualTo(LabelTable.NONE);
    }
  }

  @Test
  void ofTrustedLabelsUpToATimeTheLatestStands() {
    List<LabelRows.Row> labels =
        new ArrayList<>(
            List.of(
                label("a", 5, "yes", "x"),
                label("a", 7, "no", "review"),
                label("a", 9, "maybe", "review"),
                label("a", 9, "no", "audit"),
                label("b", 1, "yes", ""),
                label("c", 8, "new", "review")));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(labels, new Random(seed));
      LabelTable table =
          LabelTable.of(
              new ArrayList<>(labels), false, new LabelWait(1, 9, Set.of("review", "audit")));
      long a = place(table, "a");
      assertThat(table.text(a)).isEqualTo("yes");
      assertThat(table.trusted(a, 6)).isNull();
      assertThat(table.trusted(a, 8)).isEqualTo(new InferenceEvent.TrustedLabel("no", 7));
      assertThat(table.trusted(a, 9)).isEqualTo(new InferenceEvent.TrustedLabel("no", 9));
      assertThat(table.trusted(place(table, "b"), 9)).isNull();
      assertThat(table.trusted(place(table, "c"), 8).text()).isEqualTo("new");
    }
  }

  @Test
  void manyIdsAreAllFound() {
    List<LabelRows.Row> labels = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      labels.add(label("id-" + i, i, Integer.toString(i % 7), ""));
    }
    LabelTable table = LabelTable.of(labels, false, UNTRUSTING);
    for (int i = 0; i < 5000; i++) {
      assertThat(table.text(place(table, "id-" + i))).isEqualTo(Integer.toString(i % 7));
    }
  }

  @Test
  void numbersAreComparedAsNumbers() {
    byte[] name = "a".getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(name);
    List<LabelRows.Row> labels = new ArrayList<>();
    for (double value : new double[] {2, 2.0, 3}) {
      labels.add(
          new LabelRows.Row(hash.high(), hash.low(), (long) value, null, value, "", "", 0, name));
    }
    LabelTable table = LabelTable.of(labels, true, UNTRUSTING);
    assertThat(table.text(place(table, "a"))).isEqualTo("2");
    assertThat(table.disputedSince(place(table, "a"))).isEqualTo(3);
  }

  @Test
  void labelsComeBackFromTheirBytes() throws IOException {
    LabelRows.RowCoder coder = new LabelRows.RowCoder();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LabelRows.Row text = label("ü", -7, "ja", "wer");
    coder.encode(text, out);
    LabelRows.Row back = coder.decode(new ByteArrayInputStream(out.toByteArray()));
    assertThat(new String(back.id(), StandardCharsets.UTF_8)).isEqualTo("ü");
    assertThat(back.sameId(text)).isTrue();
    assertThat(back.says(text)).isTrue();
    assertThat(back.timeMicros()).isEqualTo(-7);
    assertThat(back.source()).isEqualTo("wer");
  }
}
