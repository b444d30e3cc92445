package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The exact sum of finite doubles, and of their squares: the same whatever the order of the values
 * and however they were split and merged. After the small superaccumulator of Radford M. Neal,
 * "Fast exact summation using small and large superaccumulators", arXiv:1505.05571 (2015): a
 * fixed-point number in limbs 32 bits apart, each kept in a long, so that carries wait for a
 * thousand additions. Only the limbs between the smallest and the largest that were touched are
 * held: a hundred bytes for usual data.
 *
 * <p>Nothing rounds, overflows or underflows inside: squares are added as 106-bit integers over
 * twice the range of a double's exponent. Not safe for use by several threads.
 */
public final class ExactSum {
  /** Limb 0 begins at 2^-2176, below the last bit of the smallest square, 2^-2148. */
  private static final int ORIGIN = -2176;

  /** The largest square takes limb 131; 2^63 of them two more. */
  private static final int MAX_LIMBS = 140;

  private static final int LIMB_BITS = 32;
  private static final long LIMB = 0xFFFF_FFFFL;
  private static final long FRACTION = 0xF_FFFF_FFFF_FFFFL;
  private static final long IMPLICIT = 0x10_0000_0000_0000L;
  private static final int SPECIAL = 0x7FF;

  /** An addition grows a limb by less than 2^53: so many leave one below 2^63. */
  private static final int ROOM = 1000;

  private static final long[] NONE = {};

  private long[] limbs = NONE;
  private int base;
  private int room = ROOM;

  /**
   * Adds a value.
   *
   * @throws IllegalArgumentException if it is infinite or NaN
   */
  public void add(double x) {
    if (x == 0) {
      return;
    }
    long bits = Double.doubleToRawLongBits(x);
    int exponent = exponent(bits);
    long significand = significand(bits);
    int position = exponent - 1075 - ORIGIN;
    int at = reserve(position / LIMB_BITS, 2);
    int shift = position % LIMB_BITS;
    long sign = bits >> 63; // 0 or -1: (v ^ sign) - sign is v or -v, without a branch
    long low = significand << shift & LIMB;
    long high = significand >>> (LIMB_BITS - shift);
    limbs[at] += (low ^ sign) - sign;
    limbs[at + 1] += (high ^ sign) - sign;
  }

  /**
   * Adds x², exactly for every finite x: what a double could not hold of a square is held here.
   *
   * @throws IllegalArgumentException if the value is infinite or NaN
   */
  public void addSquare(double x) {
    if (x == 0) {
      return;
    }
    long bits = Double.doubleToRawLongBits(x);
    int exponent = exponent(bits);
    long significand = significand(bits);
    long low = significand * significand;
    long high = Math.multiplyHigh(significand, significand);
    int position = 2 * (exponent - 1075) - ORIGIN;
    int at = reserve(position / LIMB_BITS, 4);
    int shift = position % LIMB_BITS;
    long middle = low >>> (LIMB_BITS - shift) | high << (LIMB_BITS + shift);
    limbs[at] += low << shift & LIMB;
    limbs[at + 1] += middle & LIMB;
    limbs[at + 2] += middle >>> LIMB_BITS;
    limbs[at + 3] += high >>> (LIMB_BITS - shift);
  }

  /**
   * Adds ±magnitude · 2^scale.
   *
   * @param magnitude an unsigned number
   * @param scale the exponent of a finite double's last bit or of its square's, or some more
   */
  void addScaled(long magnitude, int scale, boolean negative) {
    if (magnitude == 0) {
      return;
    }
    int position = scale - ORIGIN;
    int at = reserve(position / LIMB_BITS, 3);
    int shift = position % LIMB_BITS;
    long sign = negative ? -1 : 0;
    long low = magnitude << shift & LIMB;
    long middle = magnitude >>> (LIMB_BITS - shift) & LIMB;
    long high = shift == 0 ? 0 : magnitude >>> (2 * LIMB_BITS - shift);
    limbs[at] += (low ^ sign) - sign;
    limbs[at + 1] += (middle ^ sign) - sign;
    limbs[at + 2] += (high ^ sign) - sign;
  }

  /**
   * Adds a value {@code count} times.
   *
   * @throws IllegalArgumentException if it is infinite or NaN
   */
  public void add(double x, long count) {
    if (x == 0 || count == 0) {
      return;
    }
    long bits = Double.doubleToRawLongBits(x);
    int scale = exponent(bits) - 1075;
    addProduct(significand(bits), count, scale, bits < 0);
  }

  /**
   * Adds x² {@code count} times, exactly.
   *
   * @throws IllegalArgumentException if the value is infinite or NaN
   */
  public void addSquare(double x, long count) {
    if (x == 0 || count == 0) {
      return;
    }
    long bits = Double.doubleToRawLongBits(x);
    int scale = 2 * (exponent(bits) - 1075);
    long significand = significand(bits);
    long low = significand * significand;
    addProduct(low & LIMB, count, scale, false);
    addProduct(low >>> LIMB_BITS, count, scale + LIMB_BITS, false);
    addProduct(Math.multiplyHigh(significand, significand), count, scale + 64, false);
  }

  private void addProduct(long magnitude, long count, int scale, boolean negative) {
    addScaled(magnitude * count, scale, negative);
    // Both are below 2^63, so the signed product's upper half is the unsigned one's.
    addScaled(Math.multiplyHigh(magnitude, count), scale + 64, negative);
  }

  private static int exponent(long bits) {
    int exponent = (int) (bits >>> 52) & SPECIAL;
    if (exponent == SPECIAL) {
      throw new IllegalArgumentException("Not finite: " + Double.longBitsToDouble(bits));
    }
    return Math.max(exponent, 1);
  }

  private static long significand(long bits) {
    return (bits & FRACTION) | ((bits & ~FRACTION) << 1 == 0 ? 0 : IMPLICIT);
  }

  /**
   * The place of a limb in the array, with {@code count} limbs from it on ready for an addition.
   */
  private int reserve(int limb, int count) {
    if (--room < 0) {
      carry();
    }
    int at = limb - base;
    if (at < 0 || at + count > limbs.length) {
      cover(limb, limb + count);
      at = limb - base;
    }
    return at;
  }

  private void cover(int from, int to) {
    if (limbs.length == 0) {
      base = from;
      limbs = new long[to - from];
      return;
    }
    int start = Math.min(from, base);
    int end = Math.max(to, base + limbs.length);
    if (end - start > limbs.length) {
      long[] wider = new long[end - start];
      System.arraycopy(limbs, 0, wider, base - start, limbs.length);
      limbs = wider;
      base = start;
    }
  }

  private void carry() {
    limbs = carried(limbs);
    room = ROOM - 1;
  }

  /** All limbs but the top one within 0..2^32, the top one a signed 32-bit number. In place. */
  private static long[] carried(long[] limbs) {
    if (limbs.length == 0) {
      return limbs;
    }
    int top = limbs.length - 1;
    for (int i = 0; i < top; i++) {
      limbs[i + 1] += limbs[i] >> LIMB_BITS;
      limbs[i] &= LIMB;
    }
    if (limbs[top] == (int) limbs[top]) {
      return limbs;
    }
    long[] wider = Arrays.copyOf(limbs, limbs.length + 1);
    wider[top + 1] = wider[top] >> LIMB_BITS;
    wider[top] &= LIMB;
    return wider;
  }

  public void merge(ExactSum other) {
    if (other.limbs.length == 0) {
      return;
    }
    long[] more = other.limbs;
    carry();
    cover(other.base, other.base + more.length);
    int at = other.base - base;
    for (int i = 0; i < more.length; i++) {
      limbs[at + i] += more[i];
    }
    carry();
  }

  /** The sum, rounded once to the nearest double; an infinity if it is beyond their range. */
  public double value() {
    return Ratio.toDouble(significand(), BigInteger.ONE, exponent());
  }

  /** The sum over so many, rounded once; it may be in range where the sum is not. */
  public double over(long count) {
    return Ratio.toDouble(significand(), BigInteger.valueOf(count), exponent());
  }

  /** The sum is {@code significand() * 2^exponent()}, exactly. */
  BigInteger significand() {
    long[] digits = carried(limbs.clone());
    if (digits.length == 0) {
      return BigInteger.ZERO;
    }
    ByteBuffer bytes = ByteBuffer.allocate(digits.length * Integer.BYTES);
    for (int i = digits.length - 1; i >= 0; i--) {
      bytes.putInt((int) digits[i]);
    }
    return new BigInteger(bytes.array()); // two's complement, as the signed top limb makes them
  }

  int exponent() {
    return base * LIMB_BITS + ORIGIN;
  }

  /** Writes the sign and the limbs that are not zero: equal sums give equal bytes. */
  public void write(DataOutput out) throws IOException {
    long[] digits = carried(limbs.clone());
    boolean negative = digits.length > 0 && digits[digits.length - 1] < 0;
    if (negative) {
      // A magnitude's leading limbs are zero, a negative number's would depend on how many there
      // are.
      for (int i = 0; i < digits.length; i++) {
        digits[i] = -digits[i];
      }
      digits = carried(digits);
    }
    long used = Arrays.stream(digits).filter(digit -> digit != 0).count();
    Varint.write(used << 1 | (negative ? 1 : 0), out);
    int previous = 0;
    for (int i = 0; i < digits.length; i++) {
      if (digits[i] != 0) {
        Varint.write(base + i - previous, out);
        out.writeInt((int) digits[i]);
        previous = base + i;
      }
    }
  }

  public static ExactSum read(DataInput in) throws IOException {
    ExactSum sum = new ExactSum();
    int header = Varint.readInt(2 * MAX_LIMBS + 1, in);
    boolean negative = (header & 1) == 1;
    int limb = 0;
    for (int i = 0; i < header >> 1; i++) {
      limb += Varint.readInt(MAX_LIMBS, in);
      if (limb > MAX_LIMBS) {
        throw new StreamCorruptedException("A sum has no limb " + limb);
      }
      long digit = in.readInt() & LIMB;
      sum.cover(limb, limb + 1);
      sum.limbs[limb - sum.base] = negative ? -digit : digit;
    }
    sum.carry();
    return sum;
  }

  @Override
  public boolean equals(Object object) {
    if (!(object instanceof ExactSum other)) {
      return false;
    }
    int shift = exponent() - other.exponent();
    return shift >= 0
        ? significand().shiftLeft(shift).equals(other.significand())
        : significand().equals(other.significand().shiftLeft(-shift));
  }

  @Override
  public int hashCode() {
    return Double.hashCode(value());
  }

  @Override
  public String toString() {
    return Double.toString(value());
  }
}
