package io.tidemark.local;

import io.tidemark.local.LocalStep.Group;
import io.tidemark.local.LocalStep.Keep;
import io.tidemark.local.LocalStep.Pass;
import io.tidemark.local.LocalStep.Process;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.runners.core.DoFnRunner;
import org.apache.beam.runners.core.DoFnRunners;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.StepContext;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.util.WindowedValueMultiReceiver;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;

/**
 * One thread's part of a fused stage: from what its first step takes to what has to be grouped or
 * to wait. Every ParDo in it is an instance of this thread's own.
 */
final class Bundle {
  private final LocalRun run;

  /** By the steps' numbers: whatever gives ends before whatever takes. */
  private final Map<Integer, Started> started = new TreeMap<>();

  private final Map<PCollection<?>, Consumer<WindowedValue<?>>> receivers = new HashMap<>();

  private record Started(DoFn<?, ?> fn, DoFnRunner<Object, Object> runner) {}

  private static final StepContext STATELESS =
      new StepContext() {
        @Override
        public StateInternals stateInternals() {
          throw new UnsupportedOperationException("state is the direct runner's");
        }

        @Override
        public TimerInternals timerInternals() {
          throw new UnsupportedOperationException("timers are the direct runner's");
        }
      };

  Bundle(LocalRun run) {
    this.run = run;
  }

  /** Takes the elements of a collection to all that need not wait. */
  Consumer<WindowedValue<?>> receiver(PCollection<?> collection) {
    Consumer<WindowedValue<?>> known = receivers.get(collection);
    if (known != null) {
      return known;
    }
    List<Consumer<WindowedValue<?>>> all = new ArrayList<>();
    for (LocalStep taker : run.plan().takers(collection)) {
      if (taker instanceof Process step) {
        all.add(step.waits() ? run.waiting(step)::add : receiver(step));
      } else if (taker instanceof Group step) {
        all.add(run.groups(step)::add);
      } else if (taker instanceof Keep step) {
        all.add(element -> run.sideInputs().keep(step.view(), element));
      } else if (taker instanceof Pass step) {
        all.add(receiver(step.output()));
      }
    }
    Consumer<WindowedValue<?>> receiver =
        all.size() == 1
            ? all.get(0)
            : element -> {
              for (Consumer<WindowedValue<?>> each : all) {
                each.accept(element);
              }
            };
    receivers.put(collection, receiver);
    return receiver;
  }

  /** Takes the elements of a ParDo's input to it. */
  @SuppressWarnings("unchecked") // a ParDo's input is of the type that it takes
  Consumer<WindowedValue<?>> receiver(Process step) {
    Map<TupleTag<?>, Consumer<WindowedValue<?>>> outputs = new HashMap<>();
    step.outputs().forEach((tag, collection) -> outputs.put(tag, receiver(collection)));
    DoFnRunner<Object, Object> runner =
        start(
            step,
            (ParDo.MultiOutput<Object, Object>) step.parDo(),
            new WindowedValueMultiReceiver() {
              @Override
              public <T> void output(TupleTag<T> tag, WindowedValue<T> element) {
                Consumer<WindowedValue<?>> receiver = outputs.get(tag);
                if (receiver != null) {
                  receiver.accept(element);
                }
              }
            });
    return element -> runner.processElement((WindowedValue<Object>) element);
  }

  @SuppressWarnings("unchecked")
  private DoFnRunner<Object, Object> start(
      Process step, ParDo.MultiOutput<Object, Object> parDo, WindowedValueMultiReceiver outputs) {
    Map<TupleTag<?>, Coder<?>> coders = new HashMap<>();
    step.outputs().forEach((tag, collection) -> coders.put(tag, collection.getCoder()));
    PCollection<Object> input = (PCollection<Object>) step.input();
    DoFn<Object, Object> fn = SerializableUtils.clone(parDo.getFn());
    DoFnInvokers.tryInvokeSetupFor(fn, run.options());
    DoFnRunner<Object, Object> runner =
        DoFnRunners.simpleRunner(
            run.options(),
            fn,
            run.sideInputs(),
            outputs,
            parDo.getMainOutputTag(),
            parDo.getAdditionalOutputTags().getAll(),
            STATELESS,
            input.getCoder(),
            coders,
            input.getWindowingStrategy(),
            ParDo.getDoFnSchemaInformation(parDo.getFn(), input),
            parDo.getSideInputs());
    started.put(step.number(), new Started(fn, runner));
    runner.startBundle();
    return runner;
  }

  /** Ends every ParDo's bundle; what they still give goes where their elements went. */
  void finish() {
    for (Started each : started.values()) {
      each.runner().finishBundle();
    }
  }

  /** Lets go of every ParDo, whether or not it has come to its end. */
  void close() {
    for (Started each : started.values()) {
      DoFnInvokers.invokerFor(each.fn()).invokeTeardown();
    }
  }
}
