package io.tidemark.profile;

import io.tidemark.event.InferenceEvent;
import io.tidemark.stats.CategorySummary;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.NumericSummary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The state of all fields and segments of one window: counts, exact sums and bounded summaries, so
 * that merging is exact in any order. All fields in one, because a row costs one element and one
 * shuffle key, not one a field; and because a window's family of tests is judged together.
 */
public final class WindowProfile {
  private final ProfileLayout layout;
  private final FieldState[][] states;

  public WindowProfile(ProfileLayout layout) {
    this.layout = layout;
    this.states = new FieldState[layout.segmentCount()][];
    states[0] = newStates();
  }

  private FieldState[] newStates() {
    FieldState[] fields = new FieldState[layout.fields()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = layout.newState(i);
    }
    return fields;
  }

  public ProfileLayout layout() {
    return layout;
  }

  /** Rows of the window. */
  public long rows() {
    return states[0].length == 0 ? 0 : states[0][0].rows();
  }

  /** States of a segment's fields, which from now on count as having rows. */
  FieldState[] states(int segment) {
    if (states[segment] == null) {
      states[segment] = newStates();
    }
    return states[segment];
  }

  /** State of a field in a segment; null where the segment has no rows. */
  public FieldState state(int segment, int field) {
    return states[segment] == null ? null : states[segment][field];
  }

  public void add(InferenceEvent event) {
    add(states[0], event);
    if (layout.segments().isEmpty()) {
      return;
    }
    int first = 1;
    for (int field : layout.segments()) {
      Dictionary values = layout.dictionaries().get(field);
      String value = event.categories()[layout.layout().slot(field)];
      int code = value == null ? -1 : values.code(value);
      if (code >= 0) {
        int segment = first + code;
        if (states[segment] == null) {
          states[segment] = newStates();
        }
        add(states[segment], event);
      }
      first += values.size();
    }
  }

  private void add(FieldState[] fields, InferenceEvent event) {
    int number = 0;
    int category = 0;
    boolean anyInvalid = event.invalid() != null;
    for (int i = 0; i < fields.length; i++) {
      NumericSummary numeric = fields[i].numeric();
      if (numeric != null) {
        double value = event.numbers()[number++];
        if (!Double.isNaN(value)) {
          numeric.add(value);
        } else if (anyInvalid && event.invalid(i)) {
          numeric.addInvalid();
        } else {
          numeric.addMissing();
        }
      } else {
        CategorySummary categories = fields[i].categories();
        String value = event.categories()[category++];
        if (value != null) {
          categories.add(value);
        } else if (anyInvalid && event.invalid(i)) {
          categories.addInvalid();
        } else {
          categories.addMissing();
        }
      }
    }
  }

  /** Takes the other's rows in and returns itself; the other stays as it is. */
  public WindowProfile merge(WindowProfile other) {
    for (int segment = 0; segment < states.length; segment++) {
      FieldState[] theirs = other.states[segment];
      if (theirs == null) {
        continue;
      }
      if (states[segment] == null) {
        states[segment] = newStates();
      }
      for (int i = 0; i < theirs.length; i++) {
        states[segment][i].merge(theirs[i]);
      }
    }
    return this;
  }

  void write(DataOutput out) throws IOException {
    for (FieldState[] fields : states) {
      out.writeBoolean(fields != null);
      if (fields != null) {
        for (FieldState field : fields) {
          field.write(out);
        }
      }
    }
  }

  static WindowProfile read(ProfileLayout layout, DataInput in) throws IOException {
    WindowProfile profile = new WindowProfile(layout);
    for (int segment = 0; segment < profile.states.length; segment++) {
      if (!in.readBoolean()) {
        continue;
      }
      FieldState[] fields = new FieldState[layout.fields()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = layout.readState(i, in);
      }
      profile.states[segment] = fields;
    }
    return profile;
  }
}
