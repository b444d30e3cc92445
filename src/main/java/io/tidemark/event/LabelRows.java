package io.tidemark.event;

import io.tidemark.stats.Hash128;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rows of a label source, packed: what a join needs, and what a list of those that found no
 * prediction shows. Texts that repeat (values, sources, files) stand once a pack.
 */
public final class LabelRows {
  /** First byte of what is packed; {@link PredictionKeys} have another. */
  public static final byte KIND = 1;

  private final boolean numeric;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
  private final DataOutputStream out = new DataOutputStream(body);
  private final Map<String, Integer> texts = new LinkedHashMap<>();
  private int count;
  private int textBytes;

  /**
   * One label.
   *
   * @param high of the hash of its id
   * @param low of the same
   * @param timeMicros when it was given, microseconds since the epoch
   * @param value as text
   * @param source who gave it, "" where nobody says
   * @param position where the row stands in its file, as in dead letters
   * @param id UTF-8
   */
  public record Row(
      long high,
      long low,
      long timeMicros,
      String value,
      double number,
      String source,
      String file,
      long position,
      byte[] id) {}

  /**
   * @param numeric whether values are numbers
   */
  public LabelRows(boolean numeric) {
    this.numeric = numeric;
  }

  public void add(
      String id, long timeMicros, String text, double number, String source, String file, long at) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(name);
    try {
      out.writeLong(hash.high());
      out.writeLong(hash.low());
      out.writeLong(timeMicros);
      if (numeric) {
        out.writeDouble(number);
      } else {
        out.writeInt(code(text));
      }
      out.writeInt(code(source == null ? "" : source));
      out.writeInt(code(file));
      out.writeLong(at);
      out.writeInt(name.length);
      out.write(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    count++;
  }

  private int code(String text) {
    Integer code = texts.putIfAbsent(text, texts.size());
    if (code != null) {
      return code;
    }
    textBytes += text.length() + 4;
    return texts.size() - 1;
  }

  /** About how many bytes {@link #packed()} has. */
  public int size() {
    return body.size() + textBytes;
  }

  public byte[] packed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(size() + 64);
    try (DataOutputStream all = new DataOutputStream(bytes)) {
      all.writeByte(KIND);
      all.writeBoolean(numeric);
      all.writeInt(count);
      all.writeInt(texts.size());
      for (String text : texts.keySet()) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        all.writeInt(utf8.length);
        all.write(utf8);
      }
      body.writeTo(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /** Takes the rows of a pack. */
  public interface Visitor {
    void row(Row row);
  }

  /** How many rows a pack holds. */
  public static int count(byte[] packed) {
    return java.nio.ByteBuffer.wrap(packed).getInt(2);
  }

  public static void read(byte[] packed, Visitor visitor) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed))) {
      in.readByte();
      boolean numbers = in.readBoolean();
      int rows = in.readInt();
      String[] table = new String[in.readInt()];
      for (int i = 0; i < table.length; i++) {
        table[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
      }
      for (int i = 0; i < rows; i++) {
        long high = in.readLong();
        long low = in.readLong();
        long time = in.readLong();
        double number = numbers ? in.readDouble() : Double.NaN;
        String value = numbers ? null : table[in.readInt()];
        String source = table[in.readInt()];
        String file = table[in.readInt()];
        long position = in.readLong();
        byte[] id = in.readNBytes(in.readInt());
        visitor.row(new Row(high, low, time, value, number, source, file, position, id));
      }
    }
  }
}
