package io.tidemark.profile;

import io.tidemark.event.ClassText;
import io.tidemark.event.EventBatch;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.performance.BinaryOutcomes;
import io.tidemark.stats.performance.ClassOutcomes;
import java.util.List;

/**
 * Reads the prediction and the label of one row at a time, as the outcomes want them. The same
 * object is filled anew with each row.
 */
public final class OutcomeReader {
  /** A row's columns by slot, and its label. */
  public interface Values {
    double number(int slot);

    String category(int slot);

    /** As text; null without one. */
    String label();

    /** As a number; NaN without one. */
    double labelNumber();

    /** Microseconds from the event to its label. */
    long delay();
  }

  private final OutcomeLayout layout;
  private final InputCells.Finder cells;
  private final OfEvent event;
  private final OfBatch batch;
  private final int[] segments;
  private final double[] scores;

  /** Whether there is a prediction that labels can be held against. */
  boolean predicts;

  /** Whether its scores are probabilities. */
  boolean scored;

  /** Whether there is a label that nothing can be held against: an infinite number. */
  boolean endless;

  /** Of the positive class, or the predicted number; NaN if not {@link #scored}. */
  double score;

  /** What the score stands for. */
  double calibrated;

  /** By class, null if not {@link #scored}. */
  double[] classScores;

  double[] probabilities;
  boolean positive;
  int predicted;

  /** The classes as the log and the label have them; null: none, or numbers. */
  String saidWord;

  String labelWord;

  boolean labelled;
  boolean actuallyPositive;
  int actual;
  double truth;
  double delaySeconds;

  double error;
  int cell;

  public OutcomeReader(OutcomeLayout layout) {
    this.layout = layout;
    this.cells = layout.model().partition().finder(layout.profile().layout());
    this.event = new OfEvent(layout.labels());
    this.batch = new OfBatch(layout.labels());
    this.segments = new int[layout.profile().segments().size()];
    this.scores = new double[layout.scores().length];
  }

  /** Turns to a row. */
  public void read(InferenceEvent row) {
    event.row = row;
    read(event);
  }

  /** The same of a row of a batch. */
  public void read(EventBatch rows, int row) {
    batch.rows = rows;
    batch.row = row;
    read(batch);
  }

  /** Whether the row has a label that its prediction can be held against. */
  public boolean labelled() {
    return labelled;
  }

  /** 1 for a wrong class, 0 for the right one; the size of a number's error. Only if labelled. */
  public double error() {
    return error;
  }

  /** The label of a predicted number. Only if labelled. */
  public double truth() {
    return truth;
  }

  /** The segments that the row is in besides that of all rows; -1 where its value has none. */
  int[] segments() {
    return segments;
  }

  private void read(Values row) {
    predicts = true;
    labelled = false;
    endless = false;
    switch (layout.task()) {
      case BINARY -> binary(row);
      case MULTICLASS -> multiclass(row);
      case REGRESSION -> regression(row);
    }
    if (labelled) {
      delaySeconds = row.delay() / 1e6;
      cell = cells.cell(row);
    }
    placeInSegments(row);
  }

  private void binary(Values row) {
    double raw = row.number(layout.score());
    scored = raw >= 0 && raw <= 1;
    score = scored ? raw : Double.NaN;
    String own = layout.predicted() < 0 ? null : row.category(layout.predicted());
    saidWord = own;
    positive = own != null ? ClassText.same(own, layout.positive()) : BinaryOutcomes.predicts(raw);
    predicts = own != null || !Double.isNaN(raw);
    if (scored && layout.model().calibrator() != null) {
      calibrated = layout.model().calibrator().calibrate(raw);
    }
    String label = row.label();
    labelWord = label;
    if (predicts && label != null) {
      labelled = true;
      actuallyPositive = ClassText.same(label, layout.positive());
      error = positive == actuallyPositive ? 0 : 1;
    }
  }

  private void multiclass(Values row) {
    Dictionary classes = layout.model().classes();
    scored = scores.length > 0;
    for (int code = 0; code < scores.length; code++) {
      scores[code] = row.number(layout.scores()[code]);
      scored &= scores[code] >= 0 && scores[code] <= 1;
    }
    classScores = scored ? scores : null;
    String own = layout.predicted() < 0 ? null : row.category(layout.predicted());
    saidWord = own;
    predicts = own != null || scored;
    predicted = own != null ? code(classes, own) : scored ? ClassOutcomes.predicts(scores) : -1;
    if (scored && layout.model().classCalibrator() != null) {
      probabilities = layout.model().classCalibrator().calibrate(scores);
    }
    String label = row.label();
    labelWord = label;
    if (predicts && label != null) {
      labelled = true;
      actual = code(classes, label);
      // Two classes that the dictionary lacks may still be the same.
      String said = own != null ? own : classes.value(predicted);
      error = ClassText.same(said, label) ? 0 : 1;
    }
  }

  /** -1: none of the spellings is in it. */
  private static int code(Dictionary classes, String text) {
    int code = classes.code(text);
    if (code < 0) {
      for (String spelling : ClassText.spellings(text)) {
        code = Math.max(code, classes.code(spelling));
      }
    }
    return code;
  }

  private void regression(Values row) {
    score = row.number(layout.score());
    scored = Double.isFinite(score);
    predicts = scored;
    truth = row.labelNumber();
    error = Math.min(Math.abs(score - truth), Double.MAX_VALUE);
    labelled = predicts && Double.isFinite(truth);
    endless = Double.isInfinite(truth);
  }

  private void placeInSegments(Values row) {
    ProfileLayout profile = layout.profile();
    List<Integer> fields = profile.segments();
    int first = 1;
    for (int i = 0; i < segments.length; i++) {
      int field = fields.get(i);
      Dictionary values = profile.dictionaries().get(field);
      String value = row.category(profile.layout().slot(field));
      int code = value == null ? -1 : values.code(value);
      segments[i] = code < 0 ? -1 : first + code;
      first += values.size();
    }
  }

  private static final class OfEvent implements Values {
    private final EventLabels labels;
    private InferenceEvent row;

    OfEvent(EventLabels labels) {
      this.labels = labels;
    }

    @Override
    public double number(int slot) {
      return row.numbers()[slot];
    }

    @Override
    public String category(int slot) {
      return row.categories()[slot];
    }

    @Override
    public String label() {
      return labels.text(row);
    }

    @Override
    public double labelNumber() {
      return labels.number(row);
    }

    @Override
    public long delay() {
      return labels.time(row) - row.timeMicros();
    }
  }

  private static final class OfBatch implements Values {
    private final EventLabels labels;
    private EventBatch rows;
    private int row;

    OfBatch(EventLabels labels) {
      this.labels = labels;
    }

    @Override
    public double number(int slot) {
      return rows.numbers()[slot][row];
    }

    @Override
    public String category(int slot) {
      return rows.categories()[slot].text(row);
    }

    @Override
    public String label() {
      return labels.text(rows, row);
    }

    @Override
    public double labelNumber() {
      return labels.number(rows, row);
    }

    @Override
    public long delay() {
      return labels.time(rows, row) - rows.times()[row];
    }
  }

  /** A row of an event, for who wants to place rows without gathering them. */
  public static Values values(OutcomeLayout layout, InferenceEvent row) {
    OfEvent values = new OfEvent(layout.labels());
    values.row = row;
    return values;
  }
}
