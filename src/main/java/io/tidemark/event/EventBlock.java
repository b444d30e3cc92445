package io.tidemark.event;

import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.stats.Hash128;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows as a stream ships and holds them: by column, packed into one array of bytes. Packing row by
 * row costs several times as much, and so does every row's own objects while it is held.
 *
 * @param batch rows without anything that is unreadable or joined
 * @param high of the hashes of the batch's ids, by row ({@link RowHash#ofId}); null: rows have none
 * @param low of the same
 * @param others rows that a batch has no place for
 */
public record EventBlock(EventBatch batch, long[] high, long[] low, List<InferenceEvent> others) {

  /** Rows, those of the batch first. */
  public int rows() {
    return batch.times().length + others.size();
  }

  /** One row by itself. */
  public InferenceEvent event(int row) {
    int first = batch.times().length;
    return row < first ? batch.event(row) : others.get(row - first);
  }

  /** Hash of a row's id, see {@link RowHash#ofId}. */
  public Hash128 id(int row) {
    return row < batch.times().length
        ? new Hash128(high[row], low[row])
        : RowHash.ofId(event(row).id());
  }

  /** Event time of a row, microseconds since the epoch. */
  public long time(int row) {
    return row < batch.times().length ? batch.times()[row] : event(row).timeMicros();
  }

  /** Model version of a row, "" without one. */
  public String version(int row) {
    return row < batch.times().length ? batch.version(row) : event(row).version();
  }

  /** Puts a block together. Not safe for use by several threads. */
  public static final class Builder {
    private final boolean ids;
    private final BatchBuilder batch;
    private final List<InferenceEvent> others = new ArrayList<>();
    private String[] names = {};
    private long[] high = {};
    private long[] low = {};

    /**
     * @param ids whether ids are kept, and not only their hashes
     */
    public Builder(EventLayout layout, boolean ids) {
      this.ids = ids;
      this.batch = new BatchBuilder(layout, true);
    }

    /** Adds a row with the hash of its id; all rows have one, or none. */
    public void add(InferenceEvent event, Hash128 id) {
      if (event.invalid() != null
          || event.label() != null
          || event.disputed()
          || event.trusted() != null
          || event.sources() != null) {
        others.add(event);
        return;
      }
      int row = batch.rows();
      if (id != null) {
        if (row == high.length) {
          int more = Math.max(32, 2 * row);
          high = Arrays.copyOf(high, more);
          low = Arrays.copyOf(low, more);
          names = ids ? Arrays.copyOf(names, more) : names;
        }
        high[row] = id.high();
        low[row] = id.low();
        if (ids) {
          names[row] = event.id();
        }
      }
      batch.add(event);
    }

    public int rows() {
      return batch.rows() + others.size();
    }

    /** The rows' bytes. */
    public byte[] pack() {
      int rows = batch.rows();
      ByteOutput out = new ByteOutput(64 + 256 * rows);
      try {
        EventBatch columns = batch.batch();
        InferenceEventCoder.writeCount(rows, out);
        boolean hashed = rows > 0 && high.length > 0;
        out.writeByte((hashed ? 1 : 0) | (hashed && ids ? 2 : 0));
        if (hashed) {
          writeLongs(high, rows, out);
          writeLongs(low, rows, out);
          for (int row = 0; ids && row < rows; row++) {
            InferenceEventCoder.writeText(names[row], out);
          }
        }
        writeLongs(columns.times(), rows, out);
        writeTexts(columns.versions(), out);
        for (double[] numbers : columns.numbers()) {
          writeDoubles(numbers, out);
        }
        for (TextColumn texts : columns.categories()) {
          writeTexts(texts, out);
        }
        for (TextColumn texts : columns.extras()) {
          writeTexts(texts, out);
        }
        InferenceEventCoder.writeCount(others.size(), out);
        for (InferenceEvent event : others) {
          InferenceEventCoder.write(event, out);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e); // memory does not fail
      }
      return out.toByteArray();
    }
  }

  /** The rows of a block's bytes. */
  public static EventBlock unpack(EventLayout layout, byte[] packed) {
    try {
      return read(layout, new ByteInput(packed));
    } catch (IOException e) {
      throw new UncheckedIOException("A block of rows is damaged", e);
    }
  }

  private static EventBlock read(EventLayout layout, DataInput in) throws IOException {
    int rows = InferenceEventCoder.readCount(in);
    int kept = in.readByte();
    long[] high = (kept & 1) != 0 ? readLongs(rows, in) : null;
    long[] low = (kept & 1) != 0 ? readLongs(rows, in) : null;
    TextColumn ids = null;
    if ((kept & 2) != 0) {
      String[] names = new String[rows];
      int[] codes = new int[rows];
      for (int row = 0; row < rows; row++) {
        names[row] = InferenceEventCoder.readText(in);
        codes[row] = row;
      }
      ids = new TextColumn(names, codes);
    }
    long[] times = readLongs(rows, in);
    TextColumn versions = readTexts(rows, in);
    double[][] numbers = new double[layout.numbers()][];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = readDoubles(rows, in);
    }
    TextColumn[] categories = readTexts(layout.categories(), rows, in);
    TextColumn[] extras = readTexts(layout.extras().size(), rows, in);
    List<InferenceEvent> others = new ArrayList<>();
    for (int left = InferenceEventCoder.readCount(in); left > 0; left--) {
      others.add(InferenceEventCoder.read(in));
    }
    EventBatch batch =
        new EventBatch(
            layout,
            ids,
            times,
            versions,
            numbers,
            new boolean[layout.numbers()][],
            categories,
            extras);
    return new EventBlock(batch, high, low, others);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void writeLongs(long[] values, int count, DataOutput out) throws IOException {
    byte[] bytes = new byte[count * Long.BYTES];
    buffer(bytes).asLongBuffer().put(values, 0, count);
    out.write(bytes);
  }

  private static long[] readLongs(int count, DataInput in) throws IOException {
    byte[] bytes = new byte[count * Long.BYTES];
    in.readFully(bytes);
    long[] values = new long[count];
    buffer(bytes).asLongBuffer().get(values);
    return values;
  }

  private static void writeDoubles(double[] values, DataOutput out) throws IOException {
    byte[] bytes = new byte[values.length * Double.BYTES];
    buffer(bytes).asDoubleBuffer().put(values);
    out.write(bytes);
  }

  private static double[] readDoubles(int count, DataInput in) throws IOException {
    byte[] bytes = new byte[count * Double.BYTES];
    in.readFully(bytes);
    double[] values = new double[count];
    buffer(bytes).asDoubleBuffer().get(values);
    return values;
  }

  /** The values that rows have, then codes as wide as it takes; 0: missing. */
  private static void writeTexts(TextColumn texts, DataOutput out) throws IOException {
    String[] values = texts.values();
    InferenceEventCoder.writeCount(values.length, out);
    for (String value : values) {
      InferenceEventCoder.writeText(value, out);
    }
    int[] codes = texts.codes();
    int width = width(values.length);
    byte[] bytes = new byte[codes.length * width];
    ByteBuffer buffer = buffer(bytes);
    for (int code : codes) {
      switch (width) {
        case 0 -> {} // missing in every row
        case 1 -> buffer.put((byte) (code + 1));
        case 2 -> buffer.putShort((short) (code + 1));
        default -> buffer.putInt(code + 1);
      }
    }
    out.write(bytes);
  }

  private static TextColumn readTexts(int rows, DataInput in) throws IOException {
    String[] values = new String[InferenceEventCoder.readCount(in)];
    for (int i = 0; i < values.length; i++) {
      values[i] = InferenceEventCoder.readText(in);
    }
    int width = width(values.length);
    byte[] bytes = new byte[rows * width];
    in.readFully(bytes);
    ByteBuffer buffer = buffer(bytes);
    int[] codes = new int[rows];
    for (int row = 0; row < rows; row++) {
      int code =
          switch (width) {
            case 0 -> 0;
            case 1 -> buffer.get() & 0xFF;
            case 2 -> buffer.getShort() & 0xFFFF;
            default -> buffer.getInt();
          };
      codes[row] = code - 1;
    }
    return new TextColumn(values, codes);
  }

  private static TextColumn[] readTexts(int columns, int rows, DataInput in) throws IOException {
    TextColumn[] texts = new TextColumn[columns];
    for (int i = 0; i < columns; i++) {
      texts[i] = readTexts(rows, in);
    }
    return texts;
  }

  /** Bytes of a code. */
  private static int width(int values) {
    return values == 0 ? 0 : values < 1 << 8 ? 1 : values < 1 << 16 ? 2 : 4;
  }
}
