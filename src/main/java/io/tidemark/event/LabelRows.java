package io.tidemark.event;

import io.tidemark.flow.StatelessCoder;
import io.tidemark.stats.Hash128;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.util.VarInt;

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
      byte[] id) {

    /** By id, and of one id the label that counts first. */
    public static final Comparator<Row> ORDER =
        ((Comparator<Row>) (a, b) -> Long.compareUnsigned(a.high(), b.high()))
            .thenComparing((a, b) -> Long.compareUnsigned(a.low(), b.low()))
            .thenComparingLong(Row::timeMicros)
            .thenComparing(Row::source)
            .thenComparing(Row::value, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingDouble(Row::number)
            .thenComparing(Row::file)
            .thenComparingLong(Row::position);

    /** Whether both label the same id. */
    public boolean sameId(Row other) {
      return high == other.high && low == other.low;
    }

    /** Whether both say the same; numbers have no value as text. */
    public boolean says(Row other) {
      return value == null ? Double.compare(number, other.number) == 0 : value.equals(other.value);
    }

    private Row at(String otherFile, long otherPosition) {
      return new Row(high, low, timeMicros, value, number, source, otherFile, otherPosition, id);
    }
  }

  /** Some labels as they are shuffled and kept; files stand once. */
  public static final class RowsCoder extends StatelessCoder<List<Row>> {
    private static final long serialVersionUID = 1;
    private static final RowCoder ROW = new RowCoder();

    @Override
    public void encode(List<Row> rows, OutputStream stream) throws IOException {
      Map<String, Integer> files = new LinkedHashMap<>();
      rows.forEach(row -> files.putIfAbsent(row.file(), files.size()));
      DataOutputStream data = new DataOutputStream(stream);
      data.writeInt(files.size());
      for (String file : files.keySet()) {
        RowCoder.write(file.getBytes(StandardCharsets.UTF_8), data);
      }
      data.writeInt(rows.size());
      for (Row row : rows) {
        ROW.encode(row, data);
        VarInt.encode(files.get(row.file()), data);
        VarInt.encode(row.position(), data);
      }
    }

    @Override
    public List<Row> decode(InputStream stream) throws IOException {
      DataInputStream data = new DataInputStream(stream);
      String[] files = new String[data.readInt()];
      for (int i = 0; i < files.length; i++) {
        files[i] = RowCoder.text(data);
      }
      int size = data.readInt();
      List<Row> rows = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        Row row = ROW.decode(data);
        rows.add(row.at(files[VarInt.decodeInt(data)], VarInt.decodeLong(data)));
      }
      return rows;
    }
  }

  /** A single label, without the place where it stood. */
  static final class RowCoder extends StatelessCoder<Row> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(Row row, OutputStream stream) throws IOException {
      DataOutputStream data = new DataOutputStream(stream);
      data.writeLong(row.timeMicros());
      data.writeBoolean(row.value() == null);
      if (row.value() == null) {
        data.writeDouble(row.number());
      } else {
        write(row.value().getBytes(StandardCharsets.UTF_8), data);
      }
      write(row.source().getBytes(StandardCharsets.UTF_8), data);
      write(row.id(), data);
    }

    private static void write(byte[] bytes, DataOutputStream data) throws IOException {
      data.writeInt(bytes.length);
      data.write(bytes);
    }

    @Override
    public Row decode(InputStream stream) throws IOException {
      DataInputStream data = new DataInputStream(stream);
      long time = data.readLong();
      boolean numeric = data.readBoolean();
      double number = numeric ? data.readDouble() : Double.NaN;
      String value = numeric ? null : text(data);
      String source = text(data);
      byte[] id = data.readNBytes(data.readInt());
      Hash128 hash = Hash128.of(id);
      return new Row(hash.high(), hash.low(), time, value, number, source, "", 0, id);
    }

    private static String text(DataInputStream data) throws IOException {
      return new String(data.readNBytes(data.readInt()), StandardCharsets.UTF_8);
    }
  }

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
