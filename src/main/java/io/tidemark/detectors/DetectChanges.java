package io.tidemark.detectors;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.DetectorState;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Shows each model version's labelled outcomes, as an {@link OutcomeAggregator} gathers them, to
 * the detectors of the spec: once each, in the order of (label time, event time, id). Detectors go
 * on from where the run before left them, by the time of its end; batch runs and streams leave the
 * same states and go on from each other's. Emits a finding a (window, detector), or one an alarm
 * where there were some; a finding belongs to the window in which the label came. In a stream they
 * come when the window is settled; see {@link RunSettledFn}.
 */
public final class DetectChanges
    extends PTransform<
        PCollection<KV<ModelVersion, byte[]>>, PCollection<WindowRevision<List<Finding>>>> {
  private static final long serialVersionUID = 1;

  private final transient Fleet<Context> contexts;

  /** What the workers need of a model. */
  record Context(RunDetectors show, DetectorStates states) implements Serializable {}

  private DetectChanges(Fleet<Context> contexts) {
    this.contexts = contexts;
  }

  /**
   * @param specs of the models that have detectors
   * @param from lower bound of a bounded run, {@link Long#MIN_VALUE} for none: it begins with the
   *     window of its first label
   * @param to upper bound of a bounded run, {@link Long#MAX_VALUE} for none: it ends with the
   *     window of its last label
   * @param output where states are read and written
   */
  public static DetectChanges with(
      Fleet<MonitoringSpec> specs, Fleet<Redaction> redactions, long from, long to, String output) {
    return new DetectChanges(
        specs.map(
            spec ->
                new Context(
                    RunDetectors.of(spec, redactions.of(spec.model()), from, to),
                    new DetectorStates(output, spec.model()))));
  }

  @Override
  public PCollection<WindowRevision<List<Finding>>> expand(
      PCollection<KV<ModelVersion, byte[]>> outcomes) {
    Broadcast<Fleet<Context>> shipped = Broadcast.of(contexts);
    PCollection<WindowRevision<List<Finding>>> changes =
        outcomes.isBounded() == PCollection.IsBounded.BOUNDED
            ? outcomes
                .apply("GroupByVersion", GroupByKey.create())
                .apply("ShowOutcomes", ParDo.of(new WatchFn(shipped)))
            : outcomes.apply("ShowSettled", ParDo.of(new RunSettledFn(shipped)));
    return changes.setCoder(WindowRevision.coder(ListCoder.of(RecordCoder.of(Finding.class))));
  }

  private static final class WatchFn
      extends DoFn<KV<ModelVersion, Iterable<byte[]>>, WindowRevision<List<Finding>>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<Context>> contexts;

    WatchFn(Broadcast<Fleet<Context>> contexts) {
      this.contexts = contexts;
    }

    @ProcessElement
    public void process(
        @Element KV<ModelVersion, Iterable<byte[]>> group,
        OutputReceiver<WindowRevision<List<Finding>>> out)
        throws IOException {
      ModelVersion own = group.getKey();
      String version = own.version();
      Context shipped = contexts.get().of(own.model());
      OutcomeLog log = new OutcomeLog();
      for (byte[] packed : group.getValue()) {
        log.merge(MergeStates.unpack(new OutcomeLogCoder(), packed));
      }
      int[] order = log.order();
      if (order.length == 0) {
        return;
      }
      RunDetectors show = shipped.show();
      WindowSpec window = show.spec().window();
      long first = window.startOf(log.labelTime(order[0]));
      long end = window.endOf(window.startOf(log.labelTime(order[order.length - 1])));
      Optional<DetectorState> before =
          shipped.states().latest(version, show.from() == Long.MIN_VALUE ? first : show.from());
      long next = before.map(DetectorState::getOutcomes).orElse(0L);
      List<DetectorRun> watches =
          show.watches(before.map(DetectorState::getDetectors).orElse(List.of()), next);
      ArrayDeque<DetectorState> between = new ArrayDeque<>();
      TreeMap<Long, List<Finding>> windows = new TreeMap<>();
      next =
          show.show(
              log,
              version,
              watches,
              next,
              between,
              finding ->
                  windows
                      .computeIfAbsent(
                          WindowSpec.micros(finding.getWindowStart()), start -> new ArrayList<>())
                      .add(finding));
      for (Map.Entry<Long, List<Finding>> each : windows.entrySet()) {
        WindowKey key = own.window(each.getKey());
        out.output(
            new WindowRevision<>(key, each.getValue().get(0).getRevision(), true, each.getValue()));
      }
      for (DetectorState state : between) {
        shipped.states().write(state);
      }
      long at = show.to() == Long.MAX_VALUE ? end : show.to();
      shipped.states().write(show.state(version, watches, next, at));
    }
  }
}
