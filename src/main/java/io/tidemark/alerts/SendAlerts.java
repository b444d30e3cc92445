package io.tidemark.alerts;

import io.tidemark.schema.Finding;
import io.tidemark.store.JsonLines;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
 * Sends the findings that rang, each once by its id: not again when its window is revised, when a
 * run is repeated, when a job starts again. Only a run that dies after a receiver has taken an
 * alert and before that is written down ({@link SentAlerts}) repeats it, with the same id.
 *
 * <p>Findings that end are sent as they are grouped; what a receiver does not take is given up
 * after a while and told in {@link #UNDELIVERED}. Findings without end are held in state until they
 * are taken; give them behind a step with stable input, that a failure sends what was sent.
 */
public final class SendAlerts extends PTransform<PCollection<Finding>, PCollectionTuple> {
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
   * @param models whose findings may ring
   * @param output folder below which is kept what was sent
   */
  public static SendAlerts to(Destination destination, String output, Set<String> models) {
    return new SendAlerts(destination, output, Backoff.USUAL, models);
  }

  SendAlerts with(Backoff other) {
    return new SendAlerts(destination, output, other, models);
  }

  @Override
  public PCollectionTuple expand(PCollection<Finding> findings) {
    PCollection<KV<String, Finding>> alarms =
        findings
            .apply("Alarms", Filter.by(Finding::getAlarm))
            .apply("AnyWindow", Window.into(new GlobalWindows()))
            .apply(
                "ById",
                WithKeys.<String, Finding>of(Finding::getId).withKeyType(TypeDescriptors.strings()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(Finding.class)));
    SentAlerts sent = new SentAlerts(output);
    PCollectionTuple told =
        findings.isBounded() == IsBounded.BOUNDED
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
  public static Filter<Finding> notSentBefore(String output) {
    SentAlerts sent = new SentAlerts(output);
    return Filter.by(
        finding -> {
          try {
            return !finding.getAlarm() || !sent.has(finding);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  static byte[] body(Finding finding) {
    return JsonLines.line(finding).getBytes(StandardCharsets.UTF_8);
  }

  /** Of two findings of one id the one that more rows are behind, whatever order they came in. */
  static Finding newer(Finding one, Finding other) {
    if (one == null || one.getRevision() != other.getRevision()) {
      return one == null || one.getRevision() < other.getRevision() ? other : one;
    }
    return JsonLines.line(one).compareTo(JsonLines.line(other)) <= 0 ? one : other;
  }

  /** An alert in a line: id, what it is about, and why it was not delivered. */
  static String line(Finding finding, DeliveryException why) {
    String subject = finding.getSubject().isEmpty() ? "" : " of " + finding.getSubject();
    String segment = finding.getSegment().isEmpty() ? "" : " where " + finding.getSegment();
    return finding.getId()
        + " ("
        + finding.getKind()
        + subject
        + segment
        + ", window from "
        + finding.getWindowStart()
        + "): "
        + why.getMessage();
  }
}
