package io.tidemark.pipeline;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.UnusableValue;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import io.tidemark.stats.PlainText;
import io.tidemark.store.LettersByReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * What is wrong with a run's unusable rows: how many for which reason, where the first stands and
 * what it says, and what would be read. Values are shown only where the spec hides nothing.
 *
 * @param source whose rows they are
 */
public record BadRows(List<KV<String, KV<Long, DeadLetter>>> reasons, Source source) {

  /** What is read. */
  enum Source {
    EVENTS("letters"),
    LABELS("label-letters"),
    AUGMENTED("augmented-letters");

    private final String name;

    Source(String name) {
      this.name = name;
    }
  }

  private static final int LONGEST = 40;

  private boolean labels() {
    return source == Source.LABELS;
  }

  /** Hands a job's dead letters over, summed up. */
  static PTransform<PCollection<KV<String, DeadLetter>>, PDone> receive(
      ResultFiles handOver, Source source) {
    return new PTransform<>() {
      private static final long serialVersionUID = 1;

      @Override
      public PDone expand(PCollection<KV<String, DeadLetter>> letters) {
        return letters
            .apply("LettersByReason", new LettersByReason())
            .apply("HandOverReasons", handOver.receiveByModel(source.name, LettersByReason.CODER));
      }
    };
  }

  /** Those of a model. */
  static BadRows take(ResultFiles handOver, String model, Source source) throws IOException {
    return of(
        handOver.takeByModel(source.name, LettersByReason.CODER).getOrDefault(model, List.of()),
        source);
  }

  /** Those of all models, and of nobody. */
  static Map<String, List<KV<String, KV<Long, DeadLetter>>>> takeAll(
      ResultFiles handOver, Source source) throws IOException {
    return handOver.takeByModel(source.name, LettersByReason.CODER);
  }

  static BadRows of(List<KV<String, KV<Long, DeadLetter>>> given, Source source) {
    List<KV<String, KV<Long, DeadLetter>>> reasons = new ArrayList<>(given);
    reasons.sort(
        Comparator.comparingLong((KV<String, KV<Long, DeadLetter>> one) -> -one.getValue().getKey())
            .thenComparing(KV::getKey));
    return new BadRows(reasons, source);
  }

  /**
   * A line a reason, each behind a line's end; empty where there are none.
   *
   * @param files that the rows stand in
   */
  public String text(MonitoringSpec spec, EventFiles files) {
    StringBuilder text = new StringBuilder();
    for (KV<String, KV<Long, DeadLetter>> each : reasons) {
      DeadLetter first = each.getValue().getValue();
      text.append(System.lineSeparator())
          .append("  ")
          .append(CountText.of(each.getValue().getKey(), labels() ? "label" : "row"))
          .append(' ')
          .append(each.getKey())
          .append(", the first at ")
          .append(PlainText.line(first.getSource()))
          .append('@')
          .append(first.getPosition())
          .append(": ")
          .append(PlainText.line(first.getDetail()))
          .append(value(first, spec, files))
          .append(accepted(each.getKey(), spec));
    }
    return text.toString();
  }

  /** What the row has in the column that is to blame, if that may be shown. */
  private String value(DeadLetter first, MonitoringSpec spec, EventFiles files) {
    String column = column(first, spec);
    if (column == null || Redaction.of(spec, null).any()) {
      return "";
    }
    try {
      return UnusableValue.of(first, files, spec, column).map(BadRows::quoted).orElse("");
    } catch (IOException | InputException e) {
      return ""; // the run has said what it is to say of its input
    }
  }

  private String column(DeadLetter first, MonitoringSpec spec) {
    if (first.getReason().equals("time_unreadable")) {
      return labels() ? spec.labels().time() : spec.events().time();
    }
    String named = " in column ";
    int at = first.getDetail().indexOf(named);
    boolean unreadable = first.getReason().endsWith("_unreadable");
    if (!unreadable || at < 0) {
      return null;
    }
    String rest = first.getDetail().substring(at + named.length());
    int record = rest.indexOf(", record ");
    return record < 0 ? rest : rest.substring(0, record);
  }

  private static String quoted(String value) {
    boolean cut = value.length() > LONGEST;
    return " ('" + PlainText.line(cut ? value.substring(0, LONGEST) + "..." : value) + "')";
  }

  private String accepted(String reason, MonitoringSpec spec) {
    return switch (reason) {
      case "id_missing" ->
          labels()
              ? PlainText.line(". labels.id is " + spec.labels().id())
              : PlainText.line(". events.id is " + spec.events().id());
      case "time_missing" ->
          labels()
              ? PlainText.line(". labels.time is " + spec.labels().time())
              : PlainText.line(". events.time is " + spec.events().time());
      case "time_unreadable" ->
          ". A time is a date (2024-03-01), a date and time (2024-03-01T12:00:00Z, with or without"
              + " fraction and zone), a typed timestamp, or seconds, milliseconds, microseconds or"
              + " nanoseconds since 1970";
      case "prediction_unreadable", "label_unreadable" -> ". A number is written as 0.25 or 2.5e-1";
      default -> "";
    };
  }
}
