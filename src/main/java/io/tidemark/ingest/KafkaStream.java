package io.tidemark.ingest;

import io.tidemark.event.AttachLabels;
import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A topic as an endless source of rows, those of a poll together. Not Beam's: a row is decoded
 * once, where its event time makes the watermark, and whether it is too late is decided by the rows
 * before it in its partition, the same in every replay, and not by where other partitions happen to
 * be. Offsets are in the runner's checkpoints; nothing is committed to the broker.
 *
 * <p>Checkpoints hold the source, too, and a job that goes on from one reads with that. So it says
 * what rows are made of, and which partitions are whose; how the topic is read is in {@link
 * TopicSettings}, which the job brings.
 */
final class KafkaStream extends UnboundedSource<StreamRows, TopicMark> {
  private static final long serialVersionUID = 2;

  private final String model;

  /** Of the state behind this; null where a job has none. */
  private final StateShape shape;

  /** Under which the job has its settings. */
  private final String name;

  final EventColumns columns;
  final Redaction redaction;

  /** Partitions when the job was made: so many can read at once. */
  private final int partitions;

  /** Of this one among the readers. */
  final int index;

  final int readers;

  KafkaStream(
      String model,
      StateShape shape,
      String name,
      EventColumns columns,
      Redaction redaction,
      int partitions,
      int index,
      int readers) {
    this.model = model;
    this.shape = shape;
    this.name = name;
    this.columns = columns;
    this.redaction = redaction;
    this.partitions = partitions;
    this.index = index;
    this.readers = readers;
  }

  /**
   * @param options of the job, which take up how the topic is read
   * @throws InputException if the topic cannot be read
   */
  static KafkaStream of(
      String option,
      KafkaTopic topic,
      MonitoringSpec spec,
      Redaction redaction,
      PipelineOptions options) {
    KafkaPlan.check(topic, spec.events().format(), EventColumns.all(spec));
    int partitions = KafkaPlan.partitions(topic).size();
    String name = spec.model() + "/events";
    new TopicSettings(option, topic, spec.window(), 0, WallClock.SYSTEM.micros())
        .putInto(options, name);
    return of(spec, name, EventColumns.all(spec), redaction, partitions, options);
  }

  /**
   * Labels as rows whose time is the label's, see {@link EventColumns#labels}; none is too late.
   *
   * @param redaction of events; the labels' follows from it
   * @param options of the job, which take up how the topic is read
   * @throws InputException if the topic cannot be read
   */
  static KafkaStream ofLabels(
      String option,
      KafkaTopic topic,
      MonitoringSpec spec,
      Redaction redaction,
      PipelineOptions options) {
    EventColumns columns = EventColumns.labels(spec);
    KafkaPlan.check(topic, spec.labels().format(), columns);
    int partitions = KafkaPlan.partitions(topic).size();
    String name = spec.model() + "/labels";
    long horizon = AttachLabels.horizon(spec.labels());
    new TopicSettings(option, topic, null, horizon, WallClock.SYSTEM.micros())
        .putInto(options, name);
    return of(spec, name, columns, redaction, partitions, options);
  }

  private static KafkaStream of(
      MonitoringSpec spec,
      String name,
      EventColumns columns,
      Redaction redaction,
      int partitions,
      PipelineOptions options) {
    StateShape shape = StateShape.in(options, spec.model());
    return new KafkaStream(spec.model(), shape, name, columns, redaction, partitions, 0, 1);
  }

  /**
   * As many as there are partitions at most. Which of them reads a partition its number says, of
   * those that are added later, too.
   */
  @Override
  public List<KafkaStream> split(int desired, PipelineOptions options) {
    int count = Math.max(1, Math.min(desired, partitions));
    List<KafkaStream> parts = new ArrayList<>();
    for (int part = 0; part < count; part++) {
      parts.add(new KafkaStream(model, shape, name, columns, redaction, partitions, part, count));
    }
    return parts;
  }

  @Override
  public UnboundedReader<StreamRows> createReader(PipelineOptions options, TopicMark mark) {
    if (shape != null) {
      shape.check(model, options);
    }
    TopicSettings settings = TopicSettings.outOf(options, name);
    TopicClient client = TopicClient.of(settings.topic());
    return new TopicReader(this, settings, mark, client, WallClock.SYSTEM);
  }

  @Override
  public Coder<TopicMark> getCheckpointMarkCoder() {
    return new TopicMarkCoder();
  }

  @Override
  public Coder<StreamRows> getOutputCoder() {
    return new StreamRows.RowsCoder();
  }
}
