package io.tidemark.local;

import io.tidemark.local.LocalStep.Group;
import io.tidemark.local.LocalStep.Keep;
import io.tidemark.local.LocalStep.Pass;
import io.tidemark.local.LocalStep.Process;
import io.tidemark.local.LocalStep.Start;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PValue;

/** The steps of a pipeline, and who takes what of them. */
final class LocalPlan extends Pipeline.PipelineVisitor.Defaults {
  private final List<LocalStep> steps = new ArrayList<>();
  private final Map<PCollection<?>, List<LocalStep>> takers = new HashMap<>();
  private String unknown;

  private LocalPlan() {}

  static LocalPlan of(Pipeline pipeline) {
    LocalPlan plan = new LocalPlan();
    pipeline.traverseTopologically(plan);
    return plan;
  }

  /** The first step that only another runner can do, or null. */
  String unknown() {
    return unknown;
  }

  /** All steps, whatever gives before whatever takes. */
  List<LocalStep> steps() {
    return steps;
  }

  List<LocalStep> takers(PCollection<?> of) {
    return takers.getOrDefault(of, List.of());
  }

  @Override
  public CompositeBehavior enterCompositeTransform(Node node) {
    PTransform<?, ?> transform = node.getTransform();
    if (transform instanceof Read.Bounded<?> read) {
      steps.add(new LocalStep.Read(steps.size(), read.getSource(), output(node)));
      return CompositeBehavior.DO_NOT_ENTER_TRANSFORM;
    }
    // Spreads work over machines; here it is dealt out from each grouping anyway.
    if (transform instanceof Reshuffle || transform instanceof Reshuffle.ViaRandomKey) {
      pass(node);
      return CompositeBehavior.DO_NOT_ENTER_TRANSFORM;
    }
    return CompositeBehavior.ENTER_TRANSFORM;
  }

  @Override
  public void visitPrimitiveTransform(Node node) {
    PTransform<?, ?> transform = node.getTransform();
    if (transform instanceof Impulse) {
      steps.add(new Start(steps.size(), output(node)));
    } else if (transform instanceof ParDo.MultiOutput<?, ?> parDo && isPlain(parDo)) {
      Process step =
          new Process(steps.size(), node.getFullName(), parDo, input(node), node.getOutputs());
      add(step, step.input());
    } else if (transform instanceof GroupByKey) {
      add(new Group(steps.size(), input(node), output(node)), input(node));
    } else if (transform instanceof Flatten.PCollections
        || transform instanceof Window.Assign<?> assign
            && assign.getWindowFn() instanceof GlobalWindows) {
      pass(node);
    } else if (transform instanceof View.CreatePCollectionView<?, ?> create) {
      add(new Keep(steps.size(), create.getView()), input(node));
    } else {
      unknown = unknown == null ? node.getFullName() : unknown;
    }
  }

  @Override
  public void visitValue(PValue value, Node producer) {
    if (value instanceof PCollection<?> collection
        && !(collection.getWindowingStrategy().getWindowFn() instanceof GlobalWindows
            && collection.isBounded() == PCollection.IsBounded.BOUNDED)) {
      unknown = unknown == null ? producer.getFullName() : unknown;
    }
  }

  private static boolean isPlain(ParDo.MultiOutput<?, ?> parDo) {
    DoFnSignature signature = DoFnSignatures.getSignature(parDo.getFn().getClass());
    return !signature.isStateful()
        && !signature.processElement().isSplittable()
        && !signature.processElement().requiresTimeSortedInput()
        && signature.onWindowExpiration() == null;
  }

  private void pass(Node node) {
    Pass step = new Pass(steps.size(), output(node));
    steps.add(step);
    for (PCollection<?> input : node.getInputs().values()) {
      takers.computeIfAbsent(input, key -> new ArrayList<>()).add(step);
    }
  }

  private void add(LocalStep step, PCollection<?> input) {
    steps.add(step);
    takers.computeIfAbsent(input, key -> new ArrayList<>()).add(step);
  }

  private static PCollection<?> output(Node node) {
    return node.getOutputs().values().iterator().next();
  }

  /** The one input that is no side input. */
  private static PCollection<?> input(Node node) {
    Set<?> sides = node.getTransform().getAdditionalInputs().keySet();
    return node.getInputs().entrySet().stream()
        .filter(input -> !sides.contains(input.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }
}
