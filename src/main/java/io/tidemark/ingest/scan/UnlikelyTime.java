package io.tidemark.ingest.scan;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * A time of a log that no inference log of today has: where most are such, what the log holds is
 * not what it is read as.
 *
 * @param text as it stands in the log
 * @param micros as it was read, microseconds since the epoch
 */
public record UnlikelyTime(String text, long micros) {
  private static final long DAY = 86_400_000_000L;
  private static final long FROM = WindowSpec.micros(Instant.parse("2000-01-01T00:00:00Z"));

  /** Rows that are looked through for the first one. */
  private static final int MOST_ROWS = 1_000_000;

  /** Labels that stand for all. */
  private static final int MOST_LABELS = 1000;

  /** Times from 2000 up to tomorrow, UTC. */
  public static TimeRange likely(long nowMicros) {
    return new TimeRange(FROM, Math.floorDiv(nowMicros, DAY) * DAY + 2 * DAY);
  }

  /** The first of a run's rows with such a time, in the order of files and rows. */
  public static Optional<UnlikelyTime> first(
      EventFiles files, MonitoringSpec spec, TimeRange likely) throws IOException {
    Search search = new Search(likely, MOST_ROWS, true);
    return Optional.ofNullable(search.in(files, spec, spec.events().time()).found);
  }

  /** The first of the labels with such a time, if most of the first thousand have one. */
  public static Optional<UnlikelyTime> ofMostLabels(
      EventFiles files, MonitoringSpec spec, TimeRange likely) throws IOException {
    Search search = new Search(likely, MOST_LABELS, false);
    search.in(files, spec, spec.labels().time());
    return search.unlikely > search.timed / 2 ? Optional.of(search.found) : Optional.empty();
  }

  /** What it was taken for. */
  public String reading() {
    return EventTime.form(text) + ": " + WindowSpec.instant(micros);
  }

  private static final class Search implements EventSink {
    private final TimeRange likely;
    private final int most;
    private final boolean firstOnly;
    private UnlikelyTime found;
    private int rows;
    private int timed;
    private int unlikely;

    Search(TimeRange likely, int most, boolean firstOnly) {
      this.likely = likely;
      this.most = most;
      this.firstOnly = firstOnly;
    }

    Search in(EventFiles files, MonitoringSpec spec, String column) throws IOException {
      Readers readers = new Readers(EventColumns.times(spec, column), Redaction.of(spec, null));
      try {
        for (FileSplit split : files.splits()) {
          readers.of(split).read(split, this);
        }
      } catch (EndOfSearchException e) {
        return this; // it has seen enough
      }
      return this;
    }

    @Override
    public void event(InferenceEvent event) {
      timed++;
      if (!likely.contains(event.timeMicros())) {
        unlikely++;
        found = found == null ? new UnlikelyTime(event.extras()[0], event.timeMicros()) : found;
      }
      pass();
    }

    @Override
    public void bad(DeadLetter letter) {
      pass();
    }

    private void pass() {
      if (++rows == most || firstOnly && found != null) {
        throw new EndOfSearchException();
      }
    }
  }

  private static final class EndOfSearchException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
