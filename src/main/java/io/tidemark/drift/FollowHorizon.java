package io.tidemark.drift;

import io.tidemark.event.MergeStates;
import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.event.StreamTimes;
import io.tidemark.event.WindowPhase;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.WindowRevisions;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * A stream's longer windows: merged from the spec's windows, judged and written when they end and
 * again when one of their windows has changed, as {@link DetectDriftOver} does of a run. Emits what
 * rang.
 */
public final class FollowHorizon
    extends PTransform<
        PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>>, PCollection<Finding>> {
  private static final long serialVersionUID = 1;

  private final transient DriftContext context;
  private final transient WindowSpec window;
  private final transient WindowProfileCoder coder;
  private final transient String output;

  private FollowHorizon(
      DriftContext context, WindowSpec window, WindowProfileCoder coder, String output) {
    this.context = context;
    this.window = window;
    this.coder = coder;
    this.output = output;
  }

  /**
   * @param horizon a whole multiple of the spec's window
   * @param baselines as for {@link DetectDrift}: their windows are merged here
   */
  public static FollowHorizon of(
      WindowSpec horizon,
      MonitoringSpec spec,
      Redaction redaction,
      Baselines baselines,
      WindowProfileCoder coder,
      String output) {
    DriftContext context = new DriftContext(spec.over(horizon), redaction, baselines.over(horizon));
    return new FollowHorizon(context, spec.window(), coder, output);
  }

  @Override
  public PCollection<Finding> expand(
      PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> windows) {
    return windows
        .apply("HorizonOfWindow", ParDo.of(new PackFn(context.spec().window(), coder)))
        .setCoder(KvCoder.of(new WindowKey.KeyCoder(), KvCoder.of(VarLongCoder.of(), PACKED)))
        .apply(
            "MergeJudgeAndWrite", ParDo.of(new MergeFn(Shipped.of(context), window, coder, output)))
        .setCoder(RecordCoder.of(Finding.class));
  }

  /** A window's rows, whether it is complete, and its profile. */
  private static final KvCoder<Long, KV<Boolean, byte[]>> PACKED =
      KvCoder.of(VarLongCoder.of(), KvCoder.of(BooleanCoder.of(), ByteArrayCoder.of()));

  private static final class PackFn
      extends DoFn<
          KV<WindowKey, KV<Boolean, WindowProfile>>,
          KV<WindowKey, KV<Long, KV<Long, KV<Boolean, byte[]>>>>> {
    private static final long serialVersionUID = 1;

    private final WindowSpec horizon;
    private final WindowProfileCoder coder;

    PackFn(WindowSpec horizon, WindowProfileCoder coder) {
      this.horizon = horizon;
      this.coder = coder;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Boolean, WindowProfile>> window,
        OutputReceiver<KV<WindowKey, KV<Long, KV<Long, KV<Boolean, byte[]>>>>> out) {
      WindowKey key = window.getKey();
      boolean complete = window.getValue().getKey();
      WindowProfile profile = window.getValue().getValue();
      out.output(
          KV.of(
              new WindowKey(key.version(), horizon.startOf(key.start())),
              KV.of(
                  key.start(),
                  KV.of(profile.rows(), KV.of(complete, MergeStates.pack(coder, profile))))));
    }
  }

  private static final class MergeFn
      extends DoFn<KV<WindowKey, KV<Long, KV<Long, KV<Boolean, byte[]>>>>, Finding> {
    private static final long serialVersionUID = 1;

    @StateId("windows")
    private final StateSpec<MapState<Long, KV<Long, KV<Boolean, byte[]>>>> windowsSpec =
        StateSpecs.map(VarLongCoder.of(), PACKED);

    @StateId("phase")
    private final StateSpec<ValueState<Integer>> phaseSpec = StateSpecs.value(VarIntCoder.of());

    @TimerId("window")
    private final TimerSpec windowSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    @TimerId("revise")
    private final TimerSpec reviseSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private final Counter alarms = StreamMetric.ALARMS.counter();
    private final Shipped<DriftContext> context;
    private final WindowSpec window;
    private final WindowProfileCoder coder;
    private final String output;
    private final StreamTimes times;

    private transient WindowTables tables;

    MergeFn(
        Shipped<DriftContext> context, WindowSpec window, WindowProfileCoder coder, String output) {
      this.context = context;
      this.window = window;
      this.coder = coder;
      this.output = output;
      this.times = StreamTimes.withoutLabels(context.get().spec().window());
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Long, KV<Long, KV<Boolean, byte[]>>>> part,
        @StateId("windows") MapState<Long, KV<Long, KV<Boolean, byte[]>>> windows,
        @StateId("phase") ValueState<Integer> phase,
        @TimerId("window") Timer windowTimer,
        @TimerId("revise") Timer revise) {
      long start = part.getValue().getKey();
      KV<Long, KV<Boolean, byte[]>> profile = part.getValue().getValue();
      KV<Long, KV<Boolean, byte[]>> before = windows.get(start).read();
      // A window that is filled in may come after its first rows.
      if (before == null || before.getKey() <= profile.getKey()) {
        windows.put(start, profile);
        WindowPhase.of(phase).element(phase, times, part.getKey().start(), windowTimer, revise);
      }
    }

    @OnTimer("window")
    public void windowTimer(
        @Key WindowKey key,
        @StateId("windows") MapState<Long, KV<Long, KV<Boolean, byte[]>>> windows,
        @StateId("phase") ValueState<Integer> phase,
        @TimerId("window") Timer windowTimer,
        OutputReceiver<Finding> out)
        throws IOException {
      WindowPhase now = WindowPhase.of(phase);
      boolean complete = now.outputs() && write(key, windows, out);
      if (now.ends(phase, times, key.start(), windowTimer)) {
        end(complete || complete(key.start(), windows), windows, phase);
      }
    }

    @OnTimer("revise")
    public void revise(
        @Key WindowKey key,
        @StateId("windows") MapState<Long, KV<Long, KV<Boolean, byte[]>>> windows,
        @StateId("phase") ValueState<Integer> phase,
        OutputReceiver<Finding> out)
        throws IOException {
      WindowPhase now = WindowPhase.of(phase);
      if (now.revises(phase)) {
        write(key, windows, out);
      } else if (now.revisesClosed()) {
        end(write(key, windows, out), windows, phase);
      }
    }

    /**
     * Windows that had no rows are filled in once a later one has some, which may be long after the
     * horizon's window has closed, and a last window is complete once there is a later one: what
     * has gaps waits for that.
     */
    private static void end(
        boolean complete,
        MapState<Long, KV<Long, KV<Boolean, byte[]>>> windows,
        ValueState<Integer> phase) {
      if (complete) {
        windows.clear();
        phase.clear();
      } else {
        WindowPhase.lingers(phase);
      }
    }

    /** Whether all windows are there, and nothing of them is cut off. */
    private boolean complete(long start, MapState<Long, KV<Long, KV<Boolean, byte[]>>> windows) {
      int count = 0;
      for (KV<Long, KV<Boolean, byte[]>> each : windows.values().read()) {
        count += each.getValue().getKey() ? 1 : 0;
      }
      return count == windowsOf(start);
    }

    private int windowsOf(long start) {
      int count = 0;
      long end = times.window().endOf(start);
      for (long at = start; at < end; at = window.endOf(at)) {
        count++;
      }
      return count;
    }

    /** Whether that is final: all windows were there, and complete. */
    private boolean write(
        WindowKey key,
        MapState<Long, KV<Long, KV<Boolean, byte[]>>> windows,
        OutputReceiver<Finding> out)
        throws IOException {
      if (tables == null) {
        tables = new WindowTables(context.get());
      }
      TreeMap<Long, byte[]> inOrder = new TreeMap<>();
      for (Map.Entry<Long, KV<Long, KV<Boolean, byte[]>>> each : windows.entries().read()) {
        inOrder.put(each.getKey(), each.getValue().getValue().getValue());
      }
      WindowProfile merged = null;
      for (byte[] packed : inOrder.values()) {
        WindowProfile profile = MergeStates.unpack(coder, packed);
        merged = merged == null ? profile : merged.merge(profile);
      }
      boolean complete = complete(key.start(), windows);
      List<Comparison> comparisons = tables.comparisons(key, merged, complete);
      List<Finding> found = comparisons.stream().map(Comparison::finding).toList();
      String model = context.get().spec().model();
      String size = times.window().size();
      WindowRevisions.of(output, "statistics", model)
          .ofHorizon(size)
          .parquet(
              key.start(), key.version(), merged.rows(), tables.statistics(key, merged, complete));
      WindowRevisions.of(output, "findings", model)
          .ofHorizon(size)
          .jsonLines(key.start(), key.version(), merged.rows(), found);
      for (Finding finding : found) {
        if (finding.getAlarm()) {
          alarms.inc();
          out.output(finding);
        }
      }
      return complete;
    }
  }
}
