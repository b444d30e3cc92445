package io.tidemark.event;

import io.tidemark.flow.MergeStates;
import java.io.Serializable;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/**
 * A fold and where its states come out.
 *
 * @param name of the steps, unique in the pipeline and stable across versions
 */
public record AggregateOutput<K, S>(
    String name,
    Aggregator<K, S> fold,
    TupleTag<KV<K, byte[]>> tag,
    Coder<K> keyCoder,
    Coder<S> stateCoder)
    implements Serializable {

  public static <K, S> AggregateOutput<K, S> of(
      String name, Aggregator<K, S> fold, Coder<K> keyCoder, Coder<S> stateCoder) {
    return new AggregateOutput<>(
        name, fold, new TupleTag<KV<K, byte[]>>(name) {}, keyCoder, stateCoder);
  }

  /** Of what comes out under the tag: states as bytes, see {@link MergeStates}. */
  public KvCoder<K, byte[]> coder() {
    return KvCoder.of(keyCoder, ByteArrayCoder.of());
  }

  /** Merges what comes out under the tag. */
  public MergeStates<K, S> merged(MergeStates.Merge<S> merge) {
    return MergeStates.by(keyCoder, stateCoder, merge);
  }
}
