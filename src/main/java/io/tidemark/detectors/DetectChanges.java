package io.tidemark.detectors;

import io.tidemark.event.Broadcast;
import io.tidemark.event.MergeStates;
import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.DetectorState;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.DetectorMethod;
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
        PCollection<KV<String, byte[]>>, PCollection<WindowRevision<List<Finding>>>> {
  private static final long serialVersionUID = 1;

  private final transient Context context;

  /** What the workers need. */
  record Context(RunDetectors show, DetectorStates states) implements Serializable {}

  private DetectChanges(Context context) {
    this.context = context;
  }

  /**
   * @param methods in the order of the spec
   * @param from lower bound of a bounded run, {@link Long#MIN_VALUE} for none: it begins with the
   *     window of its first label
   * @param to upper bound of a bounded run, {@link Long#MAX_VALUE} for none: it ends with the
   *     window of its last label
   * @param output where states are read and written
   */
  public static DetectChanges with(
      MonitoringSpec spec,
      Redaction redaction,
      List<DetectorMethod> methods,
      long from,
      long to,
      String output) {
    DetectorStates states = new DetectorStates(output, spec.model());
    RunDetectors show = new RunDetectors(spec, redaction, new ArrayList<>(methods), from, to);
    return new DetectChanges(new Context(show, states));
  }

  @Override
  public PCollection<WindowRevision<List<Finding>>> expand(
      PCollection<KV<String, byte[]>> outcomes) {
    Broadcast<Context> shipped = Broadcast.of(context);
    PCollection<WindowRevision<List<Finding>>> changes =
        outcomes.isBounded() == PCollection.IsBounded.BOUNDED
            ? outcomes
                .apply("GroupByVersion", GroupByKey.create())
                .apply("ShowOutcomes", ParDo.of(new WatchFn(shipped)))
            : outcomes.apply(
                "ShowSettled", ParDo.of(new RunSettledFn(shipped, context.show().spec().window())));
    return changes.setCoder(WindowRevision.coder(ListCoder.of(RecordCoder.of(Finding.class))));
  }

  private static final class WatchFn
      extends DoFn<KV<String, Iterable<byte[]>>, WindowRevision<List<Finding>>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Context> context;

    WatchFn(Broadcast<Context> context) {
      this.context = context;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<byte[]>> version,
        OutputReceiver<WindowRevision<List<Finding>>> out)
        throws IOException {
      Context shipped = context.get();
      OutcomeLog log = new OutcomeLog();
      for (byte[] packed : version.getValue()) {
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
          shipped
              .states()
              .latest(version.getKey(), show.from() == Long.MIN_VALUE ? first : show.from());
      long next = before.map(DetectorState::getOutcomes).orElse(0L);
      List<DetectorRun> watches =
          show.watches(before.map(DetectorState::getDetectors).orElse(List.of()), next);
      ArrayDeque<DetectorState> between = new ArrayDeque<>();
      TreeMap<Long, List<Finding>> windows = new TreeMap<>();
      next =
          show.show(
              log,
              version.getKey(),
              watches,
              next,
              between,
              finding ->
                  windows
                      .computeIfAbsent(
                          WindowSpec.micros(finding.getWindowStart()), start -> new ArrayList<>())
                      .add(finding));
      for (Map.Entry<Long, List<Finding>> each : windows.entrySet()) {
        WindowKey key = new WindowKey(version.getKey(), each.getKey());
        out.output(
            new WindowRevision<>(key, each.getValue().get(0).getRevision(), true, each.getValue()));
      }
      for (DetectorState state : between) {
        shipped.states().write(state);
      }
      long at = show.to() == Long.MAX_VALUE ? end : show.to();
      shipped.states().write(show.state(version.getKey(), watches, next, at));
    }
  }
}
