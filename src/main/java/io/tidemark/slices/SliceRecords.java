package io.tidemark.slices;

import io.tidemark.flow.WindowKey;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.Slice;
import io.tidemark.schema.SliceBefore;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.CountText;
import io.tidemark.stats.ShortNumber;
import io.tidemark.stats.slices.ComparePeriods;
import io.tidemark.stats.slices.ComparedSlice;
import io.tidemark.stats.slices.Conjunction;
import io.tidemark.stats.slices.ErrorKind;
import io.tidemark.stats.slices.SliceChange;
import io.tidemark.stats.slices.SliceFigures;
import io.tidemark.stats.slices.WeakSlices;
import io.tidemark.store.FindingKey;
import java.util.List;
import java.util.Locale;

/** What is said of one period and model version: records of the table, and findings. */
final class SliceRecords {
  private static final String METHOD = "sliceline";
  private static final int OTHER_NAMES = 10;

  private final PeriodRows now;
  private final PeriodRows before;
  private final SliceWords words;
  private final WeakSlices found;
  private final int predicates;
  private final boolean fewerPredicates;

  /**
   * The labelled rows of a period.
   *
   * @param labelled how many there are
   * @param looked at how many
   * @param meanError of these; NaN without rows
   * @param windows that have rows
   * @param over whether all windows of the period are there
   * @param complete whether none of these was cut off, either
   */
  record PeriodRows(
      WindowKey key,
      long end,
      ErrorKind kind,
      long labelled,
      int looked,
      double meanError,
      int windows,
      boolean over,
      boolean complete) {}

  /**
   * @param before null: there is nothing to compare with
   * @param predicates the most that were tried
   * @param fewerPredicates whether that is fewer than the spec asks for
   */
  SliceRecords(
      PeriodRows now,
      PeriodRows before,
      SliceWords words,
      WeakSlices found,
      int predicates,
      boolean fewerPredicates) {
    this.now = now;
    this.before = before;
    this.words = words;
    this.found = found;
    this.predicates = predicates;
    this.fewerPredicates = fewerPredicates;
  }

  /** All labelled rows as rank 0. */
  JudgedSlice all(List<ComparedSlice> slices) {
    Slice slice = begin("");
    slice.setRank(0);
    slice.setSize(now.looked());
    slice.setError(finite(now.meanError()));
    slice.setLift(now.meanError() > 0 ? 1.0 : null);
    if (before != null) {
      slice.setBefore(
          new SliceBefore((long) before.looked(), finite(before.meanError()), null, null));
    }
    Finding finding = finding("", now.looked(), before == null ? 0 : before.looked());
    finding.setValue(finite(now.meanError()));
    long weak = slices.stream().filter(SliceRecords::standsOut).count();
    finding.setReason(
        now.looked() == 0
            ? "no_labels: no row of the period has a label"
            : "mean error "
                + errors(now.meanError())
                + " of "
                + CountText.of(now.looked(), "row")
                + "; "
                + CountText.of(weak, "slice stands", "slices stand")
                + " out among "
                + CountText.of(found.tests(), "slice")
                + " with at least "
                + CountText.of(found.minSupport(), "row")
                + (now.labelled() > now.looked()
                    ? String.format(
                        Locale.ROOT,
                        "; of %,d labelled rows those with the smallest hashes",
                        now.labelled())
                    : "")
                + (fewerPredicates
                    ? "; no more than "
                        + CountText.of(predicates, "predicate")
                        + " together: there are very many features"
                    : ""));
    return new JudgedSlice(slice, finding, List.of());
  }

  private static boolean standsOut(ComparedSlice slice) {
    return slice.named() != null && slice.adjusted() <= ComparePeriods.RATE;
  }

  /**
   * @param rank from 1; null: it is not named in this period
   */
  JudgedSlice of(ComparedSlice compared, Integer rank) {
    SliceFigures figures = compared.figures();
    Slice slice = begin(words.of(compared.name()));
    slice.setRank(rank);
    slice.setPredicates(words.predicates(compared.name()));
    slice.setSize(figures.size());
    slice.setError(finite(figures.mean()));
    slice.setLift(finite(figures.lift()));
    slice.setLower(finite(figures.lower()));
    slice.setUpper(finite(figures.upper()));
    slice.setPValue(finite(figures.p()));
    slice.setAdjustedP(finite(compared.adjusted()));
    if (compared.named() != null) {
      List<Conjunction> others = compared.named().otherNames();
      slice.setScore(compared.named().score());
      slice.setOtherNames(others.stream().limit(OTHER_NAMES).map(words::of).toList());
      slice.setOtherNamesCount(others.size());
    }
    ComparedSlice.Earlier earlier = compared.earlier();
    if (earlier != null) {
      slice.setBefore(
          new SliceBefore(
              (long) earlier.figures().size(),
              finite(earlier.figures().mean()),
              finite(earlier.adjusted()),
              finite(earlier.changeP())));
      slice.setState(compared.change().word());
    }
    return new JudgedSlice(slice, finding(compared, slice), words.cells(compared.name()));
  }

  private Finding finding(ComparedSlice compared, Slice slice) {
    ComparedSlice.Earlier earlier = compared.earlier();
    Finding finding =
        finding(
            slice.getSlice(),
            compared.figures().size(),
            earlier == null ? 0 : earlier.figures().size());
    finding.setValue(slice.getError());
    finding.setPValue(slice.getPValue());
    finding.setAdjustedP(slice.getAdjustedP());
    boolean changed =
        compared.change() == SliceChange.NEW || compared.change() == SliceChange.WORSE;
    finding.setExceeded(standsOut(compared));
    finding.setAlarm(standsOut(compared) && changed && now.over());
    finding.setReason(reason(compared, changed && !now.over()));
    return finding;
  }

  /**
   * @param waits whether it would ring, were the period over
   */
  private String reason(ComparedSlice compared, boolean waits) {
    SliceFigures figures = compared.figures();
    StringBuilder reason = new StringBuilder();
    if (figures.size() == 0) {
      reason.append("no rows");
    } else {
      reason
          .append("mean error ")
          .append(errors(figures.mean()))
          .append(" of ")
          .append(CountText.of(figures.size(), "row"));
      if (Double.isFinite(figures.lift())) {
        reason.append(", ").append(ShortNumber.of(figures.lift())).append(" times that of all");
      }
      if (Double.isFinite(compared.adjusted())) {
        boolean out = compared.adjusted() <= ComparePeriods.RATE;
        reason
            .append(", adjusted p ")
            .append(ShortNumber.of(compared.adjusted()))
            .append(out ? " <= " : " > ")
            .append(ShortNumber.of(ComparePeriods.RATE));
      }
    }
    ComparedSlice.Earlier earlier = compared.earlier();
    if (earlier == null) {
      return reason.append("; there is no period before to compare with").toString();
    }
    reason.append("; ").append(compared.change().word()).append(": ");
    if (earlier.figures().size() == 0) {
      reason.append("no rows");
    } else {
      reason
          .append(errors(earlier.figures().mean()))
          .append(" of ")
          .append(CountText.of(earlier.figures().size(), "row"));
    }
    reason.append(" in the period before");
    if (Double.isFinite(earlier.changeP())) {
      reason.append(", p of the rise ").append(ShortNumber.of(earlier.changeP()));
    }
    return reason.append(waits ? "; the period is not over yet" : "").toString();
  }

  private String errors(double mean) {
    return now.kind() == ErrorKind.MISTAKE
        ? String.format(Locale.ROOT, "%.1f %%", 100 * mean)
        : ShortNumber.of(mean);
  }

  private Slice begin(String name) {
    Slice slice = new Slice();
    slice.setModel(now.key().model());
    slice.setModelVersion(now.key().version());
    slice.setPeriodStart(WindowSpec.instant(now.key().start()));
    slice.setPeriodEnd(WindowSpec.instant(now.end()));
    slice.setRevision(now.labelled());
    slice.setComplete(now.complete());
    slice.setSlice(name);
    slice.setPredicates(List.of());
    slice.setOtherNames(List.of());
    slice.setRows(now.looked());
    slice.setRowsLabelled(now.labelled());
    slice.setSampled(now.labelled() > now.looked());
    slice.setMinSupport(found.minSupport());
    slice.setMaxPredicates(predicates);
    slice.setWindows(now.windows());
    return slice;
  }

  private Finding finding(String subject, long rows, long rowsBefore) {
    return new FindingKey(
            now.key().model(),
            now.key().version(),
            now.key().start(),
            now.end(),
            "",
            FindingKind.weak_slice,
            subject,
            METHOD)
        .begin(now.labelled(), now.complete(), rowsBefore, rows);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
