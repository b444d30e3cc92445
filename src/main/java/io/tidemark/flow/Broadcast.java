package io.tidemark.flow;

import io.tidemark.stats.Hash128;
import java.io.Serializable;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.util.SerializableUtils;

/**
 * Something large and unchanging that steps need on the workers: it travels as one array of bytes
 * and is unpacked once a process. Runners unpack a step many times over (the direct runner several
 * times a bundle), and a graph of thousands of objects would cost more than the step's work.
 */
public final class Broadcast<T extends Serializable> implements Serializable {
  private static final long serialVersionUID = 1;

  // By content, so whoever asks gets the same thing; softly, so that it is no leak.
  private static final Map<Hash128, SoftReference<Object>> UNPACKED = new ConcurrentHashMap<>();

  private final byte[] bytes;
  private final long high;
  private final long low;

  private transient T value;

  private Broadcast(T value, byte[] bytes) {
    this.value = value;
    this.bytes = bytes;
    Hash128 hash = Hash128.of(bytes);
    this.high = hash.high();
    this.low = hash.low();
  }

  public static <T extends Serializable> Broadcast<T> of(T value) {
    return new Broadcast<>(value, SerializableUtils.serializeToByteArray(value));
  }

  @SuppressWarnings("unchecked") // the bytes are those of a T
  public T get() {
    if (value == null) {
      Hash128 hash = new Hash128(high, low);
      SoftReference<Object> known = UNPACKED.get(hash);
      Object unpacked = known == null ? null : known.get();
      if (unpacked == null) {
        unpacked = SerializableUtils.deserializeFromByteArray(bytes, "shipped");
        UNPACKED.put(hash, new SoftReference<>(unpacked));
      }
      value = (T) unpacked;
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Broadcast<?> that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(low);
  }
}
