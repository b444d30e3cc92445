package io.tidemark.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of one partition of a {@link LabelTable}, and where its parts begin. */
final class LabelPartition {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final int ENTRY = 32;

  /** An entry's number and a time, in ascending order. */
  static final int DISPUTE = 12;

  /** An entry's number, a time and a value, in ascending order of the first two. */
  static final int TRUSTED = 20;

  /** An entry's number, a time, a source and a value, in ascending order of the first two. */
  static final int FURTHER = 20;

  /** In place of a source: from that time on there are more than are told apart. */
  static final int MORE = -1;

  /** Forms: texts that nobody is named for, numbers, and texts by source. */
  static final byte TEXTS = 0;

  static final byte NUMBERS = 1;
  static final byte BY_SOURCE = 2;

  private static final int GUESSES = 4;

  final byte[] packed;
  final int number;
  final int bits;
  final boolean numeric;
  final String[] values;
  final int entries;
  final int first;
  final int disputes;
  final int firstDispute;
  final int trusted;
  final int firstTrusted;
  final boolean bySource;
  final String[] sources;
  final int further;
  final int firstFurther;

  /** Codes of its values in the table's. */
  int[] codes;

  LabelPartition(byte[] packed) {
    this.packed = packed;
    ByteBuffer in = ByteBuffer.wrap(packed);
    number = in.getInt();
    bits = in.getInt();
    byte form = in.get();
    numeric = form == NUMBERS;
    bySource = form == BY_SOURCE;
    values = texts(in);
    disputes = in.getInt();
    firstDispute = in.position();
    in.position(firstDispute + disputes * DISPUTE);
    trusted = in.getInt();
    firstTrusted = in.position();
    in.position(firstTrusted + trusted * TRUSTED);
    sources = bySource ? texts(in) : new String[] {""};
    further = bySource ? in.getInt() : 0;
    firstFurther = in.position();
    in.position(firstFurther + further * FURTHER);
    entries = in.getInt();
    first = in.position();
  }

  private static String[] texts(ByteBuffer in) {
    String[] texts = new String[in.getInt()];
    for (int i = 0; i < texts.length; i++) {
      byte[] utf8 = new byte[in.getInt()];
      in.get(utf8);
      texts[i] = new String(utf8, StandardCharsets.UTF_8);
    }
    return texts;
  }

  /** Who gave an entry's label. */
  String source(int entry) {
    return bySource ? sources[(int) (word(entry, 3) >>> 32)] : "";
  }

  /** The place of the first label of further sources that is of this entry, or a later one. */
  private int further(int entry) {
    int from = 0;
    int to = further;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if ((int) INT.get(packed, firstFurther + middle * FURTHER) < entry) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** Whether further sources say something of an entry. */
  boolean hasFurther(int entry) {
    return isFurther(further(entry), entry);
  }

  private boolean isFurther(int at, int entry) {
    return at < further && (int) INT.get(packed, firstFurther + at * FURTHER) == entry;
  }

  long disputedSince(int entry) {
    int from = 0;
    int to = disputes;
    while (from < to) {
      int middle = (from + to) >>> 1;
      int at = firstDispute + middle * DISPUTE;
      int disputed = (int) INT.get(packed, at);
      if (disputed == entry) {
        return (long) LONG.get(packed, at + 4);
      }
      if (disputed < entry) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return Long.MAX_VALUE;
  }

  /** Where the latest trusted label of an entry is, of those up to a time; -1: none. */
  int trusted(int entry, long upTo) {
    int from = 0;
    int to = trusted;
    while (from < to) { // the first that is of a later entry, or later
      int middle = (from + to) >>> 1;
      int at = firstTrusted + middle * TRUSTED;
      int of = (int) INT.get(packed, at);
      if (of < entry || (of == entry && (long) LONG.get(packed, at + 4) <= upTo)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    int at = firstTrusted + (from - 1) * TRUSTED;
    return from > 0 && (int) INT.get(packed, at) == entry ? at : -1;
  }

  long word(int entry, int word) {
    return (long) LONG.get(packed, first + entry * ENTRY + word * 8);
  }

  /** Where an id stands, or -1. Hashes are spread evenly, so a guess is seldom far off. */
  int find(long high, long low) {
    int from = 0;
    int to = entries;
    double least = 0;
    double most = 0x1p53;
    double wanted = place(high);
    for (int guess = 0; from < to; guess++) {
      double share = (wanted - least) / (most - least);
      int middle =
          guess < GUESSES && share >= 0 && share <= 1
              ? from + (int) (share * (to - from - 1))
              : (from + to) >>> 1;
      int order = compare(middle, high, low);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
        least = place(word(middle, 0));
      } else {
        to = middle;
        most = place(word(middle, 0));
      }
    }
    return -1;
  }

  private double place(long high) {
    return (high << bits) >>> 11;
  }

  private int compare(int entry, long high, long low) {
    int order = Long.compareUnsigned(word(entry, 0), high);
    return order != 0 ? order : Long.compareUnsigned(word(entry, 1), low);
  }

  long time(int at) {
    return (long) LONG.get(packed, at + 4);
  }

  /** The value of a trusted label, as {@link #word} has that of an entry. */
  long trustedValue(int at) {
    return (long) LONG.get(packed, at + 12);
  }

  /** Calls what further sources say of an entry, in the order of time. */
  void forEachFurther(int entry, Further each) {
    for (int i = further(entry); isFurther(i, entry); i++) {
      int at = firstFurther + i * FURTHER;
      int source = (int) INT.get(packed, at + 12);
      each.said(time(at), source == MORE ? null : sources[source], (int) INT.get(packed, at + 16));
    }
  }

  /** Takes what a further source says. */
  interface Further {
    /**
     * @param source null: from that time on there are more than are told apart
     * @param value the code in the partition
     */
    void said(long time, String source, int value);
  }
}
