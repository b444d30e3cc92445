package io.tidemark.alerts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Sends what rang, each once by its id: not again when its window is revised, when a run is
 * repeated, when a job starts again. Only a run that dies after a receiver has taken an alert and
 * before that is written down ({@link SentAlerts}) repeats it, with the same id.
 *
 * <p>Alerts that end are sent as they are grouped; what a receiver does not take is given up after
 * a while and told in {@link #UNDELIVERED}. Alerts without end are held in state until they are
 * taken; give them behind a step with stable input, that a failure sends what was sent.
 */
public final class SendAlerts extends PTransform<PCollection<Alert>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** Ids of alerts that this run has sent, by model. */
  public static final TupleTag<KV<String, String>> SENT = new TupleTag<>("sent") {};

  /** A line each for alerts that a run gave up, by model: id, what it is about, why. */
  public static final TupleTag<KV<String, String>> UNDELIVERED = new TupleTag<>("undelivered") {};

  private final Destination destination;
  private final String output;
  private final Backoff backoff;
  private final TreeSet<String> models;

  private SendAlerts(Destination destination, String output, Backoff backoff, Set<String> models) {
    this.destination = destination;
    this.output = output;
    this.backoff = backoff;
    this.models = new TreeSet<>(models);
  }

  /**
   * @param models that alerts may be of
   * @param output folder below which is kept what was sent
   */
  public static SendAlerts to(Destination destination, String output, Set<String> models) {
    return new SendAlerts(destination, output, Backoff.USUAL, models);
  }

  SendAlerts with(Backoff other) {
    return new SendAlerts(destination, output, other, models);
  }

  @Override
  public PCollectionTuple expand(PCollection<Alert> alerts) {
    PCollection<KV<String, Alert>> alarms =
        alerts
            .apply("AnyWindow", Window.into(new GlobalWindows()))
            .apply(
                "ById",
                WithKeys.<String, Alert>of(Alert::id).withKeyType(TypeDescriptors.strings()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), new Alert.AlertCoder()));
    SentAlerts sent = new SentAlerts(output);
    PCollectionTuple told =
        alerts.isBounded() == IsBounded.BOUNDED
            ? alarms
                .apply("OncePerId", GroupByKey.create())
                .apply(
                    "Send",
                    ParDo.of(new SendFn(destination, sent, backoff))
                        .withOutputTags(SENT, TupleTagList.of(UNDELIVERED)))
            : alarms.apply(
                "SendUntilTaken",
                ParDo.of(new SendUntilTakenFn(destination, sent, backoff, models))
                    .withOutputTags(SENT, TupleTagList.of(UNDELIVERED)));
    KvCoder<String, String> texts = KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());
    told.get(SENT).setCoder(texts);
    told.get(UNDELIVERED).setCoder(texts);
    return told;
  }

  /**
   * Takes out what was sent before, by runs and jobs of before or long ago. A stream does so before
   * it holds alarms for a checkpoint: of those that it holds, what turns out to be sent it has sent
   * itself, in an attempt that failed.
   *
   * @param output the folder of all outputs
   */
  public static Filter<Alert> notSentBefore(String output) {
    SentAlerts sent = new SentAlerts(output);
    return Filter.by(
        alert -> {
          try {
            return !sent.has(alert);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
