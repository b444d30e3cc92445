package io.tidemark.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 128-bit MurmurHash3 (x64 variant, seed 0): not for secrets, but two different inputs of a
 * thousand billion share one with a probability below 1e-14.
 */
public record Hash128(long high, long low) implements Comparable<Hash128> {
  private static final long C1 = 0x87c37b91114253d5L;
  private static final long C2 = 0x4cf5ad432745937fL;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  public static Hash128 of(byte[] data) {
    return of(data, 0, data.length);
  }

  /** Hash of {@code length} bytes from {@code offset}. */
  public static Hash128 of(byte[] data, int offset, int length) {
    long h1 = 0;
    long h2 = 0;
    int blocks = length >> 4;
    for (int i = 0; i < blocks; i++) {
      h1 ^= mix1(word(data, offset + i * 16, 8));
      h1 = Long.rotateLeft(h1, 27) + h2;
      h1 = h1 * 5 + 0x52dce729;
      h2 ^= mix2(word(data, offset + i * 16 + 8, 8));
      h2 = Long.rotateLeft(h2, 31) + h1;
      h2 = h2 * 5 + 0x38495ab5;
    }
    int rest = length & 15;
    int tail = offset + blocks * 16;
    if (rest > 8) {
      h2 ^= mix2(word(data, tail + 8, rest - 8));
    }
    if (rest > 0) {
      h1 ^= mix1(word(data, tail, Math.min(rest, 8)));
    }
    h1 ^= length;
    h2 ^= length;
    h1 += h2;
    h2 += h1;
    h1 = finish(h1);
    h2 = finish(h2);
    h1 += h2;
    h2 += h1;
    return new Hash128(h1, h2);
  }

  /** A well-spread function of one long: MurmurHash3's finaliser, a bijection. */
  public static long finish(long h) {
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 33;
    return h;
  }

  private static long mix1(long k) {
    return Long.rotateLeft(k * C1, 31) * C2;
  }

  private static long mix2(long k) {
    return Long.rotateLeft(k * C2, 33) * C1;
  }

  private static long word(byte[] data, int at, int bytes) {
    if (bytes == Long.BYTES) {
      return (long) WORDS.get(data, at);
    }
    long word = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      word = word << 8 | data[at + i] & 0xFF;
    }
    return word;
  }

  /** Order of the unsigned 128-bit number. */
  @Override
  public int compareTo(Hash128 other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
