package io.tidemark.spec;

import io.tidemark.stats.labelissues.LabelFilter;
import java.io.Serializable;

/**
 * The search for labels that are wrong or disagree (METHODS 6).
 *
 * @param filter which rows confident learning takes
 */
public record LabelIssuesSpec(LabelFilter filter) implements Serializable {
  /** Where a spec has no such section. */
  public static final LabelIssuesSpec DEFAULT =
      new LabelIssuesSpec(LabelFilter.PRUNE_BY_NOISE_RATE);

  /** Null where it is turned off. */
  static LabelIssuesSpec read(SpecNode spec) {
    if (spec.isOff("label_issues")) {
      return null;
    }
    SpecNode node = spec.mapping("label_issues");
    if (node == null) {
      return DEFAULT;
    }
    LabelFilter filter = node.choice("filter", DEFAULT.filter, LabelFilter.class);
    node.end();
    return new LabelIssuesSpec(filter);
  }
}
