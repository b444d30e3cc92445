package io.tidemark.ingest.topic;

import io.tidemark.event.LabelWait;
import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.ModelRows;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.KafkaPlan;
import io.tidemark.ingest.scan.StopJobException;
import io.tidemark.ingest.scan.TopicClient;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
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
public final class KafkaStream extends UnboundedSource<StreamRows, TopicMark> {
  private static final long serialVersionUID = 3;

  /** Of the state behind this, by model. */
  private final TreeMap<String, StateShape> shapes;

  /** Under which the job has its settings. */
  private final String name;

  /** Of what is masked; null: none. */
  private final byte[] key;

  private final String keyName;

  /** Partitions when the job was made: so many can read at once. */
  private final int partitions;

  /** Of this one among the readers. */
  final int index;

  final int readers;

  public KafkaStream(
      TreeMap<String, StateShape> shapes,
      String name,
      byte[] key,
      String keyName,
      int partitions,
      int index,
      int readers) {
    this.shapes = shapes;
    this.name = name;
    this.key = key;
    this.keyName = keyName;
    this.partitions = partitions;
    this.index = index;
    this.readers = readers;
  }

  /**
   * @param name of the source, the same in every job that goes on from another
   * @param specs of the models whose rows the topic holds
   * @param range event times that are asked for
   * @param options of the job, which take up how the topic is read
   * @throws InputException if the topic cannot be read
   */
  static KafkaStream of(
      String name,
      KafkaTopic topic,
      Fleet<MonitoringSpec> specs,
      TimeRange range,
      Fleet<Redaction> redactions,
      PipelineOptions options) {
    for (MonitoringSpec spec : specs.all()) {
      KafkaPlan.check(topic, spec.events().format(), EventColumns.planned(spec));
    }
    Fleet<TopicSettings.OfModel> models =
        specs.map(
            spec ->
                new TopicSettings.OfModel(
                    ModelRows.of(spec, EventColumns.all(spec), withoutKey(spec, redactions)),
                    spec.window(),
                    range));
    return of("--events", name, topic, models, 0, redactions, options);
  }

  /**
   * Labels as rows whose time is the label's, see {@link EventColumns#labels}; none is too late.
   *
   * @param name of the source, the same in every job that goes on from another
   * @param specs of the models whose labels the topic holds
   * @param redactions of events; the labels' follow from them
   * @param options of the job, which take up how the topic is read
   * @throws InputException if the topic cannot be read
   */
  static KafkaStream ofLabels(
      String name,
      KafkaTopic topic,
      Fleet<MonitoringSpec> specs,
      Fleet<Redaction> redactions,
      PipelineOptions options) {
    long horizon = 0;
    for (MonitoringSpec spec : specs.all()) {
      KafkaPlan.check(topic, spec.labels().format(), EventColumns.labels(spec));
      horizon = Math.max(horizon, LabelWait.kept(spec.labels()));
    }
    Fleet<TopicSettings.OfModel> models =
        specs.map(
            spec ->
                new TopicSettings.OfModel(
                    ModelRows.ofLabels(spec, withoutKey(spec, redactions)), null, TimeRange.ALL));
    return of("--labels", name, topic, models, horizon, redactions, options);
  }

  private static Redaction withoutKey(MonitoringSpec spec, Fleet<Redaction> redactions) {
    return redactions.of(spec.model()).withKey(null);
  }

  private static KafkaStream of(
      String option,
      String name,
      KafkaTopic topic,
      Fleet<TopicSettings.OfModel> models,
      long disorder,
      Fleet<Redaction> redactions,
      PipelineOptions options) {
    Redaction any = redactions.all().iterator().next(); // one key is given for all models
    new TopicSettings(option, topic, models, any.keyName(), disorder, WallClock.SYSTEM.micros())
        .putInto(options, name);
    TreeMap<String, StateShape> shapes = new TreeMap<>();
    for (String model : models.models()) {
      StateShape shape = StateShape.in(options, model);
      if (shape != null) {
        shapes.put(model, shape);
      }
    }
    int partitions = KafkaPlan.partitions(topic).size();
    return new KafkaStream(shapes, name, any.key(), any.keyName(), partitions, 0, 1);
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
      parts.add(new KafkaStream(shapes, name, key, keyName, partitions, part, count));
    }
    return parts;
  }

  @Override
  public UnboundedReader<StreamRows> createReader(PipelineOptions options, TopicMark mark) {
    shapes.forEach((model, shape) -> shape.check(model, options));
    TopicSettings settings = TopicSettings.outOf(options, name);
    boolean masks = settings.models().any(each -> each.rows().redaction().masks());
    if (masks && !keyName.equals(settings.keyName())) {
      throw new StopJobException(
          "--savepointPath: was made with another --mask-key, and a model has masked columns: give"
              + " the same, or begin anew, with another --output");
    }
    TopicClient client = TopicClient.of(settings.topic());
    return new TopicReader(this, settings.withKey(key), mark, client, WallClock.SYSTEM);
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
