package io.tidemark.snapshot;

import io.tidemark.flow.WindowKey;
import io.tidemark.profile.FieldCell;
import io.tidemark.snapshot.StrataGroup.Stratum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Labelled rows of the slices on which the model errs most. Nobody knows which these are while rows
 * pass, so they are looked for among the candidates of each cell of each field, which {@link
 * DriftedReason} keeps: a slice is a part of each of its cells, and of the cell that is known
 * furthest all of its rows are at hand below that cell's last priority.
 */
final class WeakSliceReason implements SamplingReason {
  static final String NAME = "weak_slice";

  /** Of asking for more where slices overlap. */
  private static final int MOST_STEPS = 10;

  private final DriftedReason cells = new DriftedReason();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String candidatesOf() {
    return cells.name();
  }

  @Override
  public EventStrata strata(Model model) {
    return cells.strata(model);
  }

  @Override
  public long candidates(long share) {
    return cells.candidates(share);
  }

  /**
   * The rows of a slice in one window.
   *
   * @param below the priority, as a fraction, below which all of them are known
   * @param priorities as fractions, ascending
   */
  private record Rows(WindowKey window, double below, double[] priorities) {}

  /**
   * Each slice has the same share of the rows, but none more than it has. Slices overlap, so what
   * lacks of all rows is asked for again: each row more that is asked for is one row more at most.
   */
  @Override
  public void allot(Allotment allotment) {
    List<List<Rows>> found = new ArrayList<>();
    List<Integer> available = new ArrayList<>();
    for (WeakSlice slice : allotment.slices()) {
      List<Rows> rows = rows(slice, allotment);
      found.add(rows);
      available.add(rows.stream().mapToInt(each -> each.priorities().length).sum());
    }
    int most = available.stream().mapToInt(Integer::intValue).sum();
    int asked = allotment.rows();
    List<SortedMap<WindowKey, Double>> taken = taken(found, EvenShares.quotas(available, asked));
    for (int step = 0; step < MOST_STEPS && asked < most; step++) {
      int lacking = allotment.rows() - distinct(found, taken);
      if (lacking <= 0) {
        break;
      }
      asked += lacking;
      taken = taken(found, EvenShares.quotas(available, asked));
    }
    for (int i = 0; i < found.size(); i++) {
      if (!taken.get(i).isEmpty()) {
        WeakSlice slice = allotment.slices().get(i);
        allotment.take(slice, taken.get(i));
        allotment.because(slice.findingId());
      }
    }
  }

  /** Thresholds of each slice's windows; empty where it gets no rows. */
  private static List<SortedMap<WindowKey, Double>> taken(
      List<List<Rows>> found, List<Integer> quotas) {
    List<SortedMap<WindowKey, Double>> taken = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      taken.add(quotas.get(i) > 0 ? thresholds(found.get(i), quotas.get(i)) : new TreeMap<>());
    }
    return taken;
  }

  private static int distinct(List<List<Rows>> found, List<SortedMap<WindowKey, Double>> taken) {
    Map<WindowKey, Set<Double>> rows = new HashMap<>();
    for (int i = 0; i < found.size(); i++) {
      for (Rows each : found.get(i)) {
        double below = taken.get(i).getOrDefault(each.window(), 0.);
        Set<Double> ofWindow = rows.computeIfAbsent(each.window(), any -> new HashSet<>());
        Arrays.stream(each.priorities()).filter(row -> row < below).forEach(ofWindow::add);
      }
    }
    return rows.values().stream().mapToInt(Set::size).sum();
  }

  /** So that of all windows together so many rows are below. */
  private static SortedMap<WindowKey, Double> thresholds(List<Rows> found, int quota) {
    double[] all =
        found.stream().flatMapToDouble(each -> Arrays.stream(each.priorities())).sorted().toArray();
    double most = quota < all.length ? all[quota] : SelectRows.ALL;
    TreeMap<WindowKey, Double> thresholds = new TreeMap<>();
    found.forEach(each -> thresholds.put(each.window(), Math.min(most, each.below())));
    return thresholds;
  }

  private static List<Rows> rows(WeakSlice slice, Allotment allotment) {
    List<Rows> found = new ArrayList<>();
    for (Map.Entry<WindowKey, StrataGroup> each : allotment.candidates().entrySet()) {
      WindowKey window = each.getKey();
      if (window.version().equals(slice.version())) {
        Known known = known(slice, each.getValue(), allotment.base().get(window));
        found.add(new Rows(window, known.below, known.priorities(slice, allotment.strata(window))));
      }
    }
    return found;
  }

  /** Strata that hold all rows of a slice whose priority is below a fraction. */
  private static Known known(WeakSlice slice, StrataGroup cells, StrataGroup base) {
    Known best = new Known(List.copyOf(base.strata().values()));
    DriftedReason.CellsOfFields fields = (DriftedReason.CellsOfFields) cells.kinds();
    for (FieldCell cell : slice.cells()) {
      if (cell.cell() != FieldCell.MISSING) {
        Stratum stratum = cells.strata().get(fields.stratum(cell.field(), cell.cell()));
        Known other = new Known(stratum == null ? List.of() : List.of(stratum));
        best = other.below > best.below ? other : best;
      }
    }
    return best;
  }

  private static final class Known {
    private final List<Stratum> strata;
    private final double below;

    Known(List<Stratum> strata) {
      this.strata = strata;
      this.below = strata.stream().mapToDouble(Stratum::knownBelow).min().orElse(SelectRows.ALL);
    }

    double[] priorities(WeakSlice slice, Strata rows) {
      return strata.stream()
          .flatMap(stratum -> stratum.held().stream())
          .filter(row -> rows.labelled(row.event()))
          .filter(row -> slice.holds(row.event(), rows.cells()))
          .mapToDouble(row -> SelectRows.fraction(row.priority()))
          .filter(priority -> priority < below)
          .sorted()
          .toArray();
    }
  }
}
