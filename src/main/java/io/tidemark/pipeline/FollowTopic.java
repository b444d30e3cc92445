package io.tidemark.pipeline;

import io.tidemark.drift.WriteRevisions;
import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.StreamWindows;
import io.tidemark.profile.BaselineFit;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.ProfileFold;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.StreamLetters;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * {@code monitor} of a topic without end: statistics and findings of each window when it ends, and
 * again when rows came late.
 */
final class FollowTopic {
  private final MonitoringSpec spec;
  private final Redaction redaction;
  private final Baselines baselines;
  private final String output;

  FollowTopic(MonitoringSpec spec, Redaction redaction, Baselines baselines, String output) {
    this.spec = spec;
    this.redaction = redaction;
    this.baselines = baselines;
    this.output = output;
  }

  /**
   * @throws UsageException where the runner would lose or repeat rows
   */
  static void check(String uri, PipelineOptions options) {
    boolean flink = options.getRunner().getSimpleName().equals("FlinkRunner");
    long interval = options.as(FlinkPipelineOptions.class).getCheckpointingInterval();
    if (!flink || interval <= 0) {
      throw new UsageException(
          "--events="
              + uri
              + ": a run that follows a topic without end needs checkpoints, or a failure would lose"
              + " what it holds. Give --runner=FlinkRunner --checkpointingInterval=10000 (every 10 s;"
              + " with --flinkMaster=host:8081 on a cluster), or add ?until=latest to read what the"
              + " topic holds now");
    }
  }

  /**
   * What the spec asks for that is not done while following a topic.
   *
   * @throws UsageException where leaving it out would change what rings
   */
  static List<String> notDone(MonitoringSpec spec) {
    if (spec.drift().persistence().of() > 1) {
      throw new UsageException(
          "drift.persistence: does not look back in a run that follows a topic yet; leave it out, or"
              + " run over what the topic holds with ?until=latest");
    }
    List<String> notDone = new ArrayList<>();
    if (!spec.horizons().isEmpty()) {
      notDone.add("window.horizons: not merged while following a topic yet");
    }
    if (PerformanceBranch.applies(spec)) {
      notDone.add("performance: not measured while following a topic yet");
    }
    if (spec.snapshot() != null) {
      notDone.add("snapshot: not written while following a topic yet; set snapshot: off");
    }
    return notDone;
  }

  void build(Pipeline pipeline, String uri, boolean prefixed) {
    // Always, so that metrics name the model, and state keeps its place when another one joins.
    String prefix = spec.model() + "/";
    Shipped<ProfileLayouts> layouts =
        Shipped.of(baselines.layouts(spec, BaselineFit.valueCapacity(spec, baselines)));
    FoldOutput<WindowKey, WindowProfile> profile =
        FoldOutput.of(
            "Profile",
            new ProfileFold(layouts),
            new WindowKey.KeyCoder(),
            new WindowProfileCoder(layouts));
    TupleTag<KV<WindowKey, WindowProfile>> windows = new TupleTag<>("windows") {};
    PCollectionTuple followed =
        pipeline.apply(
            prefix + "Follow",
            StreamWindows.of(uri, spec, redaction, profile, WindowProfile::merge, windows));
    followed
        .get(windows)
        .apply(prefix + "DetectDrift", WriteRevisions.of(spec, redaction, baselines, output));
    followed
        .get(StreamWindows.BAD)
        .apply(prefix + "WriteDeadLetters", letters("dead-letters", prefixed));
    followed.get(StreamWindows.LATE).apply(prefix + "WriteLate", letters("late", prefixed));
  }

  private StreamLetters letters(String table, boolean prefixed) {
    StreamLetters letters = StreamLetters.to(output, table);
    return prefixed ? letters.of(spec.model()) : letters;
  }
}
