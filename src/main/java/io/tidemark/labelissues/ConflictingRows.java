package io.tidemark.labelissues;

import io.tidemark.event.ClassText;
import io.tidemark.event.SourceLabels;
import io.tidemark.stats.labelissues.AgreementCounts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * The rows that several sources labelled: how far these agree, and whole rows of which they say
 * different things and no trusted source has decided; above the capacity of {@link DoubtfulRows}
 * those whose label most sources speak against.
 */
final class ConflictingRows {
  private final AgreementCounts counts;
  private final DoubtfulRows rows;

  ConflictingRows() {
    this(new AgreementCounts(), new DoubtfulRows());
  }

  private ConflictingRows(AgreementCounts counts, DoubtfulRows rows) {
    this.counts = counts;
    this.rows = rows;
  }

  /** Names of sources. */
  static List<String> by(SourceLabels sources) {
    return sources.said().stream().map(SourceLabels.Said::source).toList();
  }

  /** What they say, one text for all spellings of a class. */
  static List<String> said(SourceLabels sources) {
    return sources.said().stream().map(each -> ClassText.key(each.label())).toList();
  }

  /** The share of a row's sources that say something else than its label. */
  static double against(String label, SourceLabels sources) {
    String key = ClassText.key(label);
    long others = said(sources).stream().filter(each -> !each.equals(key)).count();
    return (double) others / sources.said().size();
  }

  /**
   * Adds a row.
   *
   * @param row with several sources
   */
  void add(LabelledRow row) {
    List<String> said = said(row.sources);
    String decided = row.settled ? ClassText.key(row.label) : null;
    counts.add(by(row.sources), said, decided, row.sources.more());
    if (!row.settled && AgreementCounts.disagree(said)) {
      double standing = -against(row.label, row.sources);
      if (rows.wants(standing)) {
        rows.add(standing, row.hash(), row.event());
      }
    }
  }

  void merge(ConflictingRows other) {
    counts.merge(other.counts);
    rows.merge(other.rows);
  }

  boolean isEmpty() {
    return counts.rows() == 0;
  }

  AgreementCounts counts() {
    return counts;
  }

  DoubtfulRows rows() {
    return rows;
  }

  /** Equal states give equal bytes. */
  void write(DataOutput out) throws IOException {
    counts.write(out);
    rows.write(out);
  }

  static ConflictingRows read(DataInput in) throws IOException {
    return new ConflictingRows(AgreementCounts.read(in), DoubtfulRows.read(in));
  }
}
