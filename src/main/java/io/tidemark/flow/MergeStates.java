package io.tidemark.flow;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Merges the states that bundles have gathered, key by key. States cross the shuffle as bytes: they
 * are packed once where they are gathered and unpacked once here, where a runner that copies what
 * it groups copies arrays. A Combine would gain nothing: a bundle sends one state a key already.
 */
public final class MergeStates<K, S>
    extends PTransform<PCollection<KV<K, byte[]>>, PCollection<KV<K, S>>> {
  private static final long serialVersionUID = 1;

  /** Takes the second's rows into the first, which it may change, and returns it. */
  public interface Merge<S> extends Serializable {
    S merge(S into, S other);
  }

  private final Coder<K> keyCoder;
  private final Coder<S> stateCoder;
  private final Merge<S> merge;

  private MergeStates(Coder<K> keyCoder, Coder<S> stateCoder, Merge<S> merge) {
    this.keyCoder = keyCoder;
    this.stateCoder = stateCoder;
    this.merge = merge;
  }

  public static <K, S> MergeStates<K, S> by(
      Coder<K> keyCoder, Coder<S> stateCoder, Merge<S> merge) {
    return new MergeStates<>(keyCoder, stateCoder, merge);
  }

  @Override
  public PCollection<KV<K, S>> expand(PCollection<KV<K, byte[]>> states) {
    return states
        .apply("GroupByKey", GroupByKey.create())
        .apply("Merge", ParDo.of(new MergeFn<>(stateCoder, merge)))
        .setCoder(KvCoder.of(keyCoder, stateCoder));
  }

  /** A state's bytes. */
  public static <S> byte[] pack(Coder<S> coder, S state) {
    ByteOutput out = new ByteOutput(1 << 10);
    try {
      coder.encode(state, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  /** The state of these bytes. */
  public static <S> S unpack(Coder<S> coder, byte[] bytes) throws IOException {
    return coder.decode(new ByteInput(bytes));
  }

  private static final class MergeFn<K, S> extends DoFn<KV<K, Iterable<byte[]>>, KV<K, S>> {
    private static final long serialVersionUID = 1;

    private final Coder<S> coder;
    private final Merge<S> merge;

    MergeFn(Coder<S> coder, Merge<S> merge) {
      this.coder = coder;
      this.merge = merge;
    }

    @ProcessElement
    public void process(@Element KV<K, Iterable<byte[]>> states, OutputReceiver<KV<K, S>> out)
        throws IOException {
      S merged = null;
      for (byte[] packed : states.getValue()) {
        S state = unpack(coder, packed);
        merged = merged == null ? state : merge.merge(merged, state);
      }
      out.output(KV.of(states.getKey(), merged));
    }
  }
}
