package io.tidemark.slices;

import io.tidemark.profile.LabelledState;
import io.tidemark.stats.SmallestRows;
import io.tidemark.stats.slices.CodedRows;
import io.tidemark.stats.slices.ErrorKind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Labelled rows of one window or period as codes and errors; above a capacity those with the
 * smallest hashes, as {@link SmallestRows} has them: a function of the rows alone, in any order.
 */
public final class CodedRowSample implements LabelledState {
  private final FeatureCodes codes;
  private final int[] counts;
  private final SmallestRows held;
  private long rows;
  private long labelled;

  CodedRowSample(FeatureCodes codes, int capacity) {
    this(codes, new SmallestRows(width(codes), capacity));
  }

  private CodedRowSample(FeatureCodes codes, SmallestRows held) {
    this.codes = codes;
    this.counts = codes.counts();
    this.held = held;
  }

  /** Bytes of a row: its hash, a code a feature (two bytes where there are many), its error. */
  private static int width(FeatureCodes codes) {
    int bytes = Long.BYTES + (codes.kind() == ErrorKind.LOSS ? Double.BYTES : 1);
    for (int count : codes.counts()) {
      bytes += wide(count) ? 2 : 1;
    }
    return bytes;
  }

  private static boolean wide(int count) {
    return count > 1 << Byte.SIZE;
  }

  FeatureCodes codes() {
    return codes;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public long labelled() {
    return labelled;
  }

  /** Adds a row that has no label to hold its prediction against. */
  void addUnlabelled() {
    rows++;
  }

  /** Whether a labelled row may be among those that are kept. */
  boolean wants(long hash) {
    return held.wants(hash);
  }

  /** Adds a labelled row that is not wanted. */
  void addUnwanted() {
    rows++;
    labelled++;
  }

  /**
   * @param hash uniform over all longs; the same wherever and whenever the row is met. A label that
   *     is joined to it makes no difference; one that a row without an id carries itself is part of
   *     that row, as nothing else can ever label it
   */
  void add(long hash, int[] rowCodes, double error) {
    rows++;
    labelled++;
    if (!wants(hash)) {
      return;
    }
    ByteBuffer row = held.add(hash);
    for (int i = 0; i < counts.length; i++) {
      if (wide(counts[i])) {
        row.putShort((short) rowCodes[i]);
      } else {
        row.put((byte) rowCodes[i]);
      }
    }
    if (codes.kind() == ErrorKind.LOSS) {
      row.putDouble(error + 0.0); // -0.0 is 0.0
    } else {
      row.put((byte) error);
    }
  }

  /** Takes the rows of another one into this. */
  CodedRowSample merge(CodedRowSample other) {
    rows += other.rows;
    labelled += other.labelled;
    held.merge(other.held);
    return this;
  }

  /** How many rows are kept. */
  int size() {
    return held.size();
  }

  /** Adds the rows that are kept. */
  void addTo(CodedRows.Builder all) {
    int[] rowCodes = new int[counts.length];
    ByteBuffer row = held.rows();
    while (row.hasRemaining()) {
      row.getLong();
      for (int j = 0; j < counts.length; j++) {
        rowCodes[j] = wide(counts[j]) ? row.getShort() & 0xFFFF : row.get() & 0xFF;
      }
      all.add(codes.kind() == ErrorKind.LOSS ? row.getDouble() : row.get(), rowCodes);
    }
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(rows);
    out.writeLong(labelled);
    held.write(out);
  }

  /**
   * @throws IOException if they are not what {@link #write} has written
   */
  static CodedRowSample read(FeatureCodes codes, int capacity, DataInput in) throws IOException {
    long rows = in.readLong();
    long labelled = in.readLong();
    CodedRowSample sample =
        new CodedRowSample(codes, SmallestRows.read(width(codes), capacity, in));
    sample.rows = rows;
    sample.labelled = labelled;
    return sample;
  }
}
