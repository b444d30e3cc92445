package io.tidemark.snapshot;

import io.tidemark.profile.RowInputs;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SnapshotSpec;
import io.tidemark.stats.Hash128;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which of a period's rows that were made or collected on request a snapshot takes beside those of
 * the log: they are to train on, and never more than a share of what there is to train on. Nothing
 * that the model is tested on is among them: no row with the id of a row of the log, with the
 * inputs of a row of the snapshot, or of a group that is in another split.
 */
final class TakeAugmented {
  private final SnapshotSpec snapshot;
  private final AugmentedRows rows;
  private final SplitRows splits;
  private final RowInputs inputs;
  private final Set<String> logged;

  /**
   * @param rows of the period
   * @param logged names of the log's rows, those that are known
   */
  TakeAugmented(MonitoringSpec spec, AugmentedRows rows, SplitRows splits, Set<String> logged) {
    this.snapshot = spec.snapshot();
    this.rows = rows;
    this.splits = splits;
    this.inputs = RowInputs.of(spec);
    this.logged = logged;
  }

  /**
   * What became of them.
   *
   * @param rows that there are
   * @param taken of them, by priority
   * @param copies left out for their id or their inputs
   * @param otherSplit left out because rows of their group are not to train on
   */
  record Taken(long rows, List<SnapshotRow> taken, long copies, long otherSplit) {
    static final Taken NONE = new Taken(0, List.of(), 0, 0);

    /** Left out because there are enough. */
    long notNeeded() {
      return rows - taken.size() - copies - otherSplit;
    }
  }

  /** How many there are likely room for, when all of the snapshot's rows are chosen. */
  int likely() {
    double share = snapshot.augmented();
    double trained = snapshot.split().train();
    double room = share * trained * snapshot.rows() / (1 - share + share * trained);
    return (int) Math.min(rows.held().size(), Math.floor(room));
  }

  /**
   * @param chosen rows of the log, split
   * @param most rows that are taken
   */
  Taken beside(List<SnapshotRow> chosen, int most) {
    Set<String> names = new HashSet<>(logged);
    Set<Hash128> known = new HashSet<>();
    long trained = 0;
    for (SnapshotRow row : chosen) {
      names.add(row.name());
      known.add(inputs.of(row.event()));
      trained += row.split().equals(SplitRows.TRAIN) ? 1 : 0;
    }
    known.remove(null); // nobody knows what these are
    double share = snapshot.augmented();
    long room = Math.min(most, (long) Math.floor(share / (1 - share) * trained));
    Predicate<SnapshotRow> trainable = splits.trainable(chosen);
    List<SnapshotRow> taken = new ArrayList<>();
    long copies = 0;
    long otherSplit = 0;
    for (AugmentedRow each : rows.held()) {
      SnapshotRow row = SnapshotRow.of(each);
      Hash128 digest = inputs.of(row.event());
      if (names.contains(row.name()) || known.contains(digest)) {
        copies++;
      } else if (!trainable.test(row)) {
        otherSplit++;
      } else {
        names.add(row.name());
        if (digest != null) {
          known.add(digest);
        }
        if (taken.size() < room) {
          taken.add(row);
        }
      }
    }
    return new Taken(rows.rows(), List.copyOf(taken), copies, otherSplit);
  }
}
