package io.tidemark.pipeline;

import io.tidemark.event.Redaction;
import io.tidemark.event.WallClock;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.UnlikelyTime;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.PlainText;
import java.io.IOException;
import java.util.Locale;

/** Says where most of a run's times are none that an inference log has. */
public record TimeCheck(TimeRange likely) {
  public static TimeCheck at(WallClock clock) {
    return new TimeCheck(UnlikelyTime.likely(clock.micros()));
  }

  /** A line for the run's summary, or "": most times are likely. */
  public String message(MonitoringSpec spec, EventFiles files, RowCounts counts) {
    long timed = counts.read() - counts.deadLettered() + files.passedOver().rows();
    long unlikely = counts.unlikely() + files.passedOver().unlikely();
    if (unlikely <= timed / 2) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%,d of %,d times in %s lie before 2000 or after tomorrow.%s",
        unlikely,
        timed,
        PlainText.line(spec.events().time()),
        first(spec, files));
  }

  /** The first such time and how it was read, behind a space; "" where there is none. */
  String first(MonitoringSpec spec, EventFiles files) {
    try {
      return UnlikelyTime.first(files, spec, likely)
          .map(time -> said(time, "events.time", spec))
          .orElse("");
    } catch (IOException | InputException e) {
      return ""; // the run has said what it is to say of its input
    }
  }

  /** A line for the user before a run that joins such labels, or "". */
  String ofLabels(MonitoringSpec spec, EventFiles files) throws IOException {
    return UnlikelyTime.ofMostLabels(files, spec, likely)
        .map(
            time ->
                "labels: most times in "
                    + PlainText.line(spec.labels().time())
                    + " lie before 2000 or after tomorrow."
                    + said(time, "labels.time", spec))
        .orElse("");
  }

  private static String said(UnlikelyTime time, String key, MonitoringSpec spec) {
    // where columns are hidden no text of a row is quoted, whatever column it stands in
    boolean quoted = !Redaction.of(spec, null).any();
    return " The first"
        + (quoted ? ", " + PlainText.line(time.text()) + "," : "")
        + " was read as "
        + time.reading()
        + ". If it means something else, give "
        + key
        + " in one of the forms of events.time in the README.";
  }
}
