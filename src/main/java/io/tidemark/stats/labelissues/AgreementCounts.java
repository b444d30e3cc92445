package io.tidemark.stats.labelissues;

import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;

/**
 * How sources agree on the rows that several of them labelled: by what they said, and with the
 * label that a trusted source has decided on in the place of all that it overrides. Exact and
 * order-free. Not safe for use by several threads.
 */
public final class AgreementCounts {
  private final PairCounts before;
  private final PairCounts after;
  private long rows;
  private long disagreeing;
  private long decided;
  private long cut;

  public AgreementCounts() {
    this(new PairCounts(), new PairCounts());
  }

  private AgreementCounts(PairCounts before, PairCounts after) {
    this.before = before;
    this.after = after;
  }

  /** Whether the labels of a row differ. */
  public static boolean disagree(List<String> said) {
    return new HashSet<>(said).size() > 1;
  }

  /**
   * Adds a row that several sources labelled.
   *
   * @param by the sources, ascending, each once
   * @param said what each of them says: one text for all spellings of a class
   * @param trusted the label that stands in place of all others; null: nobody has decided
   * @param more whether there are further sources, which are not told
   */
  public void add(List<String> by, List<String> said, String trusted, boolean more) {
    rows++;
    boolean differ = disagree(said);
    disagreeing += differ ? 1 : 0;
    decided += differ && trusted != null ? 1 : 0;
    cut += more ? 1 : 0;
    before.add(by, said);
    after.add(by, trusted == null ? said : Collections.nCopies(by.size(), trusted));
  }

  /** Adds what the other counted. */
  public void merge(AgreementCounts other) {
    rows += other.rows;
    disagreeing += other.disagreeing;
    decided += other.decided;
    cut += other.cut;
    before.merge(other.before);
    after.merge(other.after);
  }

  /** Rows that several sources labelled. */
  public long rows() {
    return rows;
  }

  /** Those of them of which sources say different things. */
  public long disagreeing() {
    return disagreeing;
  }

  /** Those of the disagreeing ones that a trusted source has decided on. */
  public long decided() {
    return decided;
  }

  /** Rows with more sources than were told. */
  public long cut() {
    return cut;
  }

  /** By what sources said. */
  public PairCounts before() {
    return before;
  }

  /** With the labels of trusted sources in place of those that they override. */
  public PairCounts after() {
    return after;
  }

  /** Equal states give equal bytes. */
  public void write(DataOutput out) throws IOException {
    Varint.write(rows, out);
    Varint.write(disagreeing, out);
    Varint.write(decided, out);
    Varint.write(cut, out);
    before.write(out);
    after.write(out);
  }

  /** Reads what was written. */
  public static AgreementCounts read(DataInput in) throws IOException {
    long[] counts = {Varint.read(in), Varint.read(in), Varint.read(in), Varint.read(in)};
    AgreementCounts read = new AgreementCounts(PairCounts.read(in), PairCounts.read(in));
    read.rows = counts[0];
    read.disagreeing = counts[1];
    read.decided = counts[2];
    read.cut = counts[3];
    return read;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof AgreementCounts other
        && rows == other.rows
        && disagreeing == other.disagreeing
        && decided == other.decided
        && cut == other.cut
        && before.equals(other.before)
        && after.equals(other.after);
  }

  @Override
  public int hashCode() {
    return 31 * before.hashCode() + after.hashCode();
  }

  @Override
  public String toString() {
    return "AgreementCounts[rows=" + rows + ", before=" + before + ", after=" + after + "]";
  }
}
