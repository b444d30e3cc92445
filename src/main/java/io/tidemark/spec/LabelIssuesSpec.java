package io.tidemark.spec;

import io.tidemark.stats.labelissues.LabelFilter;
import java.io.Serializable;

/**
 * The search for labels that are wrong or disagree (METHODS 6).
 *
 * @param filter which rows confident learning takes
 * @param queue rows of a period that people are asked to look at, at most
 * @param setApart whether snapshots leave out rows whose labels people are to look at first
 */
public record LabelIssuesSpec(LabelFilter filter, int queue, boolean setApart)
    implements Serializable {
  /** Where a spec has no such section. */
  public static final LabelIssuesSpec DEFAULT =
      new LabelIssuesSpec(LabelFilter.PRUNE_BY_NOISE_RATE, 2000, true);

  private static final int MOST_QUEUED = 100_000;

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
    long queue = node.integer("queue", DEFAULT.queue, 1);
    if (queue > MOST_QUEUED) {
      node.problem("queue", "must be at most " + MOST_QUEUED + ", not " + queue);
    }
    boolean setApart = node.flag("set_apart", DEFAULT.setApart);
    node.end();
    return new LabelIssuesSpec(filter, (int) Math.min(queue, MOST_QUEUED), setApart);
  }
}
