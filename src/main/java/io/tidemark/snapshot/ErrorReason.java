package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.OutcomeReader;
import io.tidemark.spec.Field;
import io.tidemark.spec.Task;

/**
 * Rows on which the model erred: of wrong classes those of each label alike; of numbers those of
 * the largest errors first, by powers of two.
 */
final class ErrorReason implements SamplingReason {
  /** Candidates a snapshot row: which windows have errors is not known before. */
  private static final int FACTOR = 2;

  private static final int MOST_LABELS = 20;

  /** Errors from 2 to the power of 31 on are one stratum, and those below of -32. */
  private static final int POWERS = 64;

  @Override
  public String name() {
    return "error";
  }

  @Override
  public long candidates(long share) {
    return FACTOR * share;
  }

  @Override
  public EventStrata strata(Model model) {
    OutcomeLayout outcomes = OutcomeLayout.of(model.spec(), model.layout(), null);
    if (model.spec().task() == Task.REGRESSION) {
      return new Sizes(new RowErrors(outcomes));
    }
    LabelCells label = LabelCells.joined(model.spec());
    for (int i = 0; i < model.layout().fields(); i++) {
      if (model.layout().layout().fields().get(i).role() == Field.Role.LABEL) {
        label = LabelCells.inLog(model.spec(), model.cells(i));
      }
    }
    return new Wrong(new RowErrors(outcomes), label, 1 + Math.min(MOST_LABELS, label.cells()));
  }

  /** The error of a row; not sent along, but read anew wherever it is needed. */
  private static final class RowErrors implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    private final OutcomeLayout layout;
    private transient OutcomeReader reader;

    RowErrors(OutcomeLayout layout) {
      this.layout = layout;
    }

    /** 0 where there is none, or nothing to hold the prediction against. */
    double of(InferenceEvent event) {
      if (reader == null) {
        reader = new OutcomeReader(layout);
      }
      reader.read(event);
      return reader.labelled() ? reader.error() : 0;
    }
  }

  private record Wrong(RowErrors errors, LabelCells label, int count) implements EventStrata {
    @Override
    public int most() {
      return 1;
    }

    @Override
    public int of(InferenceEvent event, int[] into) {
      if (errors.of(event) == 0) {
        return 0;
      }
      into[0] = Math.min(count - 1, 1 + label.cellOf(event));
      return 1;
    }
  }

  private record Sizes(RowErrors errors) implements EventStrata {
    @Override
    public int count() {
      return POWERS;
    }

    @Override
    public int most() {
      return 1;
    }

    @Override
    public int of(InferenceEvent event, int[] into) {
      double error = errors.of(event);
      if (error == 0) {
        return 0;
      }
      int power = Math.max(-POWERS / 2, Math.min(POWERS / 2 - 1, Math.getExponent(error)));
      into[0] = POWERS / 2 - 1 - power; // the largest first
      return 1;
    }
  }

  @Override
  public void allot(Allotment allotment) {
    boolean sizes =
        allotment.candidates().values().stream().anyMatch(each -> each.kinds() instanceof Sizes);
    if (sizes) {
      EvenShares.takeInOrder(allotment, POWERS);
    } else {
      EvenShares.take(allotment, allotment.rows(), stratum -> true);
    }
  }
}
