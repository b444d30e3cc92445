package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.spec.Field;
import io.tidemark.spec.FieldType;
import io.tidemark.stats.Hash128;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventBlockTest {
  private static final EventLayout LAYOUT = layout();

  private static EventLayout layout() {
    return EventLayout.of(
        List.of(
            field("amount", true), field("city", false), field("rate", true), field("text", false)),
        List.of("request", "user"));
  }

  private static Field field(String name, boolean numeric) {
    return new Field(
        name, name, numeric ? FieldType.NUMERIC : FieldType.CATEGORICAL, Field.Role.FEATURE);
  }

  private static InferenceEvent event(int i, Random random) {
    return new InferenceEvent(
        "id-" + i + "-ü",
        random.nextLong(),
        i % 3 == 0 ? "" : "v" + i % 3,
        new double[] {i % 7 == 0 ? Double.NaN : random.nextGaussian(), i % 5 == 0 ? -0.0 : 1 / 0.0},
        new String[] {i % 4 == 0 ? null : "city " + i % 11, "text " + random.nextInt()},
        null,
        new String[] {null, "user " + i % 300});
  }

  private static List<InferenceEvent> events(int count) {
    Random random = new Random(count);
    return IntStream.range(0, count).mapToObj(i -> event(i, random)).toList();
  }

  private static EventBlock block(List<InferenceEvent> events, boolean ids) {
    EventBlock.Builder builder = new EventBlock.Builder(LAYOUT, ids);
    events.forEach(each -> builder.add(each, each.id() == null ? null : RowHash.ofId(each.id())));
    assertThat(builder.rows()).isEqualTo(events.size());
    return EventBlock.unpack(LAYOUT, builder.pack());
  }

  private static List<String> bytes(Stream<InferenceEvent> events) {
    return events.map(each -> Hash128.of(InferenceEventCoder.bytes(each)).toString()).toList();
  }

  private static List<String> rows(EventBlock block) {
    return bytes(IntStream.range(0, block.rows()).mapToObj(block::event));
  }

  @Test
  void rowsComeBack() {
    for (int count : new int[] {0, 1, 2, 31, 32, 33, 255, 256, 1000, 70_000}) {
      List<InferenceEvent> events = events(count);
      EventBlock block = block(events, true);
      assertThat(rows(block)).isEqualTo(bytes(events.stream()));
      for (int row = 0; row < count; row++) {
        assertThat(block.id(row)).isEqualTo(RowHash.ofId(events.get(row).id()));
        assertThat(block.time(row)).isEqualTo(events.get(row).timeMicros());
        assertThat(block.version(row)).isEqualTo(events.get(row).version());
      }
    }
  }

  @Test
  void rowsThatHaveNoPlaceInColumnsComeLast() {
    List<InferenceEvent> plain = events(5);
    InferenceEvent one = plain.get(1);
    InferenceEvent unreadable =
        new InferenceEvent(
            "unreadable",
            one.timeMicros(),
            "v9",
            one.numbers(),
            one.categories(),
            new long[] {5},
            one.extras());
    List<InferenceEvent> events = new ArrayList<>(plain);
    events.add(2, unreadable);
    events.add(0, plain.get(2).withLabel("1", 17));
    events.add(0, plain.get(3).withLabel(null, 0, true));
    EventBlock block = block(events, true);
    List<InferenceEvent> expected = new ArrayList<>(plain);
    expected.add(plain.get(3).withLabel(null, 0, true));
    expected.add(plain.get(2).withLabel("1", 17));
    expected.add(unreadable);
    assertThat(rows(block)).isEqualTo(bytes(expected.stream()));
    assertThat(block.id(7)).isEqualTo(RowHash.ofId("unreadable"));
    assertThat(block.version(7)).isEqualTo("v9");
  }

  @Test
  void withoutIdsTheirHashesStay() {
    List<InferenceEvent> events = events(40);
    EventBlock block = block(events, false);
    assertThat(block.event(3).id()).isNull();
    assertThat(block.id(3)).isEqualTo(RowHash.ofId(events.get(3).id()));
    assertThat(RowHash.content(block.event(3))).isEqualTo(RowHash.content(events.get(3)));
    assertThat(block(events, true).event(3).id()).isEqualTo(events.get(3).id());
  }

  @Test
  void logsWithoutIdsHaveNone() {
    List<InferenceEvent> events =
        events(3).stream()
            .map(
                each ->
                    new InferenceEvent(
                        null,
                        each.timeMicros(),
                        each.version(),
                        each.numbers(),
                        each.categories(),
                        null,
                        each.extras()))
            .toList();
    EventBlock block = block(events, true);
    assertThat(rows(block)).isEqualTo(bytes(events.stream()));
    assertThat(block.high()).isNull();
  }

  @Test
  void packsTheSameRowsAlike() {
    EventBlock.Builder one = new EventBlock.Builder(LAYOUT, true);
    EventBlock.Builder other = new EventBlock.Builder(LAYOUT, true);
    events(50).forEach(each -> one.add(each, RowHash.ofId(each.id())));
    events(50).forEach(each -> other.add(each, RowHash.ofId(each.id())));
    assertThat(one.pack()).isEqualTo(other.pack());
  }

  @Test
  void tablesOfValuesLastFromBatchToBatch() {
    BatchBuilder builder = new BatchBuilder(LAYOUT, false);
    InferenceEvent event = event(1, new Random(1));
    builder.add(event);
    String[] values = builder.batch().categories()[0].values();
    builder.clear();
    builder.add(event);
    builder.add(event);
    EventBatch batch = builder.batch();
    assertThat(batch.categories()[0].values()).isSameAs(values).containsExactly("city 1");
    assertThat(batch.times()).hasSize(2);
    assertThat(batch.extras()).isEmpty();
    assertThat(batch.categories()[0].text(1)).isEqualTo("city 1");
  }
}
