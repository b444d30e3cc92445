package io.tidemark.baseline;

import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.InputCells;
import io.tidemark.profile.InputCells.Dimension;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.OutcomeReader;
import io.tidemark.spec.Field;
import io.tidemark.stats.ExactSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses the cells over which a change of performance is told apart: the fields whose bins say
 * most of which reference rows the model got wrong, up to three, one after the other. What bins say
 * is the share of the errors' variance that lies between cells, adjusted for their number, so that
 * many bins are no merit; of equals the first in the spec's order is taken, and a field that adds
 * nothing is not. Predictions are candidates as features are: they are functions of the inputs, and
 * the score is the one along which errors change most.
 */
final class ChoosePartition {
  /** Bins of the first, second and third field; each has one more for missing values. */
  private static final int[] BINS = {12, 4, 2};

  private final EventLayout layout;
  private final List<InferenceEvent> events;
  private final List<OutcomeReader.Values> rows = new ArrayList<>();
  private final double[] errors;
  private final double variation;

  /**
   * @param events labelled rows
   * @param errors theirs, in the same order
   */
  private ChoosePartition(OutcomeLayout outcomes, List<InferenceEvent> events, double[] errors) {
    this.layout = outcomes.profile().layout();
    this.events = events;
    this.errors = errors;
    ExactSum sum = new ExactSum();
    ExactSum squares = new ExactSum();
    for (int i = 0; i < errors.length; i++) {
      rows.add(OutcomeReader.values(outcomes, events.get(i)));
      sum.add(errors[i]);
      squares.addSquare(errors[i]);
    }
    variation = squares.value() - sum.value() * sum.value() / errors.length;
  }

  static InputCells of(OutcomeLayout outcomes, List<InferenceEvent> events, double[] errors) {
    ChoosePartition choice = new ChoosePartition(outcomes, events, errors);
    return errors.length < 2 || !(choice.variation > 0) ? InputCells.NONE : choice.choose();
  }

  private InputCells choose() {
    InputCells best = InputCells.NONE;
    double explained = 0;
    for (int bins : BINS) {
      InputCells step = best;
      for (Field field : layout.fields()) {
        if (field.role() == Field.Role.LABEL || uses(step, field)) {
          continue;
        }
        List<Dimension> dimensions = new ArrayList<>(step.dimensions());
        dimensions.add(dimension(field, bins));
        InputCells candidate = new InputCells(dimensions);
        double share = explained(candidate);
        if (share > explained) {
          explained = share;
          best = candidate;
        }
      }
      if (best == step) {
        break;
      }
    }
    return best;
  }

  private static boolean uses(InputCells partition, Field field) {
    return partition.dimensions().stream().anyMatch(used -> used.field().equals(field.name()));
  }

  /** Adjusted R² of the cells' mean errors. */
  private double explained(InputCells partition) {
    InputCells.Finder finder = partition.finder(layout);
    long[] counts = new long[partition.cells()];
    ExactSum[] sums = new ExactSum[counts.length];
    Arrays.setAll(sums, i -> new ExactSum());
    ExactSum all = new ExactSum();
    for (int i = 0; i < errors.length; i++) {
      int cell = finder.cell(rows.get(i));
      counts[cell]++;
      sums[cell].add(errors[i]);
      all.add(errors[i]);
    }
    double n = errors.length;
    double between = -all.value() * all.value() / n;
    int cells = 0;
    for (int cell = 0; cell < counts.length; cell++) {
      if (counts[cell] > 0) {
        between += sums[cell].value() * sums[cell].value() / counts[cell];
        cells++;
      }
    }
    return n <= cells ? 0 : 1 - (variation - between) / (n - cells) / (variation / (n - 1));
  }

  private Dimension dimension(Field field, int bins) {
    int slot = layout.slot(layout.indexOf(field.name()));
    return field.numeric()
        ? Dimension.numeric(field.name(), edges(slot, bins))
        : Dimension.categorical(field.name(), values(slot, bins - 1));
  }

  /** The distinct values that part the rows in so many equal counts, without the largest. */
  private double[] edges(int slot, int bins) {
    double[] values =
        events.stream()
            .mapToDouble(event -> event.numbers()[slot] + 0.0)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (values.length == 0) {
      return new double[0];
    }
    double largest = values[values.length - 1];
    double[] edges = new double[bins - 1];
    for (int i = 1; i < bins; i++) {
      edges[i - 1] = values[(int) Math.max(0, ((long) i * values.length + bins - 1) / bins - 1)];
    }
    return Arrays.stream(edges).distinct().filter(edge -> edge < largest).toArray();
  }

  /** The most frequent values, of equally frequent ones the first by name. */
  private List<String> values(int slot, int most) {
    Map<String, Integer> counts = new TreeMap<>();
    for (InferenceEvent event : events) {
      String value = event.categories()[slot];
      if (value != null) {
        counts.merge(value, 1, Integer::sum);
      }
    }
    List<Map.Entry<String, Integer>> byCount = new ArrayList<>(counts.entrySet());
    byCount.sort(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()));
    return byCount.stream().limit(most).map(Map.Entry::getKey).toList();
  }
}
