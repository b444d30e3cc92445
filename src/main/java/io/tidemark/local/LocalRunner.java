package io.tidemark.local;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.UserCodeException;

/**
 * Runs a bounded pipeline in this process. Steps are fused from one grouping to the next, and what
 * a step gives is handed on by reference: as on any runner, elements must not be changed once they
 * are given away.
 *
 * <p>Knows what batch jobs are made of: reads, ParDo with side inputs, GroupByKey, Flatten, in the
 * global window. A pipeline with anything else (state, timers, windows, unbounded input) goes to
 * Beam's direct runner, whose bookkeeping of watermarks costs more than small jobs' work.
 */
public final class LocalRunner extends PipelineRunner<PipelineResult> {
  private final PipelineOptions options;

  private LocalRunner(PipelineOptions options) {
    this.options = options;
  }

  /** As Beam makes runners. */
  public static LocalRunner fromOptions(PipelineOptions options) {
    return new LocalRunner(options);
  }

  /**
   * Runs to the end.
   *
   * @throws Pipeline.PipelineExecutionException if a step fails
   */
  @Override
  public PipelineResult run(Pipeline pipeline) {
    LocalPlan plan = LocalPlan.of(pipeline);
    if (plan.unknown() != null) {
      return DirectRunner.fromOptions(options).run(pipeline);
    }
    int target = options.as(DirectOptions.class).getTargetParallelism();
    int threads = Math.min(target, Runtime.getRuntime().availableProcessors());
    try (LocalRun run = new LocalRun(plan, options, threads)) {
      run.run();
    } catch (UserCodeException e) {
      throw new Pipeline.PipelineExecutionException(e.getCause());
    }
    return new LocalResult();
  }
}
