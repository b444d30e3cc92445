package io.tidemark.snapshot;

import io.tidemark.flow.WindowKey;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.FieldCells;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.spec.MonitoringSpec;
import java.util.List;
import java.util.SortedMap;

/**
 * Why a snapshot takes rows: which kinds of rows there are to it, of which each window keeps
 * candidates, and how many of each it wants, given what rang. Registered in {@link
 * SamplingReasons}.
 *
 * <p>Stateless: what it has to know of a model is in its {@link EventStrata}.
 */
interface SamplingReason {
  /** In the {@code reasons} of a snapshot's rows and of its manifest. */
  String name();

  /** The reason whose candidates it takes its rows from: its own, or another's. */
  default String candidatesOf() {
    return name();
  }

  /** The kinds of rows of a model version. */
  EventStrata strata(Model model);

  /**
   * Candidates that a window keeps for it at most, all strata together.
   *
   * @param share a window's part of the snapshot's rows
   */
  long candidates(long share);

  /** Takes rows: says of which strata how many. */
  void allot(Allotment allotment);

  /**
   * A version of the model.
   *
   * @param references the bins of the layout's fields, in its order; null where the baseline has
   *     not the field
   */
  record Model(MonitoringSpec spec, ProfileLayout layout, List<FieldBins> references) {
    /** The cells of a field of the layout. */
    FieldCells cells(int field) {
      return FieldCells.of(layout, references.get(field), field);
    }
  }

  /** A period's rows, while they are given away. */
  interface Allotment {
    /** Rows that it may take: its quota, of what the reasons before have left. */
    int rows();

    /** What rang in the period, sorted. */
    List<DriftedField> drifted();

    /** Where the model errs most in the period, sorted. */
    List<WeakSlice> slices();

    /** The candidates kept for the base. */
    SortedMap<WindowKey, StrataGroup> base();

    /** What a window's rows are told apart by. */
    Strata strata(WindowKey window);

    /** The candidates kept for the reason. */
    SortedMap<WindowKey, StrataGroup> candidates();

    /**
     * Takes so many rows of a stratum, those with the smallest priorities.
     *
     * @param quota rows, above 0
     */
    void take(WindowKey window, int stratum, int quota);

    /**
     * Takes labelled rows of a slice.
     *
     * @param below of each window the priority, as a fraction, below which rows are taken
     */
    void take(WeakSlice slice, SortedMap<WindowKey, Double> below);

    /** Names the finding that rows were taken for. */
    void because(String findingId);
  }
}
