package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.apache.beam.sdk.values.KV;

/**
 * What a stage makes of a model's windows, period by period, see {@link ClosePeriods}. States come
 * packed, in any order and number of pieces a window.
 *
 * @param <N> what other stages have found in a window
 * @param <O> what comes out of a period
 */
public interface PeriodStage<N, O> extends Serializable {
  WindowSpec window();

  /** A whole multiple of the window. */
  WindowSpec period();

  /** Which windows the run can speak for. */
  Reach asked();

  /** Whether a period is held against the one before, whose states it then gets as well. */
  default boolean looksBack() {
    return false;
  }

  /**
   * Keeps a stream's windows for later runs, as they close.
   *
   * @param judged the latest that was found in windows
   */
  void keep(Iterable<KV<WindowKey, byte[]>> states, SortedMap<WindowKey, WindowRevision<N>> judged)
      throws IOException;

  /**
   * Concludes a period: nothing can change its windows any more, or the run has no more of them.
   *
   * @param judged the latest that was found in its windows
   * @param whole windows that are known to be, though the run's reach does not say so
   * @param told what other stages have found in the period, in any order
   * @param reach the windows that the run can speak for, now that it has read
   */
  List<O> close(
      WindowKey period,
      Iterable<KV<WindowKey, byte[]>> states,
      SortedMap<WindowKey, WindowRevision<N>> judged,
      Set<WindowKey> whole,
      List<byte[]> told,
      Reach reach)
      throws IOException;
}
