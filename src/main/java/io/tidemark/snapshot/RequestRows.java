package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.CellShares;
import io.tidemark.profile.CellWords;
import io.tidemark.profile.FieldCell;
import io.tidemark.profile.FieldCells;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.OutcomeReader;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownColumns.Column;
import io.tidemark.profile.ShownFile;
import io.tidemark.schema.AcquisitionRequest;
import io.tidemark.schema.ClassMix;
import io.tidemark.schema.PredicateMix;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.HalfWidth;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says of which regions a period has too few labelled rows to tell how much the model errs there,
 * how many more would do, and what such rows look like.
 */
final class RequestRows {
  private static final int MOST_CLASSES = 100;

  private final MonitoringSpec spec;
  private final PoolSettings pools;
  private final Redaction redaction;
  private final List<Column<SnapshotRow>> shown;
  private final EventLabels labels;
  private final boolean classes;

  /**
   * @param columns of the snapshot
   */
  RequestRows(
      MonitoringSpec spec,
      PoolSettings pools,
      Redaction redaction,
      ShownColumns<SnapshotRow> columns) {
    this.spec = spec;
    this.pools = pools;
    this.redaction = redaction;
    this.shown =
        columns.columns().stream().filter(each -> SnapshotColumns.ofRow(each.name())).toList();
    this.labels = EventLabels.of(spec);
    this.classes = spec.task() != Task.REGRESSION;
  }

  /**
   * @param start of the period, microseconds since the epoch
   * @param windows that the snapshot was chosen among
   * @param rows of the snapshot, in its order
   * @param drifted what rang in the period
   * @return what there is to say of each model version; all rows stand first
   */
  List<WindowRevision<List<AcquisitionRequest>>> of(
      long start,
      SortedMap<WindowKey, WindowCandidates> windows,
      List<SnapshotRow> rows,
      List<WeakSlice> slices,
      List<DriftedField> drifted) {
    TreeMap<String, List<WindowCandidates>> byVersion = new TreeMap<>();
    windows.forEach(
        (key, window) ->
            byVersion.computeIfAbsent(key.version(), any -> new ArrayList<>()).add(window));
    boolean complete = covers(start, windows);
    List<DriftedField> sorted = new ArrayList<>(drifted);
    sorted.sort(DriftedField.ORDER);
    List<WindowRevision<List<AcquisitionRequest>>> requests = new ArrayList<>();
    byVersion.forEach(
        (version, own) ->
            requests.add(
                new OfVersion(new WindowKey(spec.model(), version, start), own, complete)
                    .requests(
                        rows.stream().filter(row -> row.event().version().equals(version)).toList(),
                        slices.stream().filter(each -> each.version().equals(version)).toList(),
                        sorted.stream()
                            .filter(each -> each.window().version().equals(version))
                            .toList())));
    return requests;
  }

  /** Whether there are rows of each window of the period. */
  private boolean covers(long start, SortedMap<WindowKey, WindowCandidates> windows) {
    Set<Long> starts = new HashSet<>();
    windows.keySet().forEach(key -> starts.add(key.start()));
    boolean all = true;
    long end = spec.snapshot().period().endOf(start);
    for (long at = start; all && at < end; at = spec.window().endOf(at)) {
      all = starts.contains(at);
    }
    return all;
  }

  /** The regions of one model version. */
  private final class OfVersion {
    private final WindowKey key;
    private final long rows;
    private final long labelled;
    private final boolean complete;
    private final ProfileLayout layout;
    private final List<FieldCells> cells;
    private final CellShares training;
    private final CellWords words;

    OfVersion(WindowKey key, List<WindowCandidates> windows, boolean complete) {
      this.key = key;
      this.rows = windows.stream().mapToLong(WindowCandidates::rows).sum();
      this.labelled = windows.stream().mapToLong(WindowCandidates::labelled).sum();
      this.complete = complete;
      this.layout = pools.layouts().of(spec.model(), key.version());
      this.cells = pools.strataOf(key.version()).cells();
      this.training = pools.training().get(layout.id());
      this.words = new CellWords(layout.layout().fields(), cells, redaction);
    }

    WindowRevision<List<AcquisitionRequest>> requests(
        List<SnapshotRow> chosen, List<WeakSlice> slices, List<DriftedField> drifted) {
      FindRegions find = new FindRegions(layout.layout().fields(), cells, training, redaction);
      List<Region> regions = find.of(chosen, slices, drifted);
      List<RegionFigures> figures = figures(chosen, regions);
      RegionFigures all = figures.get(0);
      double bound = spec.snapshot().halfWidth() * (classes ? 1 : all.known().mean());
      List<AcquisitionRequest> requests = new ArrayList<>();
      for (int i = 0; i < regions.size(); i++) {
        AcquisitionRequest request = request(i, regions.get(i), figures.get(i), all.rows());
        count(request, regions.get(i), figures.get(i), all);
        ask(request, known(regions.get(i), figures.get(i)), figures.get(i), bound);
        request.setMix(mix(regions.get(i), chosen, all.rows()));
        requests.add(request);
      }
      return new WindowRevision<>(key, labelled, complete, requests);
    }

    /** Weights say what share of the rows there are, and the windows how many these were. */
    private void count(
        AcquisitionRequest request, Region region, RegionFigures figures, RegionFigures all) {
      double known =
          region.weak() != null
              ? known(region, figures).labelled()
              : ratio(figures.known().labelled(), all.known().labelled()) * labelled;
      double sampled = figures.known().labelled();
      // By the labelled ones where there are some: of rows that all have labels none lacks its own.
      double there =
          sampled > 0 ? known * figures.rows() / sampled : ratio(figures.rows(), all.rows()) * rows;
      request.setRowsLabelled(Math.round(known));
      request.setRows(Math.max(Math.round(known), Math.round(there)));
    }

    private List<RegionFigures> figures(List<SnapshotRow> rows, List<Region> regions) {
      OutcomeReader reader = new OutcomeReader(OutcomeLayout.of(spec, layout, null));
      List<RegionFigures> figures = new ArrayList<>();
      regions.forEach(any -> figures.add(new RegionFigures()));
      for (SnapshotRow row : rows) {
        Double error = null;
        if (spec.labelled()) {
          reader.read(row.event());
          error = reader.labelled() ? (Double) reader.error() : null;
        }
        String label = labels.text(row.event());
        for (int i = 0; i < regions.size(); i++) {
          if (regions.get(i).holds(row.event(), cells)) {
            figures.get(i).add(row, label, error, spec.snapshot().seed());
          }
        }
      }
      return figures;
    }

    private AcquisitionRequest request(
        int rank, Region region, RegionFigures figures, double allRows) {
      String name = words.of(region.cells());
      AcquisitionRequest request = new AcquisitionRequest();
      request.setModel(key.model());
      request.setModelVersion(key.version());
      request.setPeriodStart(WindowSpec.instant(key.start()));
      request.setPeriodEnd(WindowSpec.instant(spec.snapshot().period().endOf(key.start())));
      request.setRevision(labelled);
      request.setComplete(complete);
      request.setRank(rank);
      request.setId(id(name));
      request.setKind(region.kind());
      request.setRegion(name);
      request.setPredicates(words.predicates(region.cells()));
      request.setFindingId(region.findingId());
      request.setShare(ratio(figures.rows(), allRows));
      request.setExemplars(
          figures.exemplars().stream().map(row -> ShownFile.jsonObject(shown, row)).toList());
      return request;
    }

    private String id(String region) {
      String named = String.join("\n", key.model(), key.version(), "" + key.start(), region);
      return ContentHash.of(named.getBytes(StandardCharsets.UTF_8));
    }

    private List<PredicateMix> mix(Region region, List<SnapshotRow> rows, double allRows) {
      List<PredicateMix> mix = new ArrayList<>();
      for (FieldCell cell : region.cells()) {
        double within = 0;
        for (SnapshotRow row : rows) {
          within += cell.holds(row.event(), cells) ? row.weight() : 0;
        }
        double before = training.of(cell);
        mix.add(new PredicateMix(ratio(within, allRows), finite(before)));
      }
      return mix;
    }
  }

  private static double ratio(double part, double all) {
    return all == 0 ? 0 : part / all;
  }

  private static RegionFigures.Known known(Region region, RegionFigures figures) {
    return region.weak() == null ? figures.known() : RegionFigures.Known.of(region.weak());
  }

  /**
   * @param bound of the half-width of the mean error
   */
  private void ask(
      AcquisitionRequest request, RegionFigures.Known known, RegionFigures figures, double bound) {
    request.setError(finite(known.mean()));
    request.setClasses(List.of());
    long labelled = request.getRowsLabelled();
    boolean some = labelled > 0 && !Double.isNaN(known.mean());
    if (some) {
      request.setHalfWidth(
          finite(
              classes
                  ? HalfWidth.ofShare(known.mean(), labelled)
                  : HalfWidth.ofMean(known.deviation(), labelled)));
    }
    boolean bounded = bound > 0; // not NaN: some row tells how large errors are
    request.setTargetHalfWidth(bounded ? bound : null);
    if (!bounded || (!classes && request.getHalfWidth() == null)) {
      return;
    }
    long wanted =
        classes
            ? HalfWidth.valuesForShare(some ? known.mean() : .5, bound)
            : HalfWidth.valuesForMean(known.deviation(), bound);
    long more = Math.max(0, wanted - labelled);
    request.setTargetCount(more);
    request.setLabelFirst(Math.min(more, request.getRows() - labelled));
    if (classes) {
      request.setClasses(classes(figures.classes(), more));
    }
  }

  /** Shares of the labels, and what is asked for dealt to them by largest remainders. */
  private List<ClassMix> classes(Map<String, Double> weights, long more) {
    double all = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    List<ClassMix> mix = new ArrayList<>();
    for (Map.Entry<String, Double> each : weights.entrySet()) {
      String label = redaction.show("label", each.getKey());
      if (label != null) {
        mix.add(new ClassMix(label, each.getValue() / all, 0L));
      }
    }
    mix.sort(Comparator.comparingDouble(ClassMix::getShare).reversed()); // stable: then by label
    List<ClassMix> most = mix.subList(0, Math.min(MOST_CLASSES, mix.size()));
    double listed = most.stream().mapToDouble(ClassMix::getShare).sum();
    long left = more;
    for (ClassMix each : most) {
      long whole = (long) (more * each.getShare() / listed);
      each.setTargetCount(whole);
      left -= whole;
    }
    List<ClassMix> byRemainder = new ArrayList<>(most);
    byRemainder.sort(
        Comparator.comparingDouble(
                (ClassMix each) -> more * each.getShare() / listed - each.getTargetCount())
            .reversed());
    for (int i = 0; i < left && i < byRemainder.size(); i++) {
      byRemainder.get(i).setTargetCount(byRemainder.get(i).getTargetCount() + 1);
    }
    return List.copyOf(most);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
