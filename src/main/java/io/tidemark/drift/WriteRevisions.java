package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.Wholeness;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Statistic;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.JsonLines;
import io.tidemark.store.ParquetFiles;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.RevisionFiles;
import io.tidemark.store.WindowFolders;
import io.tidemark.store.WriteByWindow;
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

/**
 * Judges a stream's windows and writes their statistics and findings as they come: a window's tests
 * are one element, so nothing has to be grouped, and each revision is written whole. Then tells
 * them as metrics. Emits the ends of the windows written.
 */
public final class WriteRevisions
    extends PTransform<PCollection<KV<WindowKey, WindowProfile>>, PCollection<Long>> {
  private static final long serialVersionUID = 1;

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
  public PCollection<Long> expand(PCollection<KV<WindowKey, WindowProfile>> windows) {
    SubjectMetrics subjects = ReportDriftFn.subjects(context.spec());
    return windows
        .apply("JudgeAndWrite", ParDo.of(new WriteFn(context, output, subjects)))
        .setCoder(
            KvCoder.of(
                StringUtf8Coder.of(),
                KvCoder.of(VarLongCoder.of(), ListCoder.of(RecordCoder.of(Finding.class)))))
        .apply("ReportDrift", ParDo.of(new ReportDriftFn(subjects)));
  }

  private static final class WriteFn
      extends DoFn<KV<WindowKey, WindowProfile>, KV<String, KV<Long, List<Finding>>>> {
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
    public void process(
        @Element KV<WindowKey, WindowProfile> window,
        OutputReceiver<KV<String, KV<Long, List<Finding>>>> out)
        throws IOException {
      if (tables == null) {
        tables = new WindowTables(context.get());
      }
      WindowKey key = window.getKey();
      WindowProfile profile = window.getValue();
      List<Statistic> statistics = WriteByWindow.sorted(tables.statistics(key, profile, true));
      List<Finding> found = tables.findings(key, profile, true);
      List<Finding> findings = WriteByWindow.sorted(found);
      write(
          "statistics",
          key,
          profile,
          ParquetFiles.bytes(Statistic.getClassSchema(), statistics),
          "parquet");
      write("findings", key, profile, JsonLines.of(findings), "jsonl");
      revisions.inc();
      for (Finding finding : findings) {
        if (finding.getAlarm()) {
          alarms.inc();
          subjects.alarm(finding.getSubject());
        }
      }
      MonitoringSpec spec = context.get().spec();
      long end = spec.window().endOf(key.start());
      out.output(KV.of(spec.model(), KV.of(end, ReportDriftFn.told(found, subjects))));
    }

    private void write(
        String table, WindowKey key, WindowProfile profile, byte[] content, String extension)
        throws IOException {
      String model = context.get().spec().model();
      String folder = WindowFolders.folder(output, table, model, key.start());
      RevisionFiles.write(folder, key.version(), profile.rows(), content, extension);
    }
  }
}
