package io.tidemark.snapshot;

import io.tidemark.schema.Slice;
import io.tidemark.stats.HalfWidth;
import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a snapshot's rows tell of a region of a period, by their weights. */
final class RegionFigures {
  private static final int EXEMPLARS = 3;

  private double rows;
  private double labelled;
  private double errors;
  private double squares;
  private final Map<String, Double> classes = new TreeMap<>();
  private final List<Exemplar> exemplars = new ArrayList<>();

  private record Exemplar(boolean labelled, long place, SnapshotRow row) {
    private static final Comparator<Exemplar> ORDER =
        Comparator.comparing((Exemplar each) -> !each.labelled)
            .thenComparing(Exemplar::place, Long::compareUnsigned)
            .thenComparing(each -> each.row.name());
  }

  /**
   * @param label null: nobody knows the truth
   * @param error null: nothing can be held against it
   * @param seed of which rows are shown
   */
  void add(SnapshotRow row, String label, Double error, long seed) {
    rows += row.weight();
    if (label != null) {
      classes.merge(label, row.weight(), Double::sum);
    }
    if (error != null) {
      labelled += row.weight();
      errors += row.weight() * error;
      squares += row.weight() * error * error;
    }
    String named = "exemplar|" + seed + "|" + row.name();
    long place = Hash128.of(named.getBytes(StandardCharsets.UTF_8)).high();
    exemplars.add(new Exemplar(label != null, place, row));
    exemplars.sort(Exemplar.ORDER);
    if (exemplars.size() > EXEMPLARS) {
      exemplars.remove(EXEMPLARS);
    }
  }

  /** Rows of the period, estimated. */
  double rows() {
    return rows;
  }

  /** Those with a label, by the label's text. */
  Map<String, Double> classes() {
    return classes;
  }

  List<SnapshotRow> exemplars() {
    return exemplars.stream().map(Exemplar::row).toList();
  }

  /**
   * How well the error of a region is known.
   *
   * @param labelled rows that it is told from
   * @param mean NaN: not known
   * @param deviation of the errors; NaN: not known
   */
  record Known(double labelled, double mean, double deviation) {
    /** As {@code slices/} has it, of all labelled rows where not all were looked at. */
    static Known of(Slice slice) {
      double looked = slice.getSize();
      boolean some = slice.getError() != null && looked > 0;
      return new Known(
          slice.getRows() == 0 ? 0 : looked * slice.getRowsLabelled() / slice.getRows(),
          some ? slice.getError() : Double.NaN,
          some && slice.getUpper() != null
              ? HalfWidth.deviation(slice.getUpper() - slice.getError(), looked)
              : Double.NaN);
    }
  }

  Known known() {
    double mean = labelled == 0 ? Double.NaN : errors / labelled;
    double variance = labelled == 0 ? Double.NaN : squares / labelled - mean * mean;
    return new Known(labelled, mean, Math.sqrt(Math.max(0, variance)));
  }
}
