package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.Wholeness;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.WindowRevisions;
import io.tidemark.telemetry.StreamMetric;
import io.tidemark.telemetry.SubjectMetrics;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
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
    extends PTransform<PCollection<KV<WindowKey, WindowProfile>>, PCollectionTuple> {
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
    Wholeness whole = new Wholeness(Long.MIN_VALUE, Long.MAX_VALUE);
    return new WriteRevisions(new DriftContext(spec, redaction, baselines, whole), output);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, WindowProfile>> windows) {
    SubjectMetrics subjects = ReportDriftFn.subjects(context.spec());
    PCollectionTuple written =
        windows.apply(
            "JudgeAndWrite",
            ParDo.of(new WriteFn(context, output, subjects))
                .withOutputTags(ALARMS, TupleTagList.of(TOLD)));
    written
        .get(TOLD)
        .setCoder(
            KvCoder.of(
                StringUtf8Coder.of(),
                KvCoder.of(VarLongCoder.of(), ListCoder.of(RecordCoder.of(Finding.class)))))
        .apply("ReportDrift", ParDo.of(new ReportDriftFn(subjects)));
    written
        .get(ALARMS)
        .setCoder(
            KvCoder.of(
                new WindowKey.KeyCoder(),
                KvCoder.of(VarLongCoder.of(), ListCoder.of(new Comparison.ComparisonCoder()))));
    return PCollectionTuple.of(ALARMS, written.get(ALARMS));
  }

  private static final class WriteFn
      extends DoFn<KV<WindowKey, WindowProfile>, KV<WindowKey, KV<Long, List<Comparison>>>> {
    private static final long serialVersionUID = 1;

    private final Shipped<DriftContext> context;
    private final String output;
    private final SubjectMetrics subjects;
    private final Counter revisions = StreamMetric.WINDOW_REVISIONS.counter();
    private final Counter alarms = StreamMetric.ALARMS.counter();

    private transient WindowTables tables;

    WriteFn(DriftContext context, String output, SubjectMetrics subjects) {
      this.context = Shipped.of(context);
      this.output = output;
      this.subjects = subjects;
    }

    @StartBundle
    public void start() {
      alarms.inc(0);
      subjects.begin();
    }

    @ProcessElement
    public void process(@Element KV<WindowKey, WindowProfile> window, MultiOutputReceiver out)
        throws IOException {
      if (tables == null) {
        tables = new WindowTables(context.get());
      }
      WindowKey key = window.getKey();
      WindowProfile profile = window.getValue();
      List<Comparison> comparisons = tables.comparisons(key, profile, true);
      List<Finding> found = comparisons.stream().map(Comparison::finding).toList();
      String model = context.get().spec().model();
      WindowRevisions.of(output, "statistics", model)
          .parquet(
              key.start(), key.version(), profile.rows(), tables.statistics(key, profile, true));
      WindowRevisions.of(output, "findings", model)
          .jsonLines(key.start(), key.version(), profile.rows(), found);
      revisions.inc();
      List<Comparison> rang =
          comparisons.stream().filter(each -> each.finding().getAlarm()).toList();
      for (Comparison each : rang) {
        alarms.inc();
        subjects.alarm(each.finding().getSubject());
      }
      out.get(ALARMS).output(KV.of(key, KV.of(profile.rows(), rang)));
      long end = context.get().spec().window().endOf(key.start());
      out.get(TOLD).output(KV.of(model, KV.of(end, ReportDriftFn.told(found, subjects))));
    }
  }
}
