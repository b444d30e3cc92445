package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.profile.CellShares;
import io.tidemark.profile.FieldCell;
import io.tidemark.profile.FieldCells;
import io.tidemark.schema.RegionKind;
import io.tidemark.spec.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The regions of a model version's inputs that more rows may be wanted of: slices that stand out,
 * cells of features that no row of the baseline is in, and cells that came to be much more frequent
 * in features that drifted. Shares of production are told from a snapshot's rows by their weights.
 */
final class FindRegions {
  /** Rows of the snapshot that a cell has to have. */
  private static final int LEAST_ROWS = 5;

  /** Share of production's rows that a cell of which the baseline has none has to have. */
  private static final double LEAST_UNSEEN = .001;

  /** How many times the baseline's share, and how much more than it, a grown one has. */
  private static final double TIMES = 2;

  private static final double LEAST_GROWTH = .01;

  /** Besides weak slices, which are bounded by themselves. */
  private static final int MOST = 20;

  private final List<Field> fields;
  private final List<FieldCells> cells;
  private final CellShares training;
  private final Redaction redaction;

  /**
   * @param fields of the version's layout
   * @param cells of each of them
   */
  FindRegions(
      List<Field> fields, List<FieldCells> cells, CellShares training, Redaction redaction) {
    this.fields = fields;
    this.cells = cells;
    this.training = training;
    this.redaction = redaction;
  }

  /** A cell, how many of the snapshot's rows are in it, and what share of production's. */
  private record Seen(FieldCell cell, int rows, double share) {}

  /**
   * @param rows of the snapshot, of the version
   * @param slices that stand out, of the version, in their order
   * @param drifted what rang, of the version, sorted
   */
  List<Region> of(List<SnapshotRow> rows, List<WeakSlice> slices, List<DriftedField> drifted) {
    List<Region> regions = new ArrayList<>();
    Set<List<FieldCell>> told = new HashSet<>();
    regions.add(Region.ALL);
    for (WeakSlice slice : slices) {
      regions.add(Region.of(slice));
      told.add(slice.cells());
    }
    Map<Integer, String> findings = new TreeMap<>();
    drifted.forEach(each -> findings.putIfAbsent(each.field(), each.findingId()));
    List<Seen> others = new ArrayList<>();
    for (int field = 0; field < fields.size(); field++) {
      Field feature = fields.get(field);
      if (feature.role() == Field.Role.FEATURE && !redaction.excludes(feature)) {
        for (Seen each : seen(rows, field)) {
          boolean wanted = kind(each, findings.containsKey(field)) != null;
          if (wanted && !told.contains(List.of(each.cell()))) {
            others.add(each);
          }
        }
      }
    }
    others.sort(Comparator.comparingDouble(Seen::share).reversed()); // stable: then by field, cell
    for (Seen each : others.subList(0, Math.min(MOST, others.size()))) {
      String finding = findings.get(each.cell().field());
      regions.add(new Region(kind(each, finding != null), List.of(each.cell()), finding, null));
    }
    return regions;
  }

  /** Null: nothing is special about the cell. */
  private RegionKind kind(Seen seen, boolean drifted) {
    double before = training.of(seen.cell());
    if (seen.rows() < LEAST_ROWS || Double.isNaN(before)) {
      return null;
    }
    if (before == 0) {
      return seen.share() >= LEAST_UNSEEN ? RegionKind.unseen : null;
    }
    boolean grown = seen.share() >= TIMES * before && seen.share() - before >= LEAST_GROWTH;
    return drifted && grown ? RegionKind.grown : null;
  }

  private List<Seen> seen(List<SnapshotRow> rows, int field) {
    FieldCells own = cells.get(field);
    int[] counts = new int[own.cells() + 1];
    double[] weights = new double[own.cells() + 1];
    double all = 0;
    for (SnapshotRow row : rows) {
      int cell = own.cellOf(row.event());
      int place = cell < 0 ? own.cells() : cell;
      counts[place]++;
      weights[place] += row.weight();
      all += row.weight();
    }
    List<Seen> seen = new ArrayList<>();
    for (int place = 0; place < counts.length; place++) {
      if (counts[place] > 0) {
        int cell = place == own.cells() ? FieldCell.MISSING : place;
        seen.add(new Seen(new FieldCell(field, cell), counts[place], weights[place] / all));
      }
    }
    return seen;
  }
}
