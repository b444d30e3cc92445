package io.tidemark.snapshot;

import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of which the model is not sure: those first whose most probable class is the least ahead of
 * the next one. (Margin sampling: Tobias Scheffer, Christian Decomain and Stefan Wrobel, "Active
 * hidden Markov models for information extraction", 2001.)
 */
final class UncertainReason implements SamplingReason {
  private static final int FACTOR = 2;

  /** Strata of margins, each a twentieth wide: from one half on a row is no doubtful one. */
  private static final int STRATA = 10;

  private static final double WIDTH = .05;

  @Override
  public String name() {
    return "uncertain";
  }

  @Override
  public long candidates(long share) {
    return FACTOR * share;
  }

  @Override
  public EventStrata strata(Model model) {
    EventLayout layout = model.layout().layout();
    List<Integer> scores = new ArrayList<>();
    for (int i = 0; i < layout.fields().size(); i++) {
      if (layout.fields().get(i).name().startsWith("prediction.score")) {
        scores.add(layout.slot(i));
      }
    }
    return new Margins(scores);
  }

  /**
   * @param scores slots of the classes' probabilities, or of the positive class's alone
   */
  private record Margins(List<Integer> scores) implements EventStrata {
    Margins {
      scores = List.copyOf(scores);
    }

    @Override
    public int count() {
      return STRATA;
    }

    @Override
    public int most() {
      return 1;
    }

    @Override
    public int of(InferenceEvent event, int[] into) {
      double first = 0;
      double second = scores.size() == 1 ? 1 - event.numbers()[scores.get(0)] : 0;
      for (int slot : scores) {
        double score = event.numbers()[slot];
        if (!(score >= 0 && score <= 1)) {
          return 0;
        }
        second = Math.max(second, Math.min(first, score));
        first = Math.max(first, score);
      }
      int stratum = (int) (Math.abs(first - second) / WIDTH);
      if (scores.isEmpty() || stratum >= STRATA) {
        return 0;
      }
      into[0] = stratum;
      return 1;
    }
  }

  @Override
  public void allot(Allotment allotment) {
    EvenShares.takeInOrder(allotment, STRATA);
  }
}
