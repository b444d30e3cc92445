package io.tidemark.event;

import io.tidemark.stats.Hash128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a join of labels needs of predictions, packed: a hash of the id, the event time, a hash of
 * the model version, and where the log itself carries labels a hash of what it says. 28 or 36 bytes
 * a row where an object would take a hundred.
 */
public final class PredictionKeys {
  /** First byte of what is packed; {@link LabelRows} have another. */
  public static final byte KIND = 0;

  private static final int HEADER = 2;
  private static final int ENTRY = 28;

  private final int entry;
  private byte[] bytes = new byte[1024];
  private ByteBuffer buffer = ByteBuffer.wrap(bytes);

  /**
   * @param own whether the log itself carries labels
   */
  public PredictionKeys(boolean own) {
    this.entry = own ? ENTRY + 8 : ENTRY;
    buffer.put(KIND).put((byte) (own ? 1 : 0));
  }

  /** A row's own label as a number that equal labels share; 0 is none. */
  public static long hashOf(String label) {
    if (label == null) {
      return 0;
    }
    long hash = Hash128.of(label.getBytes(StandardCharsets.UTF_8)).low();
    return hash == 0 ? 1 : hash;
  }

  /**
   * @param version {@code hashCode()} of the version's text
   * @param own {@link #hashOf} what the log says
   */
  public void add(Hash128 id, long timeMicros, int version, long own) {
    if (buffer.remaining() < entry) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
      buffer = ByteBuffer.wrap(bytes).position(buffer.position());
    }
    buffer.putLong(id.high()).putLong(id.low()).putLong(timeMicros).putInt(version);
    if (entry > ENTRY) {
      buffer.putLong(own);
    }
  }

  /** About how many bytes {@link #packed()} has. */
  public int size() {
    return buffer.position();
  }

  public byte[] packed() {
    return Arrays.copyOf(bytes, buffer.position());
  }

  /** Takes the rows of a pack. */
  public interface Visitor {
    void row(long high, long low, long timeMicros, int version, long own);
  }

  /** How many rows a pack holds. */
  public static int count(byte[] packed) {
    return (packed.length - HEADER) / (packed[1] == 1 ? ENTRY + 8 : ENTRY);
  }

  public static void read(byte[] packed, Visitor visitor) {
    boolean own = packed[1] == 1;
    ByteBuffer in = ByteBuffer.wrap(packed).position(HEADER);
    while (in.hasRemaining()) {
      visitor.row(in.getLong(), in.getLong(), in.getLong(), in.getInt(), own ? in.getLong() : 0);
    }
  }
}
