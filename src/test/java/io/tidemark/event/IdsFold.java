package io.tidemark.event;

import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/**
 * Gathers what rows are called, by id, minute, and label where there is one: {@code leo@10=1}; of
 * {@link #CLOCK} nothing. A state is a list of rows, so a row that counts twice is seen to do so.
 *
 * @param outcomes whether only labelled rows count, those whose outcome falls between two times
 */
public record IdsFold<K>(Keyed<K> keyed, boolean outcomes, long from, long to)
    implements RangedAggregator<K, List<String>> {
  /** Id of rows that only move event time. */
  public static final String CLOCK = "clock";

  public static final Coder<List<String>> CODER = ListCoder.of(StringUtf8Coder.of());

  /** Says what a row is gathered under. */
  interface Keyed<K> extends Serializable {
    K of(String model, InferenceEvent event, long windowStart);
  }

  /** The rows of each window. */
  public static AggregateOutput<WindowKey, List<String>> ofWindows(String name) {
    Keyed<WindowKey> keyed = (model, event, start) -> new WindowKey(model, event.version(), start);
    return AggregateOutput.of(
        name, new IdsFold<>(keyed, false, 0, 0), new WindowKey.KeyCoder(), CODER);
  }

  /** Labelled rows, when their turn has come. */
  public static AggregateOutput<ModelVersion, List<String>> ofOutcomes(String name) {
    return AggregateOutput.of(
        name,
        new IdsFold<>(
            (model, event, start) -> new ModelVersion(model, event.version()),
            true,
            Long.MIN_VALUE,
            Long.MAX_VALUE),
        new ModelVersion.VersionCoder(),
        CODER);
  }

  public static List<String> merge(List<String> into, List<String> other) {
    List<String> all = new ArrayList<>(into);
    all.addAll(other);
    return all;
  }

  @Override
  public Aggregator<K, List<String>> between(long first, long end) {
    return new IdsFold<>(keyed, outcomes, first, end);
  }

  @Override
  public Accumulator<K, List<String>> start(String model) {
    return new Accumulator<>() {
      private final TreeMap<String, K> keys = new TreeMap<>();
      private final TreeMap<String, List<String>> rows = new TreeMap<>();

      @Override
      public void add(InferenceEvent event, long windowStart) {
        long outcome = Math.max(event.timeMicros(), event.labelMicros());
        boolean shown = event.label() != null && outcome >= from && outcome < to;
        if (CLOCK.equals(event.id()) || outcomes && !shown) {
          return;
        }
        K key = keyed.of(model, event, windowStart);
        keys.put(key.toString(), key);
        long minute = Math.floorMod(event.timeMicros() / 60_000_000L, 60L);
        boolean overridden = !outcomes && event.trusted() != null;
        String text = overridden ? event.trusted().text() : event.label();
        String label = text == null ? "" : "=" + text;
        rows.computeIfAbsent(key.toString(), each -> new ArrayList<>())
            .add((event.id() == null ? "" : event.id()) + "@" + minute + label);
      }

      @Override
      public void drainTo(BiConsumer<K, List<String>> out) {
        rows.forEach((key, each) -> out.accept(keys.get(key), each));
        rows.clear();
      }
    };
  }
}
