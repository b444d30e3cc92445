package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * ADWIN, adaptive windowing: alarms when the window since the last alarm can be cut into an older
 * and a newer part whose means differ by more than chance allows. Sees increases and decreases.
 * After Albert Bifet and Ricard Gavaldà, "Learning from time-changing data with adaptive
 * windowing", SDM 2007; River's definition, in which every bucket's end is a cut.
 *
 * <p>Cut into n0 older and n1 newer of W values of variance v, it alarms if |μ0 − μ1| &gt;
 * √(2·m·v·d) + ⅔·d·m, where m = 1/(n0 − min + 1) + 1/(n1 − min + 1) and d = ln(2·ln W / delta).
 *
 * <p>The window is held as the totals of buckets of 1, 2, 4... values, so many of each size: memory
 * grows with the logarithm of the window. As an alarm empties the window, nothing is ever taken off
 * its old end, and the spread within a bucket need not be known.
 */
public final class Adwin implements Detector {
  private static final int MAX_ROWS = 50;
  private static final int MAX_BUCKETS = 1000;

  /**
   * What is given once.
   *
   * @param delta probability of a false alarm, roughly, each time the cuts are looked at
   * @param clock outcomes from one look to the next
   * @param bucketsPerRow buckets of one size, 1 to 1000, before the two oldest are merged
   * @param minWindow values that each part of a cut must have
   * @param grace values up to which there is no look
   */
  public record Parameters(double delta, int clock, int bucketsPerRow, int minWindow, int grace)
      implements Detector.Parameters {
    public static final Parameters DEFAULT = new Parameters(.002, 32, 5, 5, 10);

    public Parameters {
      DetectorChecks.probability("delta", delta);
      DetectorChecks.atLeast(1, "clock", clock);
      DetectorChecks.atLeast(1, "bucketsPerRow", bucketsPerRow);
      DetectorChecks.atMost(MAX_BUCKETS, "bucketsPerRow", bucketsPerRow);
      DetectorChecks.atLeast(1, "minWindow", minWindow);
      DetectorChecks.atLeast(0, "grace", grace);
    }

    @Override
    public DetectorMethod method() {
      return DetectorMethod.ADWIN;
    }

    @Override
    public Adwin start() {
      return new Adwin(this);
    }
  }

  /** Buckets of one size, the oldest first. */
  private static final class Row {
    private final double[] totals;
    private int size;

    Row(int capacity) {
      totals = new double[capacity];
    }

    void add(double total) {
      totals[size++] = total;
    }

    double takeTwoOldest() {
      double total = totals[0] + totals[1];
      size -= 2;
      System.arraycopy(totals, 2, totals, 0, size);
      return total;
    }
  }

  private final Parameters parameters;

  /** Row i has buckets of 2^i values, so that the oldest values are in the last row. */
  private final List<Row> rows = new ArrayList<>();

  private long width;
  private double total;

  /** Sum of the squared deviations from the mean. */
  private double squares;

  /** Whether the newer part of the cut that was found has the greater mean. */
  private boolean rose;

  private Adwin(Parameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Verdict update(double x) {
    add(DetectorChecks.value(x));
    if (width % parameters.clock != 0 || width <= parameters.grace || !hasCut()) {
      return Verdict.NONE;
    }
    rows.clear();
    width = 0;
    total = 0;
    squares = 0;
    return Verdict.DRIFT;
  }

  @Override
  public boolean rose() {
    return rose;
  }

  private void add(double x) {
    if (width > 0) {
      double deviation = x - total / width;
      squares += width * deviation * deviation / (width + 1);
    }
    total += x;
    width++;
    row(0).add(x);
    for (int i = 0; rows.get(i).size > parameters.bucketsPerRow; i++) {
      row(i + 1).add(rows.get(i).takeTwoOldest());
    }
  }

  private Row row(int i) {
    if (i == rows.size()) {
      rows.add(new Row(parameters.bucketsPerRow + 1));
    }
    return rows.get(i);
  }

  private boolean hasCut() {
    long older = 0;
    double olderTotal = 0;
    double newerTotal = total;
    for (int i = rows.size() - 1; i >= 0; i--) {
      Row row = rows.get(i);
      for (int k = 0; k < row.size; k++) {
        older += 1L << i;
        olderTotal += row.totals[k];
        newerTotal -= row.totals[k];
        long newer = width - older;
        double rise = newerTotal / newer - olderTotal / older;
        if (older >= parameters.minWindow
            && newer >= parameters.minWindow
            && Math.abs(rise) > allowed((double) older, (double) newer)) {
          rose = rise > 0;
          return true;
        }
      }
    }
    return false;
  }

  private double allowed(double older, double newer) {
    double less = parameters.minWindow - 1;
    double m = 1 / (older - less) + 1 / (newer - less);
    double d = StrictMath.log(2 * StrictMath.log((double) width) / parameters.delta);
    return Math.sqrt(2 * m * (squares / width) * d) + 2.0 / 3 * d * m;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    DetectorFormat.writeHeader(DetectorMethod.ADWIN, out);
    out.writeDouble(parameters.delta);
    Varint.write(parameters.clock, out);
    Varint.write(parameters.bucketsPerRow, out);
    Varint.write(parameters.minWindow, out);
    Varint.write(parameters.grace, out);
    Varint.write(rows.size(), out);
    for (Row row : rows) {
      Varint.write(row.size, out);
      for (int k = 0; k < row.size; k++) {
        out.writeDouble(row.totals[k]);
      }
    }
    out.writeDouble(total);
    out.writeDouble(squares);
  }

  static Adwin read(DataInput in) throws IOException {
    Adwin adwin =
        new Parameters(
                in.readDouble(),
                Varint.readInt(Integer.MAX_VALUE, in),
                Varint.readInt(MAX_BUCKETS, in),
                Varint.readInt(Integer.MAX_VALUE, in),
                Varint.readInt(Integer.MAX_VALUE, in))
            .start();
    int count = Varint.readInt(MAX_ROWS, in);
    for (int i = 0; i < count; i++) {
      Row row = adwin.row(i);
      int size = Varint.readInt(adwin.parameters.bucketsPerRow, in);
      for (int k = 0; k < size; k++) {
        row.add(DetectorFormat.readNumber(in));
      }
      adwin.width += (long) size << i;
    }
    adwin.total = DetectorFormat.readNumber(in);
    adwin.squares = DetectorFormat.readNumber(in);
    return adwin;
  }
}
