package io.tidemark.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.runners.core.InMemoryMultimapSideInputView;
import org.apache.beam.runners.core.SideInputReader;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Materializations;
import org.apache.beam.sdk.transforms.ViewFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.WindowedValue;

/** What was kept for side inputs; each view is made once and shared by all that look at it. */
final class SideInputs implements SideInputReader {
  private final Map<PCollectionView<?>, Collected> kept = new ConcurrentHashMap<>();
  private final Map<PCollectionView<?>, Object[]> made = new ConcurrentHashMap<>();

  void keep(PCollectionView<?> view, WindowedValue<?> element) {
    kept.computeIfAbsent(view, key -> new Collected()).add(element);
  }

  @Override
  @SuppressWarnings("unchecked") // a view's function makes what the view is of
  public <T> T get(PCollectionView<T> view, BoundedWindow window) {
    // In an array, because a view may be null.
    return (T) made.computeIfAbsent(view, key -> new Object[] {make(view)})[0];
  }

  @SuppressWarnings("unchecked") // as the materialization's name says
  private <T> T make(PCollectionView<T> view) {
    List<Object> values = new ArrayList<>();
    Collected elements = kept.remove(view);
    if (elements != null) {
      elements.take().forEach(element -> values.add(element.getValue()));
    }
    String form = view.getViewFn().getMaterialization().getUrn();
    if (form.equals(Materializations.ITERABLE_MATERIALIZATION_URN)) {
      ViewFn<Materializations.IterableView<Object>, T> fn =
          (ViewFn<Materializations.IterableView<Object>, T>) view.getViewFn();
      return fn.apply(() -> values);
    }
    ViewFn<Materializations.MultimapView<Object, Object>, T> fn =
        (ViewFn<Materializations.MultimapView<Object, Object>, T>) view.getViewFn();
    Coder<Object> keyCoder = ((KvCoder<Object, Object>) view.getCoderInternal()).getKeyCoder();
    return fn.apply(
        InMemoryMultimapSideInputView.fromIterable(
            keyCoder, (Iterable<KV<Object, Object>>) (Iterable<?>) values));
  }

  @Override
  public <T> boolean contains(PCollectionView<T> view) {
    return true;
  }

  @Override
  public boolean isEmpty() {
    return false;
  }
}
