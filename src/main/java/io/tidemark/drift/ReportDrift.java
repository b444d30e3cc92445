package io.tidemark.drift;

import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.Finding;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.StreamMetric;
import io.tidemark.telemetry.SubjectMetrics;
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
 * Tells what was found in a stream's windows as metrics: each revision and alarm as a count, the
 * distances of the latest window as gauges. Emits the ends of the windows that came.
 */
public final class ReportDrift
    extends PTransform<PCollection<WindowRevision<List<Comparison>>>, PCollection<Long>> {
  private static final long serialVersionUID = 1;

  private final MonitoringSpec spec;

  private ReportDrift(MonitoringSpec spec) {
    this.spec = spec;
  }

  public static ReportDrift of(MonitoringSpec spec) {
    return new ReportDrift(spec);
  }

  @Override
  public PCollection<Long> expand(PCollection<WindowRevision<List<Comparison>>> windows) {
    SubjectMetrics subjects = SubjectMetrics.of(spec.fields().stream().map(Field::name).toList());
    return windows
        .apply("ToTell", ParDo.of(new TellFn(spec.model(), spec.window(), subjects)))
        .setCoder(
            KvCoder.of(
                StringUtf8Coder.of(),
                KvCoder.of(VarLongCoder.of(), ListCoder.of(RecordCoder.of(Finding.class)))))
        .apply("TellLatest", ParDo.of(new ReportDriftFn(subjects)));
  }

  private static final class TellFn
      extends DoFn<WindowRevision<List<Comparison>>, KV<String, KV<Long, List<Finding>>>> {
    private static final long serialVersionUID = 1;

    private final String model;
    private final WindowSpec window;
    private final SubjectMetrics subjects;
    private final Counter revisions = StreamMetric.WINDOW_REVISIONS.counter();

    TellFn(String model, WindowSpec window, SubjectMetrics subjects) {
      this.model = model;
      this.window = window;
      this.subjects = subjects;
    }

    @StartBundle
    public void start() {
      subjects.begin();
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<List<Comparison>> found,
        OutputReceiver<KV<String, KV<Long, List<Finding>>>> out) {
      List<Finding> findings = found.content().stream().map(Comparison::finding).toList();
      revisions.inc();
      for (Finding finding : findings) {
        if (finding.getAlarm()) {
          subjects.alarm(finding.getSubject());
        }
      }
      long end = window.endOf(found.window().start());
      out.output(KV.of(model, KV.of(end, ReportDriftFn.told(findings, subjects))));
    }
  }
}
