package io.tidemark.ingest;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.transforms.Combine;

/**
 * Where the rows of a run went. They travel with the data, not as runner metrics: a retried bundle
 * must not count twice.
 *
 * @param duplicate copies removed, those that differ included
 * @param conflicting removed copies that differ from the one kept
 * @param lookedBack of the profiled rows, those before the run's own bounds, which were read again
 *     because their labels may have come since
 * @param minTime first event time of the profiled rows, or {@link Long#MAX_VALUE}
 * @param maxTime last event time of the profiled rows, or {@link Long#MIN_VALUE}
 */
public record RowCounts(
    long read,
    long profiled,
    long duplicate,
    long conflicting,
    long late,
    long outOfRange,
    long deadLettered,
    long lookedBack,
    long minTime,
    long maxTime)
    implements Serializable {

  public static final RowCounts NONE =
      new RowCounts(0, 0, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);

  public RowCounts plus(RowCounts other) {
    return new RowCounts(
        read + other.read,
        profiled + other.profiled,
        duplicate + other.duplicate,
        conflicting + other.conflicting,
        late + other.late,
        outOfRange + other.outOfRange,
        deadLettered + other.deadLettered,
        lookedBack + other.lookedBack,
        Math.min(minTime, other.minTime),
        Math.max(maxTime, other.maxTime));
  }

  /** Every row read went somewhere, and nowhere twice. */
  public boolean balanced() {
    return read == profiled + duplicate + late + outOfRange + deadLettered;
  }

  /** Sums counts in any order. */
  static final class Sum extends Combine.BinaryCombineFn<RowCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public RowCounts apply(RowCounts left, RowCounts right) {
      return left.plus(right);
    }

    @Override
    public RowCounts identity() {
      return NONE;
    }
  }

  /** Ten longs. */
  public static final class RowCountsCoder extends CustomCoder<RowCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(RowCounts counts, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(counts.read);
      data.writeLong(counts.profiled);
      data.writeLong(counts.duplicate);
      data.writeLong(counts.conflicting);
      data.writeLong(counts.late);
      data.writeLong(counts.outOfRange);
      data.writeLong(counts.deadLettered);
      data.writeLong(counts.lookedBack);
      data.writeLong(counts.minTime);
      data.writeLong(counts.maxTime);
    }

    @Override
    public RowCounts decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      return new RowCounts(
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong());
    }

    @Override
    public void verifyDeterministic() {}

    @Override
    public boolean equals(Object other) {
      return other instanceof RowCountsCoder;
    }

    @Override
    public int hashCode() {
      return RowCountsCoder.class.hashCode();
    }
  }
}
