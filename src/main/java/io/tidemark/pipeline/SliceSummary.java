package io.tidemark.pipeline;

import io.tidemark.schema.Slice;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import io.tidemark.stats.PlainText;
import io.tidemark.stats.ShortNumber;
import io.tidemark.stats.slices.ComparePeriods;
import io.tidemark.store.ReadTable;
import io.tidemark.store.Table;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Where the model struggles in the last period of a run that has labels, read back from what the
 * run wrote.
 *
 * @param standOut its slices that do, the worst first
 */
record SliceSummary(List<Slice> standOut) {

  /**
   * @param first a time in the first window of the run
   * @param last a time in its last window
   */
  static SliceSummary read(MonitoringSpec spec, String output, long first, long last)
      throws IOException {
    if (!SlicesBranch.applies(spec)) {
      return new SliceSummary(List.of());
    }
    var period = spec.period();
    ReadTable<Slice> table = ReadTable.of(Table.SLICES, Slice.class, output, spec.model());
    TreeSet<Long> periods = new TreeSet<>(table.starts());
    for (long start : periods.subSet(period.startOf(first), true, last, true).descendingSet()) {
      List<Slice> slices = table.window(start);
      if (slices.stream().anyMatch(slice -> slice.getRowsLabelled() > 0)) {
        return new SliceSummary(
            slices.stream()
                .filter(SliceSummary::standsOut)
                .sorted(Comparator.comparing(Slice::getScore).reversed())
                .toList());
      }
    }
    return new SliceSummary(List.of());
  }

  private static boolean standsOut(Slice slice) {
    return slice.getRank() != null
        && slice.getRank() > 0
        && slice.getAdjustedP() != null
        && slice.getAdjustedP() <= ComparePeriods.RATE;
  }

  /** A line; "" where nothing stands out. */
  String text() {
    if (standOut.isEmpty()) {
      return "";
    }
    Slice worst = standOut.get(0);
    return String.format(
        Locale.ROOT,
        "Worst slice: %s%s: mean error %s of %s, %s times that of all%s (from %s to %s; %s)",
        PlainText.line(worst.getSlice()),
        worst.getModelVersion().isEmpty()
            ? ""
            : " of version " + PlainText.line(worst.getModelVersion()),
        ShortNumber.of(worst.getError()),
        CountText.of(worst.getSize(), "row"),
        ShortNumber.of(worst.getLift()),
        worst.getState() == null ? "" : ", " + worst.getState().replace('_', ' '),
        worst.getPeriodStart(),
        worst.getPeriodEnd(),
        CountText.of(standOut.size(), "slice stands", "slices stand") + " out");
  }
}
