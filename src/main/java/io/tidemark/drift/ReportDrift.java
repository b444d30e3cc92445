package io.tidemark.drift;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.Finding;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import io.tidemark.telemetry.SubjectMetrics;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
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

  private final Fleet<OfModel> models;

  /** What is told of a model. */
  record OfModel(WindowSpec window, SubjectMetrics subjects) implements Serializable {
    static OfModel of(MonitoringSpec spec) {
      List<String> fields = spec.fields().stream().map(Field::name).toList();
      return new OfModel(spec.window(), SubjectMetrics.of(spec.model(), fields));
    }
  }

  private ReportDrift(Fleet<OfModel> models) {
    this.models = models;
  }

  public static ReportDrift of(Fleet<MonitoringSpec> specs) {
    return new ReportDrift(specs.map(OfModel::of));
  }

  @Override
  public PCollection<Long> expand(PCollection<WindowRevision<List<Comparison>>> windows) {
    return windows
        .apply("ToTell", ParDo.of(new TellFn(models)))
        .setCoder(
            KvCoder.of(
                StringUtf8Coder.of(),
                KvCoder.of(VarLongCoder.of(), ListCoder.of(RecordCoder.of(Finding.class)))))
        .apply("TellLatest", ParDo.of(new ReportDriftFn(models)));
  }

  private static final class TellFn
      extends DoFn<WindowRevision<List<Comparison>>, KV<String, KV<Long, List<Finding>>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<OfModel> models;
    private final ModelCounter revisions;
    private transient boolean begun;

    TellFn(Fleet<OfModel> models) {
      this.models = models;
      this.revisions = StreamMetric.WINDOW_REVISIONS.counter(models.models());
    }

    @StartBundle
    public void start() {
      if (!begun) {
        models.all().forEach(each -> each.subjects().begin());
        begun = true;
      }
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<List<Comparison>> found,
        OutputReceiver<KV<String, KV<Long, List<Finding>>>> out) {
      List<Finding> findings = found.content().stream().map(Comparison::finding).toList();
      String model = found.window().model();
      OfModel own = models.of(model);
      revisions.inc(model, 1);
      for (Finding finding : findings) {
        if (finding.getAlarm()) {
          own.subjects().alarm(finding.getSubject());
        }
      }
      long end = own.window().endOf(found.window().start());
      out.output(KV.of(model, KV.of(end, ReportDriftFn.told(findings, own.subjects()))));
    }
  }
}
