package io.tidemark.ingest.row;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.ValueText;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.spec.Field;
import io.tidemark.stats.NumberText;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts one row's values together and says whether they make an event. Readers of row-wise formats
 * set the values of a row, then ask for {@link #problem()} and {@link #event()}.
 */
public final class EventAssembler {
  private final EventColumns columns;
  private final int words;
  private final Map<Use, String> given = new LinkedHashMap<>();

  private String id;
  private long time;
  private boolean timeSeen;
  private String version;
  private double[] numbers;
  private String[] categories;
  private String[] extras;
  private long[] invalid;
  private int invalidFields;

  /**
   * @param path of the file that the rows stand in; its partition folders are columns too
   */
  public EventAssembler(EventColumns columns, String path) {
    this.columns = columns;
    PathColumns partition = PathColumns.of(path);
    for (Use use : columns.columns()) {
      String text = partition.value(use);
      if (text != null) {
        given.put(use, text);
      }
    }
    this.words = (columns.layout().fields().size() + 63) >> 6;
    reset();
  }

  /** Forgets the row; every value is missing, or as the file's path says. */
  public void reset() {
    id = null;
    time = 0;
    timeSeen = false;
    version = "";
    numbers = new double[columns.layout().numbers()];
    Arrays.fill(numbers, Double.NaN);
    categories = new String[columns.layout().categories()];
    extras = new String[columns.layout().extras().size()];
    invalid = null;
    given.forEach(this::setUntyped);
  }

  public void setText(Use use, String text) {
    switch (use.kind()) {
      case ID -> id = text.isEmpty() ? null : NumberText.ofName(text);
      case TIME -> {
        timeSeen = !text.isEmpty();
        time = timeSeen ? columns.time().ofText(text) : 0;
      }
      case VERSION -> version = text;
      case NUMBER -> {
        Double number = ValueText.number(text);
        if (number == null) {
          setInvalid(use);
        } else {
          setNumber(use, number);
        }
      }
      case CATEGORY -> {
        categories[use.slot()] = text;
        clearInvalid(use);
      }
      case EXTRA -> extras[use.slot()] = text;
    }
  }

  /** A value of a format in which all values are texts. */
  public void setUntyped(Use use, String text) {
    if (use.kind() == EventColumns.Kind.EXTRA || !ValueText.isNaN(text)) {
      setText(use, use.kind() == EventColumns.Kind.CATEGORY ? ValueText.ofUntyped(text) : text);
    }
  }

  /**
   * A number that a text format spells, which may have more digits than a double.
   *
   * @param value the double next to it
   */
  public void setDecimal(Use use, double value, String spelled) {
    String text = NumberText.of(spelled);
    if (!Character.isDigit(text.charAt(text.length() - 1))) {
      setDouble(use, value);
    } else {
      setText(use, text);
    }
  }

  /** A number that is wider than a double. */
  public void setDecimal(Use use, BigDecimal value) {
    switch (use.kind()) {
      case NUMBER -> setNumber(use, value.doubleValue());
      case TIME -> setTime(columns.time().ofNumber(value));
      default -> setText(use, NumberText.of(value));
    }
  }

  public void setDouble(Use use, double value) {
    switch (use.kind()) {
      case NUMBER -> setNumber(use, value);
      case TIME -> {
        if (!Double.isNaN(value)) {
          setTime(columns.time().ofNumber(value));
        }
      }
      default -> setOptionalText(use, ValueText.of(value));
    }
  }

  public void setLong(Use use, long value) {
    switch (use.kind()) {
      case NUMBER -> setNumber(use, value);
      case TIME -> setTime(columns.time().ofNumber(value));
      default -> setText(use, Long.toString(value));
    }
  }

  public void setBoolean(Use use, boolean value) {
    switch (use.kind()) {
      case NUMBER -> setNumber(use, value ? 1 : 0);
      case TIME -> setTime(EventTime.UNREADABLE);
      default -> setText(use, ValueText.of(value));
    }
  }

  public void setTime(long micros) {
    timeSeen = true;
    time = micros;
  }

  /** A value of a kind that the column cannot have, such as a list where a number is due. */
  public void setUnusable(Use use) {
    switch (use.kind()) {
      case TIME -> setTime(EventTime.UNREADABLE);
      case NUMBER, CATEGORY -> setInvalid(use);
      default -> {} // an id or a version that is no scalar is none
    }
  }

  private void setOptionalText(Use use, String text) {
    if (text != null) {
      setText(use, text);
    }
  }

  private void setNumber(Use use, double value) {
    numbers[use.slot()] = value;
    clearInvalid(use);
  }

  /** Of a name that is there twice in a row, the last value counts. */
  private void clearInvalid(Use use) {
    if (invalid != null && isInvalid(use)) {
      invalid[use.field() >> 6] &= ~(1L << (use.field() & 63));
      invalidFields--;
      invalid = invalidFields == 0 ? null : invalid;
    }
  }

  private void setInvalid(Use use) {
    if (use.kind() == EventColumns.Kind.NUMBER) {
      numbers[use.slot()] = Double.NaN;
    } else {
      categories[use.slot()] = null;
    }
    if (invalid == null) {
      invalid = new long[words];
      invalidFields = 0;
    }
    if (!isInvalid(use)) {
      invalid[use.field() >> 6] |= 1L << (use.field() & 63);
      invalidFields++;
    }
  }

  private boolean isInvalid(Use use) {
    return (invalid[use.field() >> 6] >>> (use.field() & 63) & 1) != 0;
  }

  /** Why the row is no event, or null. */
  public Problem problem() {
    return problem(columns, id, timeSeen, time, numbers, categories, invalid);
  }

  /** Why a row with these values is no event, or null; one rule for every format. */
  public static Problem problem(
      EventColumns columns,
      String id,
      boolean timeSeen,
      long time,
      double[] numbers,
      String[] categories,
      long[] invalid) {
    if (id == null && columns.hasId()) {
      return new Problem("id_missing", "no value in the id column");
    }
    if (!timeSeen) {
      return new Problem("time_missing", "no value in the time column");
    }
    if (!EventTime.isUsable(time)) {
      return new Problem(
          "time_unreadable",
          time == EventTime.UNREADABLE
              ? "the time column holds no date or time"
              : "the time is before the year 1 or after 9999");
    }
    for (Use use : columns.predictions()) {
      boolean present =
          use.kind() == EventColumns.Kind.NUMBER
              ? !Double.isNaN(numbers[use.slot()])
              : categories[use.slot()] != null;
      if (!present) {
        boolean unreadable =
            invalid != null && (invalid[use.field() >> 6] >>> (use.field() & 63) & 1) != 0;
        boolean label = columns.layout().fields().get(use.field()).role() == Field.Role.LABEL;
        return new Problem(
            (label ? "label" : "prediction") + (unreadable ? "_unreadable" : "_missing"),
            (unreadable ? "not a number in column " : "no value in column ") + use.path());
      }
    }
    return null;
  }

  /** Whether the row has anything in its time column. */
  public boolean isTimed() {
    return timeSeen;
  }

  public InferenceEvent event() {
    return new InferenceEvent(id, time, version, numbers, categories, invalid, extras);
  }

  /**
   * @param reason a fixed word
   * @param detail for a person
   */
  public record Problem(String reason, String detail) {}
}
