package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.Redaction;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of a following job's steps, which savepoints go by. */
class StepNamesIT {
  /** With every step that has state. */
  private static final String SPEC =
      Log.SPEC
              .replace("FORMAT", "jsonl")
              .replace("  label: truth\n", "")
              .replace(
                  "window: {size: PT6H,",
                  "window: {size: PT6H, allowed_lateness: PT3H, horizons: [P1D],")
          + """
          labels: {format: jsonl, id: id, value: is, time: known, source: by, horizon: P1D}
          drift: {persistence: {windows: 2, of: 3}}
          """;

  @TempDir static Path folder;
  private static Path kafka;
  private static String broker;

  @BeforeAll
  static void start() throws Exception {
    kafka = folder.resolve("kafka");
    broker = Servers.broker(kafka);
  }

  @AfterAll
  static void stop() throws Exception {
    Servers.stopBroker(kafka);
  }

  /**
   * State is found again under its step's name: a savepoint of one version serves the next only
   * where both have it. Whoever changes a name here breaks the upgrade of running jobs, and says so
   * in the release notes.
   */
  @Test
  void stepsKeepTheirNames() throws Exception {
    Log log = Log.of(folder.resolve("log"), SPEC, 2_000);
    for (String topic : List.of("events", "labels")) {
      Servers.topic(kafka, topic, 1);
    }
    MonitoringSpec spec = Specs.load(log.spec.toString()).values().iterator().next();
    Model model =
        new Model(
            spec, Redaction.of(spec, null), Baselines.read(log.baseline.toString(), spec.model()));
    Pipeline pipeline = Pipeline.create();
    new FollowTopic(model, folder.resolve("out").toString(), null, null)
        .build(pipeline, "kafka://" + broker + "/events", "kafka://" + broker + "/labels", false);
    TreeSet<String> stateful = new TreeSet<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            if (node.getTransform() instanceof Read.Unbounded) {
              stateful.add(node.getFullName());
            }
            return CompositeBehavior.ENTER_TRANSFORM;
          }

          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            boolean state =
                node.getTransform() instanceof ParDo.MultiOutput<?, ?> step
                    && DoFnSignatures.isStateful(step.getFn());
            boolean stable =
                node.getTransform() instanceof ParDo.MultiOutput<?, ?> step
                    && DoFnSignatures.signatureForDoFn(step.getFn())
                        .processElement()
                        .requiresStableInput();
            if (state || stable) {
              stateful.add(node.getFullName());
            }
          }
        });
    assertThat(stateful)
        .containsExactly(
            "loans/AssembleCoverage/ParMultiDo(AssembleWindow)",
            "loans/AssembleOutcomes/ParMultiDo(AssembleWindow)",
            "loans/AssembleWindows/ParMultiDo(AssembleWindow)",
            "loans/DetectDrift/LookBack/LookBackAtWindows/ParMultiDo(LookBack)",
            "loans/DetectDrift/ReportDrift/ParMultiDo(ReportDrift)",
            "loans/DetectDriftOverP1D/MergeJudgeAndWrite/ParMultiDo(Merge)",
            "loans/FillWindows/FindEmpty/ParMultiDo(Gaps)",
            "loans/Follow/HoldRows",
            "loans/Follow/JoinLabels",
            "loans/Follow/ReadLabels",
            "loans/Follow/ReadTopic",
            "loans/FollowChanges/ShowSettled/ParMultiDo(Show)",
            "loans/FollowSnapshots/Publish/ParMultiDo(Publish)",
            "loans/FollowSnapshots/SelectAndPrepare/ParMultiDo(Period)",
            "loans/WriteDeadLetters/WriteStretch/ParMultiDo(Write)",
            "loans/WriteLate/WriteStretch/ParMultiDo(Write)");
  }
}
