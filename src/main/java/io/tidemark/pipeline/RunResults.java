package io.tidemark.pipeline;

import io.tidemark.drift.Comparison;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.labels.Coverage;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Finding;
import io.tidemark.slices.JudgedSlice;
import java.util.List;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** What a job tells of how it goes, besides its tables. */
interface RunResults {
  /** Takes what was found in windows. */
  default void drift(PCollection<WindowRevision<List<Comparison>>> findings) {}

  /** Takes what another stage found in windows. */
  default void found(String stage, PCollection<WindowRevision<List<Finding>>> findings) {}

  /** Takes windows with rows, to say which fields have hardly a usable value. */
  default void unusable(PCollection<KV<WindowKey, WindowProfile>> windows) {}

  /** Takes how many predictions have a label. */
  default void predictions(PCollection<KV<WindowKey, Coverage>> covered) {}

  /** Takes what {@link io.tidemark.alerts.SendAlerts} tells. */
  default void alerts(PCollectionTuple told) {}

  /**
   * Takes what was found of periods' slices.
   *
   * @param stays why slices that are there stay as they are, by model
   */
  default void slices(
      PCollection<KV<String, String>> stays,
      PCollection<WindowRevision<List<JudgedSlice>>> found) {}

  /** Takes what {@link io.tidemark.snapshot.CurateSnapshot} tells. */
  default void snapshots(PCollectionTuple curated) {}

  /** Takes what {@link io.tidemark.labelissues.FindLabelIssues} tells. */
  default void labelIssues(PCollectionTuple found) {}

  /** Has taken all. */
  default void conclude() {}
}
