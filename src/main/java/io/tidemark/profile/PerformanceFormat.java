package io.tidemark.profile;

import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.profile.PerformanceReference.Figure;
import io.tidemark.profile.PerformanceReference.Labels;
import io.tidemark.profile.PerformanceReference.Segment;
import io.tidemark.profile.PerformanceReference.Usual;
import io.tidemark.schema.BaselineDimension;
import io.tidemark.schema.BaselineFigure;
import io.tidemark.schema.BaselineMetric;
import io.tidemark.schema.BaselineOutcomes;
import io.tidemark.schema.BaselinePerformance;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.performance.Calibrator;
import io.tidemark.stats.performance.CellErrors;
import io.tidemark.stats.performance.ClassCalibrator;
import io.tidemark.stats.performance.Metric;
import io.tidemark.stats.performance.SamplingError;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The performance part of a baseline file, and back. */
final class PerformanceFormat {
  private PerformanceFormat() {}

  private interface Writing {
    void to(DataOutput out) throws IOException;
  }

  static BaselinePerformance write(PerformanceReference reference) {
    OutcomeModel model = reference.model();
    BaselinePerformance file = new BaselinePerformance();
    List<String> classes = new ArrayList<>();
    for (int code = 0; code < model.classes().size(); code++) {
      classes.add(model.classes().value(code));
    }
    file.setClasses(classes);
    file.setCalibration(
        bytes(
            out -> {
              if (model.calibrator() != null) {
                model.calibrator().write(out);
              } else if (model.classCalibrator() != null) {
                model.classCalibrator().write(out);
              }
            }));
    List<BaselineDimension> partition = new ArrayList<>();
    for (InputCells.Dimension dimension : model.partition().dimensions()) {
      List<String> values = new ArrayList<>();
      for (int i = 0; dimension.values() != null && i < dimension.values().size(); i++) {
        values.add(dimension.values().value(i));
      }
      partition.add(
          new BaselineDimension(
              dimension.field(),
              dimension.edges() != null,
              dimension.edges() == null ? List.of() : dimension.edges(),
              values));
    }
    file.setPartition(partition);
    file.setCells(bytes(reference.cells()::write));
    List<BaselineOutcomes> segments = new ArrayList<>();
    for (Segment segment : reference.segments()) {
      List<BaselineMetric> metrics = new ArrayList<>();
      segment.metrics().forEach(usual -> metrics.add(metric(usual)));
      segments.add(
          new BaselineOutcomes(
              segment.feature(),
              segment.value(),
              segment.rows(),
              segment.labelled(),
              metrics,
              boxed(segment.labels().total()),
              segment.labels().windows().stream().map(PerformanceFormat::boxed).toList()));
    }
    file.setSegments(segments);
    file.setLabelEdges(
        model.labels() == null
            ? List.of()
            : Arrays.stream(model.labels().edges()).boxed().toList());
    return file;
  }

  private static List<Long> boxed(long[] counts) {
    return Arrays.stream(counts).boxed().toList();
  }

  private static long[] counts(List<Long> boxed) {
    return boxed.stream().mapToLong(Long::longValue).toArray();
  }

  private static BaselineMetric metric(Usual usual) {
    List<BaselineFigure> windows = new ArrayList<>();
    for (Figure figure : usual.windows()) {
      windows.add(
          new BaselineFigure(
              WindowSpec.instant(figure.start()),
              figure.rows(),
              figure.labelled(),
              finite(figure.realised()),
              finite(figure.estimated())));
    }
    return new BaselineMetric(
        usual.metric().id(),
        finite(usual.value()),
        finite(usual.estimated()),
        finite(usual.error().deviation()),
        usual.error().fraction(),
        windows);
  }

  private static ByteBuffer bytes(Writing writing) {
    ByteOutput out = new ByteOutput(1 << 10);
    try {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static double number(Double value) {
    return value == null ? Double.NaN : value;
  }

  /**
   * @throws IOException if the states are damaged
   */
  static PerformanceReference read(BaselinePerformance file) throws IOException {
    Dictionary classes = Dictionary.of(file.getClasses());
    Calibrator calibrator = null;
    ClassCalibrator classCalibrator = null;
    if (file.getCalibration().hasRemaining()) {
      ByteInput in = stream(file.getCalibration());
      if (classes.size() > 0) {
        classCalibrator = ClassCalibrator.read(classes.size(), in);
      } else {
        calibrator = Calibrator.read(in);
      }
    }
    List<InputCells.Dimension> dimensions = new ArrayList<>();
    for (BaselineDimension dimension : file.getPartition()) {
      dimensions.add(
          dimension.getNumeric()
              ? new InputCells.Dimension(
                  dimension.getField(), List.copyOf(dimension.getEdges()), null)
              : InputCells.Dimension.categorical(dimension.getField(), dimension.getValues()));
    }
    InputCells partition = new InputCells(dimensions);
    CellErrors cells = CellErrors.read(partition.cells(), stream(file.getCells()));
    List<Segment> segments = new ArrayList<>();
    for (BaselineOutcomes segment : file.getSegments()) {
      List<Usual> metrics = new ArrayList<>();
      segment.getMetrics().forEach(metric -> usual(metric).ifPresent(metrics::add));
      segments.add(
          new Segment(
              segment.getFeature(),
              segment.getValue(),
              segment.getRows(),
              segment.getLabelledRows(),
              metrics,
              new Labels(
                  counts(segment.getLabelCounts()),
                  segment.getLabelWindows().stream().map(PerformanceFormat::counts).toList())));
    }
    double[] edges = file.getLabelEdges().stream().mapToDouble(Double::doubleValue).toArray();
    Grid labels = edges.length == 0 ? null : Grid.of(edges, true);
    OutcomeModel model = new OutcomeModel(classes, calibrator, classCalibrator, partition, labels);
    return new PerformanceReference(model, cells, segments);
  }

  /** A metric that this version does not know is passed over. */
  private static Optional<Usual> usual(BaselineMetric metric) {
    List<Figure> windows = new ArrayList<>();
    for (BaselineFigure figure : metric.getWindows()) {
      windows.add(
          new Figure(
              WindowSpec.micros(figure.getStart()),
              figure.getRows(),
              figure.getLabelledRows(),
              number(figure.getRealized()),
              number(figure.getEstimated())));
    }
    SamplingError error = new SamplingError(number(metric.getDeviation()), metric.getFraction());
    return Metric.of(metric.getMetric())
        .map(
            known ->
                new Usual(
                    known,
                    number(metric.getValue()),
                    number(metric.getEstimated()),
                    error,
                    windows));
  }

  private static ByteInput stream(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return new ByteInput(bytes);
  }
}
