package io.tidemark.labels;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.LabelCoverage;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** Rows of the table of label coverage. */
public final class CoverageRows
    extends PTransform<
        PCollection<KV<WindowKey, Coverage>>, PCollection<WindowRevision<List<LabelCoverage>>>> {
  private static final long serialVersionUID = 1;

  private final transient Fleet<OfModel> models;

  /** What is shown of a model's. */
  private record OfModel(WindowSpec window, String id, Redaction redaction)
      implements Serializable {}

  private CoverageRows(Fleet<OfModel> models) {
    this.models = models;
  }

  public static CoverageRows of(Fleet<MonitoringSpec> specs, Fleet<Redaction> redactions) {
    return new CoverageRows(
        specs.map(
            spec -> new OfModel(spec.window(), spec.events().id(), redactions.of(spec.model()))));
  }

  @Override
  public PCollection<WindowRevision<List<LabelCoverage>>> expand(
      PCollection<KV<WindowKey, Coverage>> windows) {
    return windows
        .apply("RowOfWindow", MapElements.via(new ToRow(models)))
        .setCoder(WindowRevision.coder(ListCoder.of(RecordCoder.of(LabelCoverage.class))));
  }

  private static final class ToRow
      extends SimpleFunction<KV<WindowKey, Coverage>, WindowRevision<List<LabelCoverage>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<OfModel> models;

    ToRow(Fleet<OfModel> models) {
      this.models = models;
    }

    @Override
    public WindowRevision<List<LabelCoverage>> apply(KV<WindowKey, Coverage> one) {
      String model = one.getKey().model();
      OfModel own = models.of(model);
      String id = own.id();
      long start = one.getKey().start();
      PredictionCounts counts = one.getValue().counts();
      List<String> ids = new ArrayList<>();
      for (Coverage.Named named : one.getValue().named) {
        String shown = id == null ? named.id() : own.redaction().show(id, named.id());
        if (shown != null) {
          ids.add(shown);
        }
      }
      LabelCoverage row =
          new LabelCoverage(
              model,
              one.getKey().version(),
              WindowSpec.instant(start),
              WindowSpec.instant(own.window().endOf(start)),
              counts.predictions(),
              counts.labelled(),
              counts.inLog(),
              counts.disputed(),
              counts.unlabelled(),
              ids);
      return new WindowRevision<>(one.getKey(), counts.labelled(), true, List.of(row));
    }
  }
}
