package io.tidemark.ingest.topic;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.KafkaTopic;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.telemetry.StreamMetric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads topics of events without end, each once, and of labels where there are some, to decoded
 * rows by model: {@link #ROWS} and {@link #LABELS}. Rows that came too late are under {@link
 * #LATE}, records without a usable row, or label, under {@link #BAD}, and how many of each there
 * were under {@link #COUNTS} and {@link #LABEL_COUNTS}.
 */
public final class ReadTopic extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** Rows by model. Element time is that of the earliest among them. */
  public static final TupleTag<KV<String, List<InferenceEvent>>> ROWS = new TupleTag<>("rows") {};

  /** Where labels are joined: as rows, see {@link EventColumns#labels}. */
  public static final TupleTag<KV<String, List<InferenceEvent>>> LABELS =
      new TupleTag<>("labels") {};

  private static final KvCoder<String, List<InferenceEvent>> ROWS_CODER =
      KvCoder.of(StringUtf8Coder.of(), new StreamRows.EventsCoder());

  /** Of {@link #COUNTS}. */
  public static final KvCoder<String, RowCounts> COUNTS_CODER =
      KvCoder.of(StringUtf8Coder.of(), new RowCounts.RowCountsCoder());

  public static final TupleTag<KV<String, DeadLetter>> BAD = new TupleTag<>("bad") {};
  public static final TupleTag<KV<String, DeadLetter>> LATE = new TupleTag<>("late") {};

  /** Rows read, and of them late and dead-lettered ones, by model; some at a time. */
  public static final TupleTag<KV<String, RowCounts>> COUNTS = new TupleTag<>("rows-read") {};

  /** The same of labels. */
  public static final TupleTag<KV<String, RowCounts>> LABEL_COUNTS =
      new TupleTag<>("labels-read") {};

  private final transient Fleet<MonitoringSpec> specs;
  private final transient Fleet<Redaction> redactions;
  private final transient String events;
  private final transient Optional<String> labels;
  private final transient TimeRange range;

  private ReadTopic(
      Fleet<MonitoringSpec> specs,
      Fleet<Redaction> redactions,
      String events,
      Optional<String> labels,
      TimeRange range) {
    this.specs = specs;
    this.redactions = redactions;
    this.events = events;
    this.labels = labels;
    this.range = range;
  }

  /** Whether a URI names a topic that is to be followed without end. */
  public static boolean follows(String option, String uri) {
    return KafkaTopic.isOne(uri) && !KafkaTopic.of(option, uri).untilLatest();
  }

  /** The topic of a model, as it may be shown. */
  public static String shown(String option, String uri, String model) {
    return KafkaTopic.of(option, uri.replace(EventFiles.MODEL, model)).shown();
  }

  /**
   * @param events URI of a topic, or with {@code {model}} in it of one a model
   * @param labels the same of labels, or null: none are read
   * @throws InputException with a message for the user, here or when it is expanded
   */
  public static ReadTopic of(
      Fleet<MonitoringSpec> specs, Fleet<Redaction> redactions, String events, String labels) {
    return new ReadTopic(specs, redactions, events, Optional.ofNullable(labels), TimeRange.ALL);
  }

  /** The same without events outside a range; they are counted. */
  public ReadTopic within(TimeRange asked) {
    return new ReadTopic(specs, redactions, events, labels, asked);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    PipelineOptions options = begin.getPipeline().getOptions();
    Reading reading = new Reading();
    Fleet<MonitoringSpec> joined =
        specs.mapped(
            spec -> labels.flatMap(any -> Optional.ofNullable(spec.labels()).map(l -> spec)));
    byTopic(events, specs)
        .forEach(
            (name, of) ->
                reading.add(
                    ROWS,
                    COUNTS,
                    read(
                        begin,
                        "Events" + name,
                        KafkaStream.of(
                            "events" + name,
                            KafkaTopic.of("--events", uri(events, of)),
                            of,
                            range,
                            redactions,
                            options),
                        new SplitOutputsFn(
                            of.models(), StreamMetric.ROWS_IN, StreamMetric.ROWS_DEAD_LETTERED))));
    labels.ifPresent(
        uri ->
            byTopic(uri, joined)
                .forEach(
                    (name, of) ->
                        reading.add(
                            LABELS,
                            LABEL_COUNTS,
                            read(
                                begin,
                                "Labels" + name,
                                KafkaStream.ofLabels(
                                    "labels" + name,
                                    KafkaTopic.of("--labels", uri(uri, of)),
                                    of,
                                    redactions,
                                    options),
                                new SplitOutputsFn(
                                    of.models(),
                                    StreamMetric.LABELS_IN,
                                    StreamMetric.LABELS_DEAD_LETTERED)))));
    return reading.all();
  }

  /**
   * Models by what the step that reads their topic is called: one for all, or one each. It is the
   * same whatever other models there are.
   */
  private static Map<String, Fleet<MonitoringSpec>> byTopic(
      String uri, Fleet<MonitoringSpec> models) {
    Map<String, Fleet<MonitoringSpec>> byTopic = new LinkedHashMap<>();
    if (models.isEmpty()) {
      return byTopic;
    }
    if (!uri.contains(EventFiles.MODEL)) {
      return Map.of("", models);
    }
    for (String model : models.models()) {
      byTopic.put("Of " + model, Fleet.one(model, models.of(model)));
    }
    return byTopic;
  }

  private static String uri(String pattern, Fleet<MonitoringSpec> of) {
    return pattern.replace(EventFiles.MODEL, of.models().iterator().next());
  }

  /** Gives rows, letters of bad records, and letters of rows that came too late. */
  private static PCollectionTuple read(
      PBegin begin, String name, KafkaStream topic, SplitOutputsFn tellApart) {
    return toldApart(name + "Apart", begin.apply(name, Read.from(topic)), tellApart);
  }

  /** What was read of all topics. */
  private static final class Reading {
    private final Map<TupleTag<?>, List<PCollection<?>>> parts = new LinkedHashMap<>();

    void add(
        TupleTag<KV<String, List<InferenceEvent>>> rows,
        TupleTag<KV<String, RowCounts>> counts,
        PCollectionTuple read) {
      put(rows, read.get(ROWS));
      put(counts, read.get(COUNTS));
      put(BAD, read.get(BAD));
      put(LATE, read.get(LATE));
    }

    private void put(TupleTag<?> tag, PCollection<?> part) {
      parts.computeIfAbsent(tag, any -> new ArrayList<>()).add(part);
    }

    PCollectionTuple all() {
      PCollectionTuple all = null;
      for (TupleTag<?> tag : parts.keySet()) {
        PCollection<Object> together = together(tag);
        all =
            all == null
                ? PCollectionTuple.of(untyped(tag), together)
                : all.and(untyped(tag), together);
      }
      return all;
    }

    @SuppressWarnings("unchecked") // parts stay under their tag
    private PCollection<Object> together(TupleTag<?> tag) {
      List<PCollection<Object>> own = new ArrayList<>();
      parts.get(tag).forEach(each -> own.add((PCollection<Object>) each));
      return own.size() == 1
          ? own.get(0)
          : PCollectionList.of(own).apply("All-" + tag.getId(), Flatten.pCollections());
    }

    @SuppressWarnings("unchecked")
    private static TupleTag<Object> untyped(TupleTag<?> tag) {
      return (TupleTag<Object>) tag;
    }
  }

  public static PCollectionTuple toldApart(
      String name, PCollection<StreamRows> read, SplitOutputsFn tellApart) {
    PCollectionTuple apart =
        read.apply(
            name,
            ParDo.of(tellApart).withOutputTags(ROWS, TupleTagList.of(BAD).and(LATE).and(COUNTS)));
    apart.get(ROWS).setCoder(ROWS_CODER);
    apart.get(BAD).setCoder(ScanFiles.LETTERS_CODER);
    apart.get(LATE).setCoder(ScanFiles.LETTERS_CODER);
    apart.get(COUNTS).setCoder(COUNTS_CODER);
    return apart;
  }
}
