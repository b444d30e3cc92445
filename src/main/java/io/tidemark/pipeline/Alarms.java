package io.tidemark.pipeline;

import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.Finding;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;

/** What rang in the windows that a run reports on, counted. */
final class Alarms<C>
    extends PTransform<PCollection<WindowRevision<List<C>>>, PCollection<Finding>> {
  private static final long serialVersionUID = 1;

  private final TreeSet<String> models;
  private final SerializableFunction<C, Finding> finding;
  private final long from;

  private Alarms(TreeSet<String> models, SerializableFunction<C, Finding> finding, long from) {
    this.models = models;
    this.finding = finding;
    this.from = from;
  }

  static Alarms<Finding> of(Set<String> models) {
    return of(models, each -> each);
  }

  static <C> Alarms<C> of(Set<String> models, SerializableFunction<C, Finding> finding) {
    return new Alarms<>(new TreeSet<>(models), finding, Long.MIN_VALUE);
  }

  /** The same without windows that start before: a run only looks back at them. */
  Alarms<C> from(long windowStart) {
    return new Alarms<>(models, finding, windowStart);
  }

  @Override
  public PCollection<Finding> expand(PCollection<WindowRevision<List<C>>> windows) {
    return windows
        .apply("Alarms", ParDo.of(new AlarmsFn<>(models, finding, from)))
        .setCoder(RecordCoder.of(Finding.class));
  }

  private static final class AlarmsFn<C> extends DoFn<WindowRevision<List<C>>, Finding> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<C, Finding> finding;
    private final long from;
    private final ModelCounter alarms;

    AlarmsFn(Set<String> models, SerializableFunction<C, Finding> finding, long from) {
      this.alarms = StreamMetric.ALARMS.counter(models);
      this.finding = finding;
      this.from = from;
    }

    @StartBundle
    public void start() {
      alarms.begin();
    }

    @ProcessElement
    public void process(@Element WindowRevision<List<C>> window, OutputReceiver<Finding> out) {
      for (C each : window.content()) {
        Finding found = finding.apply(each);
        if (found.getAlarm() && window.window().start() >= from) {
          alarms.inc(window.window().model(), 1);
          out.output(found);
        }
      }
    }
  }
}
