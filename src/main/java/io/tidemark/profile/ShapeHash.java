package io.tidemark.profile;

import io.tidemark.flow.ByteOutput;
import io.tidemark.stats.Dictionary;
import io.tidemark.store.ContentHash;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Names what a baseline makes the states of windows depend on. */
public final class ShapeHash {
  private ShapeHash() {}

  private interface Writing {
    void to(DataOutput out) throws IOException;
  }

  /** A numeric field's cut points, a categorical one's known values. */
  public static String of(ProfileLayout layout, int field) {
    return hash(
        out -> {
          if (layout.layout().fields().get(field).numeric()) {
            for (double edge : layout.cuts().get(field).edges()) {
              out.writeDouble(edge);
            }
          } else {
            write(layout.dictionaries().get(field), out);
          }
        });
  }

  /** What a baseline knows of labels that outcomes are gathered with. */
  public static String of(OutcomeModel model) {
    return hash(
        out -> {
          write(model.classes(), out);
          out.writeBoolean(model.calibrator() != null);
          if (model.calibrator() != null) {
            model.calibrator().write(out);
          }
          out.writeBoolean(model.classCalibrator() != null);
          if (model.classCalibrator() != null) {
            model.classCalibrator().write(out);
          }
          for (InputCells.Dimension dimension : model.partition().dimensions()) {
            out.writeUTF(dimension.field());
            out.writeUTF(String.valueOf(dimension.edges()));
            if (dimension.values() != null) {
              write(dimension.values(), out);
            }
          }
          if (model.labels() != null) {
            for (double edge : model.labels().edges()) {
              out.writeDouble(edge);
            }
          }
        });
  }

  private static void write(Dictionary values, DataOutput out) throws IOException {
    out.writeInt(values.size());
    for (int code = 0; code < values.size(); code++) {
      byte[] text = values.value(code).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      out.writeInt(text.length);
      out.write(text);
    }
  }

  private static String hash(Writing content) {
    ByteOutput out = new ByteOutput(1 << 10);
    try {
      content.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return "#" + ContentHash.of(out.toByteArray());
  }
}
