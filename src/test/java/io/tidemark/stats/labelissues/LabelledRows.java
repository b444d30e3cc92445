package io.tidemark.stats.labelissues;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Rows with a label and scores, and what confident learning makes of them. */
public final class LabelledRows {
  @SuppressWarnings("ArrayRecordComponent")
  public record Row(String name, int given, double... scores) {}

  private final List<Row> rows = new ArrayList<>();
  private final int classes;

  public LabelledRows(int classes) {
    this.classes = classes;
  }

  /** Names them by their place: r00000, r00001 and so on. */
  public LabelledRows add(int given, double... scores) {
    StringBuilder name = new StringBuilder(Integer.toString(100_000 + rows.size()));
    rows.add(new Row(name.replace(0, 1, "r").toString(), given, scores));
    return this;
  }

  public List<Row> rows() {
    return rows;
  }

  SelfConfidence selfConfidence() {
    SelfConfidence state = new SelfConfidence(classes);
    rows.forEach(row -> state.add(row.given(), row.scores()));
    return state;
  }

  ConfidentCounts counts() {
    ConfidentCounts counts = new ConfidentCounts(selfConfidence().thresholds());
    rows.forEach(row -> counts.add(row.given(), row.scores()));
    return counts;
  }

  IssueRule rule(LabelFilter filter) {
    return IssueRule.of(filter, counts(), 1, Long.MAX_VALUE);
  }

  public Set<String> issues(LabelFilter filter) {
    return issues(rule(filter));
  }

  Set<String> issues(IssueRule rule) {
    SmallestMargins margins = new SmallestMargins(rule);
    rows.forEach(row -> margins.add(row.given(), row.scores(), row.name()));
    IssueCuts cuts = margins.cuts();
    Set<String> issues = new TreeSet<>();
    for (Row row : rows) {
      if (cuts.flags(row.given(), row.scores(), row.name())) {
        issues.add(row.name());
      }
    }
    return issues;
  }
}
