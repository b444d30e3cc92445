package io.tidemark.event;

import io.tidemark.stats.Hash128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a join of labels needs of predictions, packed: a hash of the id, the event time, which of
 * the pack's model versions, and where the log itself carries labels a hash of what it says. 28 or
 * 44 bytes a row where an object would take a hundred.
 */
public final class PredictionKeys {
  /** First byte of what is packed; {@link LabelRows} have another. */
  public static final byte KIND = 0;

  /** In place of what the log says where it says nothing. */
  public static final Hash128 NO_LABEL = new Hash128(0, 0);

  private static final int HEADER = 2;
  private static final int ENTRY = 28;
  private static final int HASH = 16;

  private final int entry;
  private final Map<String, Integer> versions = new LinkedHashMap<>();
  private String lastVersion;
  private int lastCode;
  private byte[] bytes = new byte[1024];
  private ByteBuffer buffer = ByteBuffer.wrap(bytes);

  /**
   * @param own whether the log itself carries labels
   */
  public PredictionKeys(boolean own) {
    this.entry = own ? ENTRY + HASH : ENTRY;
    buffer.put(KIND).put((byte) (own ? 1 : 0));
  }

  /** A row's own label as a number that equal labels share. */
  public static Hash128 hashOf(String label) {
    if (label == null) {
      return NO_LABEL;
    }
    Hash128 hash = Hash128.of(label.getBytes(StandardCharsets.UTF_8));
    return hash.equals(NO_LABEL) ? new Hash128(0, 1) : hash;
  }

  /**
   * @param own {@link #hashOf} what the log says
   */
  public void add(Hash128 id, long timeMicros, String version, Hash128 own) {
    if (buffer.remaining() < entry) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
      buffer = ByteBuffer.wrap(bytes).position(buffer.position());
    }
    put(id);
    buffer.putLong(timeMicros).putInt(code(version));
    if (entry > ENTRY) {
      put(own);
    }
  }

  private void put(Hash128 hash) {
    buffer.putLong(hash.high()).putLong(hash.low());
  }

  private int code(String version) {
    if (!version.equals(lastVersion)) {
      lastVersion = version;
      Integer code = versions.putIfAbsent(version, versions.size());
      lastCode = code == null ? versions.size() - 1 : code;
    }
    return lastCode;
  }

  /** About how many bytes {@link #packed()} has. */
  public int size() {
    return buffer.position();
  }

  public byte[] packed() {
    int rows = buffer.position();
    byte[] packed = Arrays.copyOf(bytes, rows + versions.size() * HASH + Integer.BYTES);
    ByteBuffer table = ByteBuffer.wrap(packed).position(rows);
    for (String version : versions.keySet()) {
      Hash128 hash = RowHash.ofVersion(version);
      table.putLong(hash.high()).putLong(hash.low());
    }
    table.putInt(versions.size());
    return packed;
  }

  /** Takes the rows of a pack. */
  public interface Visitor {
    void row(long high, long low, long timeMicros, Hash128 version, Hash128 own);
  }

  private static Hash128[] versions(byte[] packed) {
    ByteBuffer in = ByteBuffer.wrap(packed);
    Hash128[] versions = new Hash128[in.getInt(packed.length - Integer.BYTES)];
    in.position(packed.length - Integer.BYTES - versions.length * HASH);
    for (int i = 0; i < versions.length; i++) {
      versions[i] = new Hash128(in.getLong(), in.getLong());
    }
    return versions;
  }

  /** How many rows a pack holds. */
  public static int count(byte[] packed) {
    int table = versions(packed).length * HASH + Integer.BYTES;
    return (packed.length - HEADER - table) / (packed[1] == 1 ? ENTRY + HASH : ENTRY);
  }

  public static void read(byte[] packed, Visitor visitor) {
    boolean own = packed[1] == 1;
    Hash128[] versions = versions(packed);
    ByteBuffer in = ByteBuffer.wrap(packed).position(HEADER);
    for (int left = count(packed); left > 0; left--) {
      visitor.row(
          in.getLong(),
          in.getLong(),
          in.getLong(),
          versions[in.getInt()],
          own ? new Hash128(in.getLong(), in.getLong()) : NO_LABEL);
    }
  }
}
