package io.tidemark.profile;

import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.io.Serializable;

/** Where a row's prediction stands, and what the outcomes of one baseline's windows are made of. */
public final class OutcomeLayout implements Serializable {
  private static final long serialVersionUID = 1;

  /** More than 4096 bins of scores where there are many: 0.5 MB a histogram at the most. */
  private static final int CAPACITY = 1 << 13;

  /** More than 512. */
  private static final int LEAST_CAPACITY = 1 << 10;

  private static final int DELAYS = 1 << 11;
  private static final int SEGMENT_DELAYS = 1 << 9;

  private final ProfileLayout profile;
  private final OutcomeModel model;
  private final Task task;
  private final String positive;
  private final EventLabels labels;
  private final int score;
  private final int predicted;
  private final int[] scores;

  private OutcomeLayout(MonitoringSpec spec, ProfileLayout profile, OutcomeModel model) {
    EventLayout events = profile.layout();
    this.profile = profile;
    this.model = model;
    this.task = spec.task();
    this.positive = spec.events().prediction().positive();
    this.labels = EventLabels.of(spec);
    this.score = slot(events, task == Task.REGRESSION ? "prediction.value" : "prediction.score");
    this.predicted = slot(events, "prediction.label");
    boolean scored = !spec.events().prediction().scores().isEmpty();
    this.scores = new int[scored ? model.classes().size() : 0];
    for (int code = 0; code < scores.length; code++) {
      scores[code] = slot(events, "prediction.score." + model.classes().value(code));
    }
  }

  private static int slot(EventLayout events, String name) {
    int at = events.indexOf(name);
    return at < 0 ? -1 : events.slot(at);
  }

  /**
   * @param model of the baseline, or null: it knows nothing of labels
   */
  public static OutcomeLayout of(MonitoringSpec spec, ProfileLayout profile, OutcomeModel model) {
    OutcomeModel own = model == null ? OutcomeModel.unknown(spec, profile) : model;
    boolean sameClasses =
        spec.events().prediction().scores().isEmpty()
            || own.classes().equals(OutcomeModel.classes(spec, profile));
    boolean fits = own.partition().fits(profile.layout());
    if (!sameClasses) {
      own = OutcomeModel.unknown(spec, profile);
    } else if (!fits) {
      own =
          new OutcomeModel(
              own.classes(),
              own.calibrator(),
              own.classCalibrator(),
              InputCells.NONE,
              own.labels());
    }
    return new OutcomeLayout(spec, profile, own);
  }

  /** Segments and columns. */
  public ProfileLayout profile() {
    return profile;
  }

  public OutcomeModel model() {
    return model;
  }

  public Task task() {
    return task;
  }

  String positive() {
    return positive;
  }

  public EventLabels labels() {
    return labels;
  }

  /** Slot of the score, or of the predicted number. */
  int score() {
    return score;
  }

  /** Slot of the predicted class; -1: the log has none. */
  int predicted() {
    return predicted;
  }

  /** Slots of the classes' scores in their order; empty without. */
  int[] scores() {
    return scores;
  }

  /** What labels are counted by: both classes, the classes and all others, or bins. */
  public int labelCells() {
    return switch (task) {
      case BINARY -> 2;
      case MULTICLASS -> model.classes().size() + 1;
      case REGRESSION -> model.labels() == null ? 0 : model.labels().bins() + 2;
    };
  }

  /** A cell of {@link SegmentOutcomes#labels} in words. */
  public String labelCell(int cell) {
    return switch (task) {
      case BINARY -> cell == 1 ? positive : "not " + positive;
      case MULTICLASS ->
          cell < model.classes().size() ? model.classes().value(cell) : "other classes";
      case REGRESSION -> model.labels().label(cell);
    };
  }

  /** Different scores that a segment's outcomes hold exactly; 0 is the segment of all rows. */
  int scoreCapacity(int segment) {
    int each = segment == 0 ? CAPACITY : LEAST_CAPACITY;
    return Math.max(LEAST_CAPACITY, Integer.highestOneBit(each / Math.max(1, scores.length)));
  }

  /** The same of label delays. */
  int delayCapacity(int segment) {
    return segment == 0 ? DELAYS : SEGMENT_DELAYS;
  }
}
