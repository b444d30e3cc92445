package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.WindowRevisions;
import io.tidemark.telemetry.StreamMetric;
import io.tidemark.telemetry.SubjectMetrics;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Judges a stream's windows and writes their statistics and findings as they come: a window's tests
 * are one element, so nothing has to be grouped, and each revision is written whole. What rang in a
 * window is then under {@link #ALARMS}, by the window and with its revision, also where nothing
 * did: it takes the place of what rang before.
 */
public final class WriteRevisions
    extends PTransform<PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  private static final TupleTag<KV<String, KV<Long, List<Finding>>>> TOLD =
      new TupleTag<>("told") {};
  public static final TupleTag<KV<WindowKey, KV<Long, List<Comparison>>>> ALARMS =
      new TupleTag<>("alarms") {};

  private final transient DriftContext context;
  private final String output;

  private WriteRevisions(DriftContext context, String output) {
    this.context = context;
    this.output = output;
  }

  public static WriteRevisions of(
      MonitoringSpec spec, Redaction redaction, Baselines baselines, String output) {
    return new WriteRevisions(new DriftContext(spec, redaction, baselines), output);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> windows) {
    SubjectMetrics subjects = ReportDriftFn.subjects(context.spec());
    FindingsOut findings =
        new FindingsOut(output, context.spec().model(), context.spec().window(), subjects);
    MonitoringSpec spec = context.spec();
    PCollectionTuple written =
        DetectDrift.looksBack(spec.drift())
            ? windows
                .apply("JudgeAndWrite", ParDo.of(new StatisticsFn(context, output)))
                .setCoder(KvCoder.of(new WindowKey.KeyCoder(), LookBack.FOUND))
                .apply("LookBack", new LookBack(spec.drift().persistence(), spec.window()))
                .apply(
                    "WriteFindings",
                    ParDo.of(new FindingsFn(findings))
                        .withOutputTags(ALARMS, TupleTagList.of(TOLD)))
            : windows.apply(
                "JudgeAndWrite",
                ParDo.of(new WriteFn(context, output, findings))
                    .withOutputTags(ALARMS, TupleTagList.of(TOLD)));
    written
        .get(TOLD)
        .setCoder(
            KvCoder.of(
                StringUtf8Coder.of(),
                KvCoder.of(VarLongCoder.of(), ListCoder.of(RecordCoder.of(Finding.class)))))
        .apply("ReportDrift", ParDo.of(new ReportDriftFn(subjects)));
    written.get(ALARMS).setCoder(KvCoder.of(new WindowKey.KeyCoder(), LookBack.FOUND));
    return PCollectionTuple.of(ALARMS, written.get(ALARMS));
  }

  /** Writes a window's findings and says what rang. */
  private static final class FindingsOut implements Serializable {
    private static final long serialVersionUID = 1;

    private final String output;
    private final String model;
    private final WindowSpec window;
    private final SubjectMetrics subjects;
    private final Counter revisions = StreamMetric.WINDOW_REVISIONS.counter();
    private final Counter alarms = StreamMetric.ALARMS.counter();

    FindingsOut(String output, String model, WindowSpec window, SubjectMetrics subjects) {
      this.output = output;
      this.model = model;
      this.window = window;
      this.subjects = subjects;
    }

    void begin() {
      alarms.inc(0);
      subjects.begin();
    }

    void write(WindowKey key, long rows, List<Comparison> comparisons, MultiOutputReceiver out)
        throws IOException {
      List<Finding> found = comparisons.stream().map(Comparison::finding).toList();
      WindowRevisions.of(output, "findings", model)
          .jsonLines(key.start(), key.version(), rows, found);
      revisions.inc();
      List<Comparison> rang =
          comparisons.stream().filter(each -> each.finding().getAlarm()).toList();
      for (Comparison each : rang) {
        alarms.inc();
        subjects.alarm(each.finding().getSubject());
      }
      out.get(ALARMS).output(KV.of(key, KV.of(rows, rang)));
      long end = window.endOf(key.start());
      out.get(TOLD).output(KV.of(model, KV.of(end, ReportDriftFn.told(found, subjects))));
    }
  }

  /** Judges windows by themselves. Not thread-safe. */
  private static final class Judging {
    private final DriftContext context;
    private final String output;
    private final WindowTables tables;

    Judging(DriftContext context, String output) {
      this.context = context;
      this.output = output;
      this.tables = new WindowTables(context);
    }

    /** Writes a window's statistics and gives its comparisons. */
    List<Comparison> judge(WindowKey key, boolean complete, WindowProfile profile)
        throws IOException {
      WindowRevisions.of(output, "statistics", context.spec().model())
          .parquet(
              key.start(),
              key.version(),
              profile.rows(),
              tables.statistics(key, profile, complete));
      return tables.comparisons(key, profile, complete);
    }
  }

  /** Where a window's verdict is its own. */
  private static final class WriteFn
      extends DoFn<
          KV<WindowKey, KV<Boolean, WindowProfile>>, KV<WindowKey, KV<Long, List<Comparison>>>> {
    private static final long serialVersionUID = 1;

    private final Shipped<DriftContext> context;
    private final String output;
    private final FindingsOut findings;

    private transient Judging judging;

    WriteFn(DriftContext context, String output, FindingsOut findings) {
      this.context = Shipped.of(context);
      this.output = output;
      this.findings = findings;
    }

    @StartBundle
    public void start() {
      findings.begin();
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Boolean, WindowProfile>> window, MultiOutputReceiver out)
        throws IOException {
      if (judging == null) {
        judging = new Judging(context.get(), output);
      }
      WindowKey key = window.getKey();
      boolean complete = window.getValue().getKey();
      WindowProfile profile = window.getValue().getValue();
      findings.write(key, profile.rows(), judging.judge(key, complete, profile), out);
    }
  }

  /** Where it depends on the windows before. */
  private static final class StatisticsFn
      extends DoFn<
          KV<WindowKey, KV<Boolean, WindowProfile>>, KV<WindowKey, KV<Long, List<Comparison>>>> {
    private static final long serialVersionUID = 1;

    private final Shipped<DriftContext> context;
    private final String output;

    private transient Judging judging;

    StatisticsFn(DriftContext context, String output) {
      this.context = Shipped.of(context);
      this.output = output;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Boolean, WindowProfile>> window,
        OutputReceiver<KV<WindowKey, KV<Long, List<Comparison>>>> out)
        throws IOException {
      if (judging == null) {
        judging = new Judging(context.get(), output);
      }
      WindowKey key = window.getKey();
      boolean complete = window.getValue().getKey();
      WindowProfile profile = window.getValue().getValue();
      out.output(KV.of(key, KV.of(profile.rows(), judging.judge(key, complete, profile))));
    }
  }

  private static final class FindingsFn
      extends DoFn<
          KV<WindowKey, KV<Long, List<Comparison>>>, KV<WindowKey, KV<Long, List<Comparison>>>> {
    private static final long serialVersionUID = 1;

    private final FindingsOut findings;

    FindingsFn(FindingsOut findings) {
      this.findings = findings;
    }

    @StartBundle
    public void start() {
      findings.begin();
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Long, List<Comparison>>> window, MultiOutputReceiver out)
        throws IOException {
      findings.write(
          window.getKey(), window.getValue().getKey(), window.getValue().getValue(), out);
    }
  }
}
