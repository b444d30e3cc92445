package io.tidemark.pipeline;

import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.Finding;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.StreamMetric;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;

/** What rang in the windows that a run reports on, counted. */
final class Alarms<C>
    extends PTransform<PCollection<WindowRevision<List<C>>>, PCollection<Finding>> {
  private static final long serialVersionUID = 1;

  private final SerializableFunction<C, Finding> finding;
  private final long from;

  private Alarms(SerializableFunction<C, Finding> finding, long from) {
    this.finding = finding;
    this.from = from;
  }

  static Alarms<Finding> of() {
    return of(each -> each);
  }

  static <C> Alarms<C> of(SerializableFunction<C, Finding> finding) {
    return new Alarms<>(finding, Long.MIN_VALUE);
  }

  /** The same without windows that start before: a run only looks back at them. */
  Alarms<C> from(long windowStart) {
    return new Alarms<>(finding, windowStart);
  }

  @Override
  public PCollection<Finding> expand(PCollection<WindowRevision<List<C>>> windows) {
    return windows
        .apply("Alarms", ParDo.of(new AlarmsFn<>(finding, from)))
        .setCoder(RecordCoder.of(Finding.class));
  }

  private static final class AlarmsFn<C> extends DoFn<WindowRevision<List<C>>, Finding> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<C, Finding> finding;
    private final long from;
    private final Counter alarms = StreamMetric.ALARMS.counter();

    AlarmsFn(SerializableFunction<C, Finding> finding, long from) {
      this.finding = finding;
      this.from = from;
    }

    @StartBundle
    public void start() {
      alarms.inc(0); // known from the start, so that the first is seen as a rise from 0
    }

    @ProcessElement
    public void process(@Element WindowRevision<List<C>> window, OutputReceiver<Finding> out) {
      for (C each : window.content()) {
        Finding found = finding.apply(each);
        if (found.getAlarm() && window.window().start() >= from) {
          alarms.inc();
          out.output(found);
        }
      }
    }
  }
}
