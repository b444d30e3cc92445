package io.tidemark.pipeline;

import io.tidemark.labelissues.FindLabelIssues;
import io.tidemark.labelissues.LabelTold;
import io.tidemark.stats.CountText;
import io.tidemark.stats.PlainText;
import io.tidemark.store.OutputFiles;
import java.util.List;

/** The label issues of a run in a line. */
public final class LabelIssueSummary {
  private LabelIssueSummary() {}

  /** "" where no period was judged. */
  public static String text(List<LabelTold> periods, String output) {
    if (periods.isEmpty()) {
      return "";
    }
    long confident = periods.stream().mapToLong(LabelTold::confident).sum();
    long ambiguous = periods.stream().mapToLong(LabelTold::ambiguous).sum();
    long flipped = periods.stream().mapToLong(LabelTold::flipped).sum();
    long conflicting = periods.stream().mapToLong(LabelTold::conflicting).sum();
    long queued = periods.stream().mapToLong(LabelTold::queued).sum();
    return "Label issues: "
        + CountText.of(confident, "label that the model doubts", "labels that the model doubts")
        + ", "
        + CountText.of(ambiguous, "ambiguous input")
        + ", "
        + CountText.of(flipped, "input whose label changed", "inputs whose label changed")
        + (conflicting == 0
            ? ""
            : ", "
                + CountText.of(
                    conflicting, "row whose sources disagree", "rows whose sources disagree"))
        + "; "
        + CountText.of(queued, "row")
        + " to look at in "
        + OutputFiles.path(output, FindLabelIssues.QUEUE);
  }

  /** Of each column of queues that shows nothing a line that says so, and what to do. */
  public static List<String> blocked(List<LabelTold> periods) {
    return periods.stream()
        .flatMap(period -> period.blocked().stream())
        .distinct()
        .sorted()
        .map(
            column ->
                "review/ shows nothing of column "
                    + PlainText.of(column)
                    + ": among its values is what looks like personal data. Mask or exclude it"
                    + " (snapshot.mask, snapshot.exclude), or allow it (snapshot.allow_personal)")
        .toList();
  }
}
