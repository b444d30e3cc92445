package io.tidemark.pipeline;

import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;

/** The names of a job's steps, which savepoints go by. */
final class StepNames {
  private StepNames() {}

  /**
   * Of the steps that have something in a savepoint: sources, state, input that is to be stable.
   */
  static TreeSet<String> stateful(Pipeline pipeline) {
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
    return stateful;
  }
}
