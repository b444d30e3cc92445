package io.tidemark.local;

import io.tidemark.local.LocalStep.Group;
import io.tidemark.local.LocalStep.Process;
import io.tidemark.local.LocalStep.Read;
import io.tidemark.local.LocalStep.Start;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;

/**
 * One run of a plan, stage by stage. A stage begins with what is read, with the groups of a
 * GroupByKey, or with what has waited for side inputs; its elements are dealt out to the threads
 * one by one, and each thread takes them through all steps up to where they are grouped or wait.
 */
final class LocalRun implements AutoCloseable {
  private final LocalPlan plan;
  private final PipelineOptions options;
  private final int threads;
  private final ExecutorService pool;
  private final SideInputs sideInputs = new SideInputs();

  /** By the number of the step that takes them. */
  private final Map<Integer, Grouped> groups = new ConcurrentHashMap<>();

  private final Map<Integer, Collected> waiting = new ConcurrentHashMap<>();

  LocalRun(LocalPlan plan, PipelineOptions options, int threads) {
    this.plan = plan;
    this.options = options;
    this.threads = threads;
    this.pool =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "local-runner");
              thread.setDaemon(true);
              return thread;
            });
  }

  LocalPlan plan() {
    return plan;
  }

  PipelineOptions options() {
    return options;
  }

  SideInputs sideInputs() {
    return sideInputs;
  }

  Grouped groups(Group step) {
    return groups.computeIfAbsent(step.number(), key -> new Grouped(step.input()));
  }

  Collected waiting(Process step) {
    return waiting.computeIfAbsent(step.number(), key -> new Collected());
  }

  void run() {
    for (LocalStep step : plan.steps()) {
      if (step instanceof Start start) {
        stage(
            List.of(WindowedValues.valueInGlobalWindow(new byte[0])),
            bundle -> bundle.receiver(start.output()));
      } else if (step instanceof Read read) {
        stage(elements(read.source()), bundle -> bundle.receiver(read.output()));
      } else if (step instanceof Group group) {
        stage(groups(group).take(), bundle -> bundle.receiver(group.output()));
        groups.remove(group.number());
      } else if (step instanceof Process process && process.waits()) {
        stage(waiting(process).take(), bundle -> bundle.receiver(process));
        waiting.remove(process.number());
      }
    }
  }

  private <T> List<WindowedValue<?>> elements(BoundedSource<T> source) {
    List<WindowedValue<?>> elements = new ArrayList<>();
    try (BoundedSource.BoundedReader<T> reader = source.createReader(options)) {
      for (boolean more = reader.start(); more; more = reader.advance()) {
        elements.add(
            WindowedValues.timestampedValueInGlobalWindow(
                reader.getCurrent(), reader.getCurrentTimestamp()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return elements;
  }

  private void stage(
      List<WindowedValue<?>> elements, Function<Bundle, Consumer<WindowedValue<?>>> first) {
    if (elements.isEmpty()) {
      return; // as on every runner: no element, no bundle
    }
    Stage stage = new Stage(new ArrayList<>(elements), first);
    int parts = Math.min(threads, elements.size());
    if (parts == 1) {
      stage.part();
      return;
    }
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      running.add(pool.submit(stage::part));
    }
    Throwable failure = null;
    for (Future<?> part : running) {
      try {
        part.get();
      } catch (ExecutionException e) {
        failure = failure == null ? e.getCause() : failure;
      } catch (InterruptedException e) {
        stage.failed.set(true);
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the run was interrupted", e);
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception; // a part throws no other
    }
  }

  private final class Stage {
    private final List<WindowedValue<?>> elements;
    private final Function<Bundle, Consumer<WindowedValue<?>>> first;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();

    Stage(List<WindowedValue<?>> elements, Function<Bundle, Consumer<WindowedValue<?>>> first) {
      this.elements = elements;
      this.first = first;
    }

    /** One thread's share. */
    void part() {
      int i = next.getAndIncrement();
      if (i >= elements.size()) {
        return; // the others were faster
      }
      Bundle bundle = new Bundle(LocalRun.this);
      boolean done = false;
      try {
        Consumer<WindowedValue<?>> receiver = first.apply(bundle);
        for (; i < elements.size() && !failed.get(); i = next.getAndIncrement()) {
          // What a group holds may be much: nobody needs it twice.
          receiver.accept(elements.set(i, null));
        }
        bundle.finish();
        done = true;
      } finally {
        if (!done) {
          failed.set(true);
        }
        bundle.close();
      }
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
