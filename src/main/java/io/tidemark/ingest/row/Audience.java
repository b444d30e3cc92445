package io.tidemark.ingest.row;

import io.tidemark.event.Redaction;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.Where;
import java.util.List;
import java.util.TreeMap;

/**
 * Those who read a piece of a log together: it is read once, and each row goes to the models that
 * want it, each of which reads it as if it were alone.
 *
 * @param takers one a model
 * @param others what becomes of a row that none of them takes
 */
public record Audience(List<Taker> takers, Others others) {

  /**
   * A model that takes rows.
   *
   * @param columns that it reads of them
   * @param redaction what may be shown of them
   * @param where which rows are the model's
   * @param sink takes them, and the letters of those that are unusable
   */
  public record Taker(EventColumns columns, Redaction redaction, Where where, EventSink sink) {
    public Taker with(EventSink other) {
      return new Taker(columns, redaction, where, other);
    }
  }

  /** Which rows are a model's where its spec does not say: all. */
  static final Where ALL_ROWS = new Where(new TreeMap<>());

  /** Takes what is no model's. */
  public interface Others {
    /** Where every row is somebody's. */
    Others NONE =
        new Others() {
          @Override
          public void unclaimed(long rows) {
            throw new IllegalStateException("somebody takes all rows");
          }

          @Override
          public void unreadable(DeadLetter letter) {
            throw new IllegalStateException("somebody takes all rows");
          }
        };

    /** Rows that no model wants. */
    void unclaimed(long rows);

    /** A row that cannot be read far enough to tell whose it is. */
    void unreadable(DeadLetter letter);
  }

  /** One that takes all rows. */
  public static Audience of(EventColumns columns, Redaction redaction, EventSink sink) {
    return new Audience(List.of(new Taker(columns, redaction, ALL_ROWS, sink)), Others.NONE);
  }

  /** Whether each of them takes every row. */
  public boolean takesAll() {
    return takers.stream().allMatch(each -> each.where().columns().isEmpty());
  }

  /** What is shown of a row of which nobody knows whose it is: what each of them may show. */
  public Redaction ofAll() {
    return Redaction.strictest(takers.stream().map(Taker::redaction).toList());
  }
}
