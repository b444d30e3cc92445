package io.tidemark.ingest;

import io.tidemark.event.Redaction;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.StreamMetric;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads a topic of events without end, and one of labels where there is one, to decoded rows:
 * {@link AggregateTopic#ROWS} and {@link AggregateTopic#LABELS}. Rows that came too late are under
 * {@link #LATE}, records without a usable row, or label, under {@link #BAD}.
 */
public final class ReadTopic extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<DeadLetter> BAD = new TupleTag<>("bad") {};
  public static final TupleTag<DeadLetter> LATE = new TupleTag<>("late") {};

  private final transient MonitoringSpec spec;
  private final transient Redaction redaction;
  private final transient String events;
  private final transient String labels;

  private ReadTopic(MonitoringSpec spec, Redaction redaction, String events, String labels) {
    this.spec = spec;
    this.redaction = redaction;
    this.events = events;
    this.labels = labels;
  }

  /** Whether a URI names a topic that is to be followed without end. */
  public static boolean follows(String option, String uri) {
    return KafkaTopic.isOne(uri) && !KafkaTopic.of(option, uri).untilLatest();
  }

  /**
   * @param events URI of a topic
   * @param labels URI of another, or null: none are read
   * @throws InputException with a message for the user, here or when it is expanded
   */
  public static ReadTopic of(
      MonitoringSpec spec, Redaction redaction, String events, String labels) {
    return new ReadTopic(spec, redaction, events, labels);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    PipelineOptions options = begin.getPipeline().getOptions();
    KafkaTopic topic = KafkaTopic.of("--events", events);
    PCollectionTuple read =
        toldApart(
            "TellApart",
            begin.apply(
                "Events", Read.from(KafkaStream.of("--events", topic, spec, redaction, options))),
            new SplitOutputsFn(StreamMetric.ROWS_IN, StreamMetric.ROWS_DEAD_LETTERED));
    PCollectionTuple rows = PCollectionTuple.of(AggregateTopic.ROWS, read.get(AggregateTopic.ROWS));
    PCollection<DeadLetter> bad = read.get(BAD);
    if (labels != null) {
      KafkaTopic source = KafkaTopic.of("--labels", labels);
      PCollectionTuple given =
          toldApart(
              "TellLabelsApart",
              begin.apply(
                  "Labels",
                  Read.from(KafkaStream.ofLabels("--labels", source, spec, redaction, options))),
              new SplitOutputsFn(StreamMetric.LABELS_IN, StreamMetric.LABELS_DEAD_LETTERED));
      rows = rows.and(AggregateTopic.LABELS, given.get(AggregateTopic.ROWS));
      bad = PCollectionList.of(bad).and(given.get(BAD)).apply("AllBad", Flatten.pCollections());
    }
    return rows.and(BAD, bad).and(LATE, read.get(LATE));
  }

  /** Gives rows, letters of bad records, and letters of rows that came too late. */
  static PCollectionTuple toldApart(
      String name, PCollection<StreamRows> read, SplitOutputsFn tellApart) {
    PCollectionTuple apart =
        read.apply(
            name,
            ParDo.of(tellApart)
                .withOutputTags(AggregateTopic.ROWS, TupleTagList.of(BAD).and(LATE)));
    apart.get(AggregateTopic.ROWS).setCoder(new StreamRows.EventsCoder());
    apart.get(BAD).setCoder(RecordCoder.of(DeadLetter.class));
    apart.get(LATE).setCoder(RecordCoder.of(DeadLetter.class));
    return apart;
  }
}
