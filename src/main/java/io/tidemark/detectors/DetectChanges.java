package io.tidemark.detectors;

import io.tidemark.event.MergeStates;
import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.schema.DetectorState;
import io.tidemark.schema.Finding;
import io.tidemark.schema.OneDetector;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.DetectorMethod;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Shows each model version's labelled outcomes, as an {@link OutcomeFold} gathers them, to the
 * detectors of the spec: once each, in the order of (label time, event time, id). Detectors go on
 * from where the run before left them, by the time of its end. Emits a finding a (window,
 * detector), or one an alarm where there were some; a finding belongs to the window in which the
 * label came.
 */
public final class DetectChanges
    extends PTransform<PCollection<KV<String, byte[]>>, PCollection<KV<Long, Finding>>> {
  private static final long serialVersionUID = 1;

  private final transient Context context;

  /** What the workers need. */
  private record Context(
      MonitoringSpec spec,
      Redaction redaction,
      List<DetectorMethod> methods,
      DetectorStates states,
      long from,
      long to)
      implements Serializable {}

  private DetectChanges(Context context) {
    this.context = context;
  }

  /**
   * @param methods in the order of the spec
   * @param from lower bound of the run, {@link Long#MIN_VALUE} for none: it begins with the window
   *     of its first label
   * @param to upper bound of the run, {@link Long#MAX_VALUE} for none: it ends with the window of
   *     its last label
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
    return new DetectChanges(
        new Context(spec, redaction, new ArrayList<>(methods), states, from, to));
  }

  @Override
  public PCollection<KV<Long, Finding>> expand(PCollection<KV<String, byte[]>> outcomes) {
    return outcomes
        .apply("GroupByVersion", GroupByKey.create())
        .apply("ShowOutcomes", ParDo.of(new WatchFn(Shipped.of(context))))
        .setCoder(KvCoder.of(VarLongCoder.of(), RecordCoder.of(Finding.class)));
  }

  /**
   * Labels reach beyond the events of a run, so the next may begin before this one's last label: it
   * goes on from the end of the window before its own, one of so many that are kept.
   */
  private static final int KEPT_BETWEEN = 100;

  private static final class WatchFn extends DoFn<KV<String, Iterable<byte[]>>, KV<Long, Finding>> {
    private static final long serialVersionUID = 1;

    private final Shipped<Context> context;

    WatchFn(Shipped<Context> context) {
      this.context = context;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<byte[]>> version, OutputReceiver<KV<Long, Finding>> out)
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
      WindowSpec window = shipped.spec().window();
      long first = window.startOf(log.labelTime(order[0]));
      long end = window.endOf(window.startOf(log.labelTime(order[order.length - 1])));
      Optional<DetectorState> before =
          shipped
              .states()
              .latest(version.getKey(), shipped.from() == Long.MIN_VALUE ? first : shipped.from());
      long next = before.map(DetectorState::getOutcomes).orElse(0L);
      List<Watch> watches = new ArrayList<>();
      for (DetectorMethod method : shipped.methods()) {
        watches.add(Watch.resume(method, stored(before, method), next));
      }
      ArrayDeque<DetectorState> between = new ArrayDeque<>();
      next = show(log, order, version.getKey(), watches, next, shipped, between, out);
      for (DetectorState state : between) {
        shipped.states().write(state);
      }
      long at = shipped.to() == Long.MAX_VALUE ? end : shipped.to();
      shipped.states().write(state(version.getKey(), watches, next, at, shipped));
    }

    private static OneDetector stored(Optional<DetectorState> before, DetectorMethod method) {
      return before.stream()
          .flatMap(state -> state.getDetectors().stream())
          .filter(one -> one.getMethod().equals(method.id()))
          .findFirst()
          .orElse(null);
    }

    private static long show(
        OutcomeLog log,
        int[] order,
        String version,
        List<Watch> watches,
        long first,
        Context context,
        ArrayDeque<DetectorState> between,
        OutputReceiver<KV<Long, Finding>> out)
        throws IOException {
      WindowSpec window = context.spec().window();
      long next = first;
      ChangeFindings findings = null;
      for (int i : order) {
        long start = window.startOf(log.labelTime(i));
        if (findings == null || findings.windowStart() != start) {
          emit(findings, watches, next, out);
          if (findings != null) {
            long at = window.endOf(findings.windowStart());
            between.add(state(version, watches, next, at, context));
            if (between.size() > KEPT_BETWEEN) {
              between.remove();
            }
          }
          boolean complete = start >= context.from() && window.endOf(start) <= context.to();
          findings =
              new ChangeFindings(context.spec(), context.redaction(), version, start, complete);
        }
        findings.count();
        next++;
        for (Watch watch : watches) {
          if (watch.rings(log.error(i))) {
            findings.alarm(watch, next, log.eventTime(i), log.name(i));
            watch.restart(next);
          }
        }
      }
      emit(findings, watches, next, out);
      return next;
    }

    private static void emit(
        ChangeFindings findings,
        List<Watch> watches,
        long next,
        OutputReceiver<KV<Long, Finding>> out) {
      if (findings != null) {
        long start = findings.windowStart();
        findings.finish(watches, next).forEach(finding -> out.output(KV.of(start, finding)));
      }
    }

    private static DetectorState state(
        String version, List<Watch> watches, long next, long at, Context context)
        throws IOException {
      List<OneDetector> detectors = new ArrayList<>();
      for (Watch watch : watches) {
        detectors.add(watch.store());
      }
      return new DetectorState(
          DetectorStates.FORMAT,
          context.spec().model(),
          version,
          WindowSpec.instant(at),
          next,
          detectors);
    }
  }
}
