package io.tidemark.profile;

import io.tidemark.flow.ByteOutput;
import io.tidemark.spec.Field;
import io.tidemark.stats.Dictionary;
import io.tidemark.store.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Names all that the bytes of a {@link WindowProfile} depend on besides its rows. */
final class LayoutHash {
  private LayoutHash() {}

  static String of(ProfileLayout layout) {
    ByteOutput out = new ByteOutput(1 << 10);
    try {
      for (int i = 0; i < layout.fields(); i++) {
        Field field = layout.layout().fields().get(i);
        text(field.name(), out);
        text(field.path(), out);
        out.writeBoolean(field.numeric());
        if (field.numeric()) {
          double[] edges = layout.cuts().get(i).edges();
          out.writeInt(edges.length);
          for (double edge : edges) {
            out.writeDouble(edge);
          }
        } else {
          Dictionary values = layout.dictionaries().get(i);
          out.writeInt(values.size());
          for (int code = 0; code < values.size(); code++) {
            text(values.value(code), out);
          }
        }
      }
      out.writeInt(layout.segments().size());
      for (int segment : layout.segments()) {
        out.writeInt(segment);
      }
      out.writeInt(layout.valueCapacity());
      out.writeInt(layout.unseenCapacity());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return ContentHash.of(out.toByteArray());
  }

  private static void text(String text, ByteOutput out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
