package io.tidemark.flow;

import java.io.IOException;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Hands the latest revision of each window under a key, whole, to a rule when something has
 * changed. A bounded input has one revision of each window, and is judged once; for a stream see
 * {@link RegroupOfStreamFn}.
 */
public final class RegroupRevisions<K, T, U>
    extends PTransform<PCollection<WindowRevision<T>>, PCollection<WindowRevision<U>>> {
  private static final long serialVersionUID = 1;

  private final Regrouping<K, T, U> rule;
  private final Coder<K> keyCoder;
  private final Coder<U> coder;

  private RegroupRevisions(Regrouping<K, T, U> rule, Coder<K> keyCoder, Coder<U> coder) {
    this.rule = rule;
    this.keyCoder = keyCoder;
    this.coder = coder;
  }

  /**
   * @param coder of what the rule makes
   */
  public static <K, T, U> RegroupRevisions<K, T, U> by(
      Regrouping<K, T, U> rule, Coder<K> keyCoder, Coder<U> coder) {
    return new RegroupRevisions<>(rule, keyCoder, coder);
  }

  @Override
  public PCollection<WindowRevision<U>> expand(PCollection<WindowRevision<T>> windows) {
    Coder<WindowRevision<T>> revisions = windows.getCoder();
    PCollection<KV<K, WindowRevision<T>>> keyed =
        windows
            .apply(
                "KeyOfWindow",
                WithKeys.<K, WindowRevision<T>>of(window -> rule.key(window.window()))
                    .withKeyType(keyCoder.getEncodedTypeDescriptor()))
            .setCoder(KvCoder.of(keyCoder, revisions));
    PCollection<WindowRevision<U>> judged =
        windows.isBounded() == PCollection.IsBounded.UNBOUNDED
            ? keyed.apply("Judge", ParDo.of(new RegroupOfStreamFn<>(rule, revisions)))
            : keyed
                .apply("GroupByKey", GroupByKey.create())
                .apply("Judge", ParDo.of(new JudgeFn<>(rule)));
    return judged.setCoder(WindowRevision.coder(coder));
  }

  private static final class JudgeFn<K, T, U>
      extends DoFn<KV<K, Iterable<WindowRevision<T>>>, WindowRevision<U>> {
    private static final long serialVersionUID = 1;

    private final Regrouping<K, T, U> rule;

    JudgeFn(Regrouping<K, T, U> rule) {
      this.rule = rule;
    }

    @ProcessElement
    public void process(
        @Element KV<K, Iterable<WindowRevision<T>>> group, OutputReceiver<WindowRevision<U>> out)
        throws IOException {
      TreeMap<WindowKey, WindowRevision<T>> windows = new TreeMap<>();
      group.getValue().forEach(window -> windows.put(window.window(), window));
      rule.judge(group.getKey(), windows, windows.keySet()).forEach(out::output);
    }
  }
}
