package io.tidemark.pipeline;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.WindowAggregate;
import io.tidemark.flow.WindowKey;
import io.tidemark.labels.Coverage;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.DeadLetter;
import java.util.Optional;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * What was gathered of a log's rows. Of a log that ends each window comes once; of a topic when the
 * window ends, and again, whole, when it has changed.
 */
interface AggregatedWindows {

  /** What a revised aggregate, or the profile, has of each window. */
  <S> PCollection<KV<WindowKey, S>> windows(String name, WindowAggregate<S> aggregate);

  /**
   * The same with windows that have no rows.
   *
   * @param empty their states, as bytes
   */
  <S> PCollection<KV<WindowKey, S>> windows(
      String name, WindowAggregate<S> aggregate, PCollection<KV<WindowKey, byte[]>> empty);

  /** States as they were gathered, several a key. */
  <K, S> PCollection<KV<K, byte[]>> states(AggregateOutput<K, S> aggregate);

  /**
   * Where the log begins and ends.
   *
   * @param profiles of windows with rows
   */
  LogEdges edges(PCollection<KV<WindowKey, WindowProfile>> profiles);

  /**
   * The windows that stay as they are, because this log has less of them than is there.
   *
   * @param windows those without rows too
   * @param covered how many of their rows have labels; empty: nothing says what the truth was
   */
  Standing standing(
      LogEdges edges,
      PCollection<KV<WindowKey, WindowProfile>> windows,
      Optional<PCollection<KV<WindowKey, Coverage>>> covered);

  /** Rows and labels that are unusable, by model. */
  PCollection<KV<String, DeadLetter>> bad();
}
