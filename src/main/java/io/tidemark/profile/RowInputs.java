package io.tidemark.profile;

import io.tidemark.event.EventBatch;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.ByteOutput;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.Hash128;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Names rows' inputs: the same for all rows whose features have the same values. */
public final class RowInputs implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * A feature.
   *
   * @param slot of its values
   * @param field its place among all fields
   */
  private record Input(boolean numeric, int slot, int field) implements Serializable {}

  private final List<Input> features;

  private RowInputs(List<Input> features) {
    this.features = features;
  }

  /** Of the spec's features, in its order. */
  public static RowInputs of(MonitoringSpec spec) {
    EventLayout layout = EventLayout.of(spec);
    List<Input> features = new ArrayList<>();
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      if (field.role() == Field.Role.FEATURE) {
        features.add(new Input(field.numeric(), layout.slot(i), i));
      }
    }
    return new RowInputs(features);
  }

  /** Null where a value could not be read, or all are missing: nobody knows what the row is. */
  public Hash128 of(InferenceEvent row) {
    Bytes bytes = new Bytes(features.size());
    for (Input feature : features) {
      if (!feature.numeric()) {
        bytes.add(row.categories()[feature.slot()]);
      } else if (row.invalid(feature.field())) {
        return null;
      } else {
        bytes.add(row.numbers()[feature.slot()]);
      }
    }
    return bytes.hash();
  }

  /** The same of a row of a batch. */
  public Hash128 of(EventBatch rows, int at) {
    Bytes bytes = new Bytes(features.size());
    for (Input feature : features) {
      int slot = feature.slot();
      if (!feature.numeric()) {
        bytes.add(rows.categories()[slot].text(at));
      } else if (rows.invalid()[slot] != null && rows.invalid()[slot][at]) {
        return null;
      } else {
        bytes.add(rows.numbers()[slot][at]);
      }
    }
    return bytes.hash();
  }

  private static final class Bytes {
    private final ByteOutput out;
    private boolean some;

    Bytes(int features) {
      out = new ByteOutput(16 * features + 64);
    }

    void add(double number) {
      some |= !Double.isNaN(number);
      out.writeLong(Double.doubleToLongBits(number + 0.0)); // -0.0 is 0.0, and NaN is one
    }

    void add(String text) {
      if (text == null) {
        out.writeInt(-1);
        return;
      }
      some = true;
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      out.writeInt(utf8.length);
      out.write(utf8);
    }

    Hash128 hash() {
      return some ? Hash128.of(out.toByteArray()) : null;
    }
  }
}
