package io.tidemark.labels;

import io.tidemark.event.LabelRows;
import io.tidemark.event.LabelRows.Row;
import io.tidemark.event.LabelTable;
import io.tidemark.event.PredictionKeys;
import io.tidemark.event.ValueText;
import io.tidemark.labels.LabelFate.Kind;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Hash128;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Joins the labels and the predictions of one partition of ids, in memory.
 *
 * <p>Of the labels that count for a prediction the one with the smallest (label time, source,
 * value) is its label; later ones that say the same are duplicates, others conflicts. A label
 * counts up to the horizon, so if any label of an id counts for a prediction the smallest does: one
 * label an id serves all its predictions. A label that the log itself carries was given with its
 * event, before all others: it stands, and those of the source are duplicates or conflicts of it.
 *
 * <p>Where trusted sources label an id, the latest of their labels stands for all others, the log's
 * too: those that say something else are overridden.
 */
final class PartitionJoin {
  private final JoinRule rule;
  private final Hash128 model;
  private final int number;
  private final int bits;
  private final Predictions predictions = new Predictions();
  private final List<Row> labels = new ArrayList<>();
  private final LabelTable.Builder table;
  private final ByteArrayOutputStream copyKeys = new ByteArrayOutputStream();
  private final List<LabelFate> unjoined = new ArrayList<>();
  private Consumer<Row> joinedTo = label -> {};
  private long read;
  private long joined;
  private long duplicate;
  private long conflicting;
  private long overridden;
  private long orphan;
  private long tooLate;
  private long outOfRange;
  private long afterAsOf;
  private long served;

  /**
   * @param model see {@link io.tidemark.event.RowHash#ofModel}
   * @param bits of the number of partitions
   */
  PartitionJoin(JoinRule rule, Hash128 model, int number, int bits) {
    this.rule = rule;
    this.model = model;
    this.number = number;
    this.bits = bits;
    this.table = new LabelTable.Builder(number, bits, rule.numeric());
  }

  /** Tells of each label that a prediction has. */
  PartitionJoin telling(Consumer<Row> ofJoined) {
    joinedTo = ofJoined;
    return this;
  }

  /** Takes packed predictions or labels, in any order. */
  void add(byte[] packed) throws IOException {
    if (packed[0] == PredictionKeys.KIND) {
      predictions.add(packed);
    } else {
      read += LabelRows.count(packed);
      LabelRows.read(
          packed,
          row -> {
            if (row.timeMicros() > rule.asOf()) {
              afterAsOf++;
            } else {
              labels.add(row);
            }
          });
    }
  }

  void join() {
    predictions.sort(bits);
    labels.sort(Row.ORDER);
    int label = 0;
    for (int i = 0; i < predictions.size(); ) {
      int end = predictions.endOfId(i);
      while (label < labels.size() && compare(labels.get(label), i) < 0) {
        orphan(labels.get(label++));
      }
      int first = label;
      while (label < labels.size() && compare(labels.get(label), i) == 0) {
        label++;
      }
      boolean several = end - i > 1 && rule.deduplicate();
      if (label > first || several) {
        PredictionsOfId ofId = PredictionsOfId.of(predictions, i, end, rule, this::repeated);
        if (label > first) {
          join(labels.subList(first, label), ofId);
        }
      }
      i = end;
    }
    while (label < labels.size()) {
      orphan(labels.get(label++));
    }
  }

  private int compare(Row label, int prediction) {
    int order = Long.compareUnsigned(label.high(), predictions.high(prediction));
    return order != 0 ? order : Long.compareUnsigned(label.low(), predictions.low(prediction));
  }

  private void repeated(Hash128 key) {
    copyKeys.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(key.low() ^ model.low()).array());
  }

  private void orphan(Row label) {
    orphan++;
    unjoined.add(new LabelFate(Kind.ORPHAN, label, "no usable event has this id"));
  }

  /**
   * @param ofId one id's labels, the first one first
   */
  private void join(List<Row> ofId, PredictionsOfId waiting) {
    if (waiting.isEmpty()) {
      outOfRange += ofId.size();
      return;
    }
    Row trusted = latestTrusted(ofId, waiting);
    Row first = ofId.get(0);
    if (trusted == null && !awaits(waiting, first)) {
      ofId.forEach(this::tooLate);
      return;
    }
    table.add(ofId, rule.waits());
    if (trusted != null) {
      override(ofId, trusted, waiting);
      return;
    }
    int serves = waiting.servedBy(first.timeMicros(), rule);
    served += serves;
    Hash128 own =
        serves > 0 ? PredictionKeys.NO_LABEL : waiting.ownOfFirst(first.timeMicros(), rule);
    for (Row label : ofId) {
      if (!awaits(waiting, label)) {
        tooLate(label);
        continue;
      }
      if (!own.equals(PredictionKeys.NO_LABEL)) {
        later(label, PredictionKeys.hashOf(text(label)).equals(own), "the label in the log itself");
      } else if (label == first) {
        joined++;
        joinedTo.accept(label);
      } else {
        later(label, label.says(first), "an earlier label " + given(first));
      }
    }
  }

  /** The one of trusted sources that stands, or null; it may be any but the last of one time. */
  private Row latestTrusted(List<Row> ofId, PredictionsOfId waiting) {
    Row latest = null;
    for (Row label : ofId) {
      boolean counts = rule.waits().trusts(label) && awaits(waiting, label);
      if (counts && (latest == null || label.timeMicros() > latest.timeMicros())) {
        latest = label;
      }
    }
    return latest;
  }

  private void override(List<Row> ofId, Row trusted, PredictionsOfId waiting) {
    long firstTrusted = Long.MAX_VALUE;
    for (Row label : ofId) {
      if (rule.waits().trusts(label)) {
        firstTrusted = Math.min(firstTrusted, label.timeMicros());
      }
      if (label == trusted) {
        joined++;
        joinedTo.accept(label);
      } else if (!awaits(waiting, label)) {
        tooLate(label);
      } else if (label.says(trusted)) {
        later(label, true, "the label of a trusted source " + given(trusted));
      } else {
        overridden++;
        String what = "the label of a trusted source " + given(trusted) + " stands in its place";
        unjoined.add(new LabelFate(Kind.OVERRIDDEN, label, what));
      }
    }
    served += waiting.servedBy(ofId.get(0).timeMicros(), firstTrusted, rule);
  }

  private boolean awaits(PredictionsOfId waiting, Row label) {
    long horizon =
        rule.waits().trusts(label) ? rule.waits().trustedHorizon() : rule.waits().horizon();
    return waiting.awaits(label.timeMicros(), horizon);
  }

  private void tooLate(Row label) {
    tooLate++;
    String key = rule.waits().trusts(label) ? "labels.trusted_horizon" : "labels.horizon";
    String detail = "past " + key + " of every prediction of its id";
    unjoined.add(new LabelFate(Kind.TOO_LATE, label, detail));
  }

  private static String given(Row label) {
    return "of " + WindowSpec.instant(label.timeMicros()) + ", " + place(label) + ",";
  }

  private void later(Row label, boolean same, String what) {
    if (same) {
      duplicate++;
      unjoined.add(new LabelFate(Kind.DUPLICATE, label, what + " says the same"));
    } else {
      conflicting++;
      unjoined.add(new LabelFate(Kind.CONFLICTING, label, what + " says something else"));
    }
  }

  private static String place(Row label) {
    return label.file() + " at " + label.position();
  }

  private String text(Row label) {
    return rule.numeric() ? ValueText.of(label.number()) : label.value();
  }

  /** For a {@link LabelTable}. */
  byte[] table() {
    return table.packed();
  }

  /**
   * Of predictions that have copies, packed as the scan looks them up: the low half of each key.
   */
  byte[] copyKeys() {
    return copyKeys.toByteArray();
  }

  /** Those that label nothing, in the order of class, file and position. */
  List<LabelFate> unjoined() {
    unjoined.sort(LabelFate.ORDER);
    return unjoined;
  }

  int number() {
    return number;
  }

  LabelCounts counts() {
    return new LabelCounts(
        read,
        joined,
        duplicate,
        conflicting,
        overridden,
        orphan,
        tooLate,
        outOfRange,
        afterAsOf,
        0,
        served);
  }
}
