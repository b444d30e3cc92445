package io.tidemark.retrain;

import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.joda.time.Instant;

/**
 * From the snapshots that are published to the models that are to be trained again.
 *
 * <p>What decides is read back from below the output, once it is written: in a bounded run when all
 * of it is, in a stream at an event time when nothing of the period changes any more. For that the
 * findings pass by here too: none is looked at, but no time passes before they have.
 */
public final class DecideRetraining
    extends PTransform<PCollection<KV<String, String>>, PCollection<Trigger>> {
  private static final long serialVersionUID = 1;

  private static final KvCoder<String, Long> PERIODS =
      KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of());

  private final transient Fleet<MonitoringSpec> specs;
  private final transient Fleet<WindowTiming> times;
  private final transient PCollectionList<Finding> behind;
  private final transient String output;

  private DecideRetraining(
      Fleet<MonitoringSpec> specs,
      Fleet<WindowTiming> times,
      PCollectionList<Finding> behind,
      String output) {
    this.specs = specs;
    this.times = times;
    this.behind = behind;
    this.output = output;
  }

  /**
   * Takes the paths of manifests that were published, by model.
   *
   * @param specs of the models that ask
   * @param times when nothing more can change a window of a stream
   * @param behind what rang, once all that was found beside it is written
   */
  public static DecideRetraining of(
      Fleet<MonitoringSpec> specs,
      Fleet<WindowTiming> times,
      PCollectionList<Finding> behind,
      String output) {
    return new DecideRetraining(specs, times, behind, output);
  }

  @Override
  public PCollection<Trigger> expand(PCollection<KV<String, String>> published) {
    PCollectionList<KV<String, Long>> all =
        PCollectionList.of(
            published.apply("PeriodsOfSnapshots", ParDo.of(new PeriodFn(specs))).setCoder(PERIODS));
    for (PCollection<Finding> each : behind.getAll()) {
      all = all.and(each.apply("PassBy" + all.size(), ParDo.of(new PassByFn())).setCoder(PERIODS));
    }
    PCollection<KV<String, Long>> periods = all.apply("Behind", Flatten.pCollections());
    Broadcast<Fleet<MonitoringSpec>> shipped = Broadcast.of(specs);
    return (published.isBounded() == IsBounded.BOUNDED
            ? periods
                .apply("GroupByModel", GroupByKey.create())
                .apply("JudgeAtEnd", ParDo.of(new AtEndFn(shipped, output)))
            : periods.apply("JudgeClosed", ParDo.of(new ClosedFn(shipped, times, output))))
        .setCoder(new Trigger.TriggerCoder());
  }

  private static final class PeriodFn extends DoFn<KV<String, String>, KV<String, Long>> {
    private static final long serialVersionUID = 1;

    private final Fleet<MonitoringSpec> specs;

    PeriodFn(Fleet<MonitoringSpec> specs) {
      this.specs = specs;
    }

    @ProcessElement
    public void process(
        @Element KV<String, String> manifest, OutputReceiver<KV<String, Long>> out) {
      if (specs.has(manifest.getKey())) {
        out.output(KV.of(manifest.getKey(), PublishedSnapshot.startOf(manifest.getValue())));
      }
    }
  }

  /** Emits nothing. */
  private static final class PassByFn extends DoFn<Finding, KV<String, Long>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Finding finding) {}
  }

  private static final class AtEndFn extends DoFn<KV<String, Iterable<Long>>, Trigger> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<MonitoringSpec>> specs;
    private final String output;

    AtEndFn(Broadcast<Fleet<MonitoringSpec>> specs, String output) {
      this.specs = specs;
      this.output = output;
    }

    @ProcessElement
    public void process(@Element KV<String, Iterable<Long>> periods, OutputReceiver<Trigger> out)
        throws IOException {
      long first = Long.MAX_VALUE;
      for (long start : periods.getValue()) {
        first = Math.min(first, start);
      }
      new JudgePeriods(specs.get().of(periods.getKey()), output)
          .judge(first, start -> true)
          .forEach(out::output);
    }
  }

  /**
   * Of a stream: a model's periods in the order of their times, each when its findings are final.
   * Those of sequential detectors are, once labels have settled, which may be after the snapshot.
   */
  static final class ClosedFn extends DoFn<KV<String, Long>, Trigger> {
    private static final long serialVersionUID = 1;

    /** What was found is revised a moment after the last rows and labels. */
    private static final org.joda.time.Duration MOMENT = org.joda.time.Duration.standardMinutes(1);

    /** Starts of periods that were published, and are not decided of yet. */
    @StateId("waiting")
    private final StateSpec<BagState<Long>> waitingSpec = StateSpecs.bag(VarLongCoder.of());

    /** When the timer is due, milliseconds. */
    @StateId("due")
    private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId("closed")
    private final TimerSpec closedSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private final Broadcast<Fleet<MonitoringSpec>> specs;
    private final Fleet<WindowTiming> times;
    private final String output;

    ClosedFn(Broadcast<Fleet<MonitoringSpec>> specs, Fleet<WindowTiming> times, String output) {
      this.specs = specs;
      this.times = times;
      this.output = output;
    }

    /** When all that was found in a period is final. */
    static Instant closes(MonitoringSpec spec, WindowTiming times, long period) {
      WindowSpec window = spec.window();
      long last = window.startOf(spec.period().endOf(period) - 1);
      long settled = WindowTiming.withoutLabels(window).settles(last);
      return WindowTiming.timer(Math.max(times.closed(last), settled)).plus(MOMENT);
    }

    @ProcessElement
    public void process(
        @Element KV<String, Long> period,
        @StateId("waiting") BagState<Long> waiting,
        @StateId("due") ValueState<Long> due,
        @TimerId("closed") Timer closed) {
      String model = period.getKey();
      waiting.add(period.getValue());
      wake(closes(specs.get().of(model), times.of(model), period.getValue()), due, closed);
    }

    private static void wake(Instant time, ValueState<Long> due, Timer closed) {
      Long before = due.read();
      if (before == null || time.getMillis() < before) {
        due.write(time.getMillis());
        closed.set(time);
      }
    }

    @OnTimer("closed")
    public void closed(
        OnTimerContext context,
        @Key String model,
        @StateId("waiting") BagState<Long> waiting,
        @StateId("due") ValueState<Long> due,
        @TimerId("closed") Timer closed,
        OutputReceiver<Trigger> out)
        throws IOException {
      due.clear();
      MonitoringSpec spec = specs.get().find(model).orElse(null);
      if (spec == null) { // it has left, or asks no more
        waiting.clear();
        return;
      }
      WindowTiming own = times.of(model);
      Instant now = context.fireTimestamp();
      long first = Long.MAX_VALUE;
      java.util.TreeSet<Long> later = new java.util.TreeSet<>();
      for (long start : waiting.read()) {
        if (closes(spec, own, start).isAfter(now)) {
          later.add(start);
        } else {
          first = Math.min(first, start);
        }
      }
      waiting.clear();
      later.forEach(waiting::add);
      for (long start : later) {
        wake(closes(spec, own, start), due, closed);
      }
      if (first < Long.MAX_VALUE) {
        new JudgePeriods(spec, output)
            .judge(first, start -> !closes(spec, own, start).isAfter(now))
            .forEach(out::output);
      }
    }
  }
}
