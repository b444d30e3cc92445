package io.tidemark.ingest;

import io.tidemark.event.AttachLabels;
import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A topic as an endless source of rows, those of a poll together. Not Beam's: a row is decoded
 * once, where its event time makes the watermark, and whether it is too late is decided by the rows
 * before it in its partition, the same in every replay, and not by where other partitions happen to
 * be. Offsets are in the runner's checkpoints; nothing is committed to the broker.
 */
final class KafkaStream extends UnboundedSource<StreamRows, KafkaStream.Mark> {
  private static final long serialVersionUID = 1;

  final KafkaTopic topic;
  final EventColumns columns;
  final Redaction redaction;
  final WindowSpec window;
  final long disorder;
  final List<Integer> partitions;

  /** Of the state behind this, and of which model; null: a job of an older release left it. */
  private StateShape shape;

  private String model;

  private KafkaStream(
      KafkaTopic topic,
      EventColumns columns,
      Redaction redaction,
      WindowSpec window,
      long disorder,
      List<Integer> partitions) {
    this.topic = topic;
    this.columns = columns;
    this.redaction = redaction;
    this.window = window;
    this.disorder = disorder;
    this.partitions = partitions;
  }

  /**
   * @throws InputException if the topic cannot be read
   */
  static KafkaStream of(KafkaTopic topic, MonitoringSpec spec, Redaction redaction) {
    KafkaPlan.check(topic, spec.events().format(), EventColumns.all(spec));
    List<Integer> partitions = KafkaPlan.partitions(topic);
    return new KafkaStream(topic, EventColumns.all(spec), redaction, spec.window(), 0, partitions);
  }

  /**
   * Labels as rows whose time is the label's, see {@link EventColumns#labels}; none is too late.
   *
   * @param redaction of events; the labels' follows from it
   * @throws InputException if the topic cannot be read
   */
  static KafkaStream ofLabels(KafkaTopic topic, MonitoringSpec spec, Redaction redaction) {
    KafkaPlan.check(topic, spec.labels().format(), EventColumns.labels(spec));
    return new KafkaStream(
        topic,
        EventColumns.labels(spec),
        redaction.ofLabels(spec),
        null,
        AttachLabels.horizon(spec.labels()),
        KafkaPlan.partitions(topic));
  }

  /** The same in a job that has the shape of the model's state in its options. */
  KafkaStream shapedBy(PipelineOptions options, String modelName) {
    KafkaStream shaped = new KafkaStream(topic, columns, redaction, window, disorder, partitions);
    shaped.shape = StateShape.in(options, modelName);
    shaped.model = modelName;
    return shaped;
  }

  /**
   * Where a reader stands.
   *
   * @param offsets of the next record, by partition
   * @param clock event time
   */
  record Mark(TreeMap<Integer, Long> offsets, TopicClock clock)
      implements CheckpointMark, Serializable {
    @Override
    public void finalizeCheckpoint() {}
  }

  /** As many sources as there are partitions at most: each partition has one reader. */
  @Override
  public List<KafkaStream> split(int desired, PipelineOptions options) {
    int count = Math.max(1, Math.min(desired, partitions.size()));
    List<KafkaStream> parts = new ArrayList<>();
    for (int part = 0; part < count; part++) {
      List<Integer> own = new ArrayList<>();
      for (int i = part; i < partitions.size(); i += count) {
        own.add(partitions.get(i));
      }
      KafkaStream reader =
          new KafkaStream(topic, columns, redaction, window, disorder, List.copyOf(own));
      reader.shape = shape;
      reader.model = model;
      parts.add(reader);
    }
    return parts;
  }

  @Override
  public UnboundedReader<StreamRows> createReader(PipelineOptions options, Mark mark) {
    if (shape != null) {
      shape.check(model, options);
    }
    return new TopicReader(this, mark, WallClock.SYSTEM);
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<StreamRows> getOutputCoder() {
    return new StreamRows.RowsCoder();
  }
}
