package io.tidemark.event;

import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.io.Serializable;

/**
 * The true labels of events: the column in which the log itself carries them, and where that is
 * empty or there is none the label that was joined from a separate source. A label that the log
 * carries counts as given at the time of the event. What a trusted source says stands for both.
 */
public final class EventLabels implements Serializable {
  private static final long serialVersionUID = 1;

  private final int slot;
  private final boolean numeric;
  private final boolean first;

  private EventLabels(int slot, boolean numeric, boolean first) {
    this.slot = slot;
    this.numeric = numeric;
    this.first = first;
  }

  /** The labels that stand. */
  public static EventLabels of(MonitoringSpec spec) {
    return of(spec, false);
  }

  /**
   * The labels as they were first told, for what sees each outcome once, when it comes: what a
   * trusted source says later does not change what has been seen.
   */
  public static EventLabels firstOf(MonitoringSpec spec) {
    return of(spec, true);
  }

  private static EventLabels of(MonitoringSpec spec, boolean first) {
    EventLayout layout = EventLayout.of(spec);
    int slot = -1;
    for (int i = 0; i < layout.fields().size(); i++) {
      if (layout.fields().get(i).role() == Field.Role.LABEL) {
        slot = layout.slot(i);
      }
    }
    return new EventLabels(slot, spec.task() == Task.REGRESSION, first);
  }

  /** Whether labels are numbers. */
  public boolean numeric() {
    return numeric;
  }

  /** Whether the log has a column for them. */
  public boolean inLog() {
    return slot >= 0;
  }

  /** What the log itself says, as text; null: nothing. */
  public String own(InferenceEvent event) {
    if (slot < 0) {
      return null;
    }
    return numeric ? ValueText.of(event.numbers()[slot]) : event.categories()[slot];
  }

  /** As {@link #own(InferenceEvent)}, of a row of a batch. */
  public String own(EventBatch batch, int row) {
    if (slot < 0) {
      return null;
    }
    return numeric ? ValueText.of(batch.numbers()[slot][row]) : batch.categories()[slot].text(row);
  }

  /** Whether the log itself has a label for a row of a batch. */
  public boolean hasOwn(EventBatch batch, int row) {
    if (slot < 0) {
      return false;
    }
    return numeric
        ? !Double.isNaN(batch.numbers()[slot][row])
        : batch.categories()[slot].codes()[row] >= 0;
  }

  private boolean overridden(InferenceEvent event) {
    return !first && event.trusted() != null;
  }

  private boolean overridden(EventBatch batch, int row) {
    return !first && batch.trusted(row) != null;
  }

  /** Whether there is one. */
  public boolean has(InferenceEvent event) {
    if (overridden(event)) {
      return true;
    }
    boolean own =
        slot >= 0
            && (numeric ? !Double.isNaN(event.numbers()[slot]) : event.categories()[slot] != null);
    return own || event.label() != null;
  }

  /** As text; null without one. */
  public String text(InferenceEvent event) {
    if (overridden(event)) {
      return event.trusted().text();
    }
    String own = own(event);
    return own != null ? own : event.label();
  }

  /** As a number; NaN without one, or where a joined label is none. */
  public double number(InferenceEvent event) {
    if (slot >= 0 && numeric && !overridden(event) && !Double.isNaN(event.numbers()[slot])) {
      return event.numbers()[slot];
    }
    String text = text(event);
    Double number = text == null ? null : ValueText.number(text);
    return number == null ? Double.NaN : number;
  }

  /** When the label was given, microseconds since the epoch; meaningless without one. */
  public long time(InferenceEvent event) {
    if (overridden(event)) {
      return event.trusted().micros();
    }
    boolean own =
        slot >= 0
            && (numeric ? !Double.isNaN(event.numbers()[slot]) : event.categories()[slot] != null);
    return own ? event.timeMicros() : event.labelMicros();
  }

  /**
   * When there was an outcome of a row with a label. A label may be older than the row, such as
   * that of an id which is predicted again: the outcome is there from the row on.
   */
  public long outcomeTime(InferenceEvent event) {
    return Math.max(time(event), event.timeMicros());
  }

  /** {@link #text(InferenceEvent)} of a row of a batch. */
  public String text(EventBatch batch, int row) {
    if (overridden(batch, row)) {
      return batch.trusted(row).text();
    }
    String own = null;
    if (slot >= 0) {
      own = numeric ? ValueText.of(batch.numbers()[slot][row]) : batch.categories()[slot].text(row);
    }
    return own != null ? own : batch.labels() == null ? null : batch.labels().text(row);
  }

  /** {@link #number(InferenceEvent)} of a row of a batch. */
  public double number(EventBatch batch, int row) {
    if (slot >= 0
        && numeric
        && !overridden(batch, row)
        && !Double.isNaN(batch.numbers()[slot][row])) {
      return batch.numbers()[slot][row];
    }
    String text = text(batch, row);
    Double number = text == null ? null : ValueText.number(text);
    return number == null ? Double.NaN : number;
  }

  /** {@link #time(InferenceEvent)} of a row of a batch. */
  public long time(EventBatch batch, int row) {
    if (overridden(batch, row)) {
      return batch.trusted(row).micros();
    }
    boolean own =
        slot >= 0
            && (numeric
                ? !Double.isNaN(batch.numbers()[slot][row])
                : batch.categories()[slot].text(row) != null);
    return own || batch.labels() == null ? batch.times()[row] : batch.labelTimes()[row];
  }
}
