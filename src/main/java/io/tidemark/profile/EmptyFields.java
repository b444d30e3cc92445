package io.tidemark.profile;

import io.tidemark.spec.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Fields with hardly a usable value: what is said of them is said of nothing. */
public final class EmptyFields {
  /** A larger share without a usable value is worth a word. */
  private static final double MOST_UNUSABLE = .95;

  private EmptyFields() {}

  /** A field and how many of its values are not there, or cannot be read as its type. */
  public record Unusable(Field field, long rows, long missing, long invalid)
      implements java.io.Serializable {
    /** Whether not one value is usable. */
    public boolean empty() {
      return missing + invalid == rows;
    }

    /** As a line of a table. */
    public String text() {
      return String.format(
          Locale.ROOT,
          "  %s (%s, column %s): of %,d rows %.1f %% without a value, %.1f %% with one that is no"
              + " %s",
          field.name(),
          field.numeric() ? "numeric" : "categorical",
          field.path(),
          rows,
          100.0 * missing / rows,
          100.0 * invalid / rows,
          field.numeric() ? "number" : "text, number or boolean");
    }
  }

  /** Of all rows of a profile, in the order of its fields. */
  public static List<Unusable> of(WindowProfile profile) {
    List<Unusable> unusable = new ArrayList<>();
    List<Field> fields = profile.layout().layout().fields();
    for (int i = 0; i < fields.size(); i++) {
      FieldState state = profile.state(0, i);
      long without = state.missing() + state.invalid();
      if (state.rows() > 0 && without > MOST_UNUSABLE * state.rows()) {
        unusable.add(new Unusable(fields.get(i), state.rows(), state.missing(), state.invalid()));
      }
    }
    return unusable;
  }
}
