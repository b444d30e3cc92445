package io.tidemark.event;

import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import java.io.Serializable;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/**
 * A fold whose state of a window comes out when the window ends and again, whole, when it has
 * changed.
 *
 * @param columns whether the fold is faster by column, and needs neither ids nor labels nor carried
 *     columns
 * @param parts tag of what they are assembled from, see {@code AssembleWindowFn}
 */
public record WindowAggregate<S>(
    AggregateOutput<WindowKey, S> fold,
    MergeStates.Merge<S> merge,
    boolean columns,
    TupleTag<KV<WindowKey, KV<Integer, byte[]>>> parts)
    implements Serializable {

  public static <S> WindowAggregate<S> of(
      AggregateOutput<WindowKey, S> fold, MergeStates.Merge<S> merge) {
    return new WindowAggregate<>(
        fold,
        merge,
        false,
        new TupleTag<KV<WindowKey, KV<Integer, byte[]>>>(fold.name() + "-parts") {});
  }

  /** The same, given rows by column. */
  public WindowAggregate<S> byColumn() {
    return new WindowAggregate<>(fold, merge, true, parts);
  }

  public KvCoder<WindowKey, KV<Integer, byte[]>> partsCoder() {
    return KvCoder.of(fold.keyCoder(), KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()));
  }

  public KvCoder<WindowKey, S> windowsCoder() {
    return KvCoder.of(fold.keyCoder(), fold.stateCoder());
  }
}
