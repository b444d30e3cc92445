package io.tidemark.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;

/** Values by key, keys being the same where their coder says so; several threads may add. */
final class Grouped {
  private final Coder<Object> keyCoder;
  private Map<Object, Values> groups = new LinkedHashMap<>();

  private record Values(Object key, List<Object> values) {}

  @SuppressWarnings("unchecked") // a grouping's input are pairs
  Grouped(PCollection<?> input) {
    this.keyCoder = ((KvCoder<Object, ?>) (Coder<?>) input.getCoder()).getKeyCoder();
  }

  void add(WindowedValue<?> element) {
    KV<?, ?> pair = (KV<?, ?>) element.getValue();
    Object same = keyCoder.structuralValue(pair.getKey());
    synchronized (this) {
      groups
          .computeIfAbsent(same, key -> new Values(pair.getKey(), new ArrayList<>()))
          .values()
          .add(pair.getValue());
    }
  }

  /** Hands the groups out and forgets them. */
  synchronized List<WindowedValue<?>> take() {
    List<WindowedValue<?>> taken = new ArrayList<>(groups.size());
    for (Values group : groups.values()) {
      taken.add(
          WindowedValues.of(
              KV.of(group.key(), (Iterable<Object>) group.values()),
              GlobalWindow.INSTANCE.maxTimestamp(),
              GlobalWindow.INSTANCE,
              PaneInfo.ON_TIME_AND_ONLY_FIRING));
    }
    groups = Map.of();
    return taken;
  }
}
