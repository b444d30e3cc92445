package io.tidemark.profile;

import io.tidemark.event.ClassWords;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.stats.ValueCounts;
import io.tidemark.stats.Varint;
import io.tidemark.stats.performance.BinaryOutcomes;
import io.tidemark.stats.performance.ClassOutcomes;
import io.tidemark.stats.performance.Confusion;
import io.tidemark.stats.performance.ExpectedClassOutcomes;
import io.tidemark.stats.performance.ExpectedOutcomes;
import io.tidemark.stats.performance.RegressionOutcomes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How right the predictions of one window and segment were, as far as labels have come, and what is
 * to be expected of all of them. Order-free; not safe for use by several threads.
 */
public final class SegmentOutcomes {
  private final OutcomeLayout layout;
  private long rows;
  private long unscored;
  private ValueCounts delays;

  /** Of all rows only, and of classes. */
  private WordSet said;

  private WordSet came;

  // Realised: the one of the task.
  private BinaryOutcomes binary;
  private ClassOutcomes classes;
  private RegressionOutcomes numbers;

  /** Labels by bin, where they are numbers. */
  private long[] bins;

  // Expected: one, or none.
  private ExpectedOutcomes expected;
  private ExpectedClassOutcomes expectedClasses;

  /**
   * @param segment 0 for all rows, whose summaries are finer
   */
  SegmentOutcomes(OutcomeLayout layout, int segment) {
    this.layout = layout;
    if (segment == 0 && layout.task() != Task.REGRESSION) {
      said = new WordSet();
      came = new WordSet();
    }
    int capacity = layout.scoreCapacity(segment);
    delays = new ValueCounts(layout.delayCapacity(segment));
    switch (layout.task()) {
      case BINARY -> binary = new BinaryOutcomes(capacity);
      case MULTICLASS -> classes = new ClassOutcomes(layout.model().classes(), capacity);
      case REGRESSION -> {
        numbers = new RegressionOutcomes();
        bins = new long[layout.labelCells()];
      }
    }
    if (layout.model().calibrator() != null) {
      expected = new ExpectedOutcomes(capacity);
    }
    if (layout.model().classCalibrator() != null) {
      expectedClasses = new ExpectedClassOutcomes(layout.model().classes().size(), capacity);
    }
  }

  void add(OutcomeReader row) {
    rows++;
    if (said != null) {
      said.add(row.saidWord);
      came.add(row.labelWord);
    }
    unscored += row.scored && !row.endless ? 0 : 1;
    if (row.labelled) {
      delays.add(row.delaySeconds);
      switch (layout.task()) {
        case BINARY -> binary.add(row.score, row.positive, row.actuallyPositive);
        case MULTICLASS -> classes.add(row.classScores, row.predicted, row.actual, row.error == 0);
        case REGRESSION -> {
          numbers.add(row.score, row.truth);
          if (bins.length > 0) {
            bins[layout.model().labels().binOf(row.truth)]++;
          }
        }
      }
    }
    if (row.scored && expected != null) {
      expected.add(row.score, row.positive, row.calibrated);
    }
    if (row.scored && expectedClasses != null) {
      expectedClasses.add(row.classScores, row.predicted, row.probabilities);
    }
  }

  void merge(SegmentOutcomes other) {
    rows += other.rows;
    unscored += other.unscored;
    delays.merge(other.delays);
    if (said != null) {
      said.merge(other.said);
      came.merge(other.came);
    }
    switch (layout.task()) {
      case BINARY -> binary.merge(other.binary);
      case MULTICLASS -> classes.merge(other.classes);
      case REGRESSION -> {
        numbers.merge(other.numbers);
        for (int i = 0; i < bins.length; i++) {
          bins[i] += other.bins[i];
        }
      }
    }
    if (expected != null) {
      expected.merge(other.expected);
    }
    if (expectedClasses != null) {
      expectedClasses.merge(other.expectedClasses);
    }
  }

  /**
   * What is wrong with the words by which predictions and labels name classes; null: nothing, as
   * far as these rows show.
   */
  public String problemOfWords(MonitoringSpec spec, boolean shown) {
    boolean known = said != null && !said.more() && !came.more();
    return known ? ClassWords.problem(spec, said.words(), came.words(), shown) : null;
  }

  /** Predictions. */
  public long rows() {
    return rows;
  }

  /**
   * Predictions whose scores are no probabilities, or whose number or label is not finite: they are
   * in no figure that depends on scores.
   */
  public long unscored() {
    return unscored;
  }

  /** Predictions whose label has come and can be compared. */
  public long labelled() {
    return delays.total();
  }

  /** Seconds from event to label, the smallest that no more than a share of labels exceed. */
  public double delay(double share) {
    return delays.quantile(share);
  }

  public Task task() {
    return layout.task();
  }

  /** Of a binary model, else null. */
  public BinaryOutcomes binary() {
    return binary;
  }

  /** Of a model with several classes, else null. */
  public ClassOutcomes classes() {
    return classes;
  }

  /** Of predicted numbers, else null. */
  public RegressionOutcomes numbers() {
    return numbers;
  }

  /** What is expected of a binary model; null without a calibration. */
  public ExpectedOutcomes expected() {
    return expected;
  }

  /** What is expected of a model with several classes; null without a calibration. */
  public ExpectedClassOutcomes expectedClasses() {
    return expectedClasses;
  }

  /** Labels by {@link OutcomeLayout#labelCell}; empty where no bins are known. */
  public long[] labels() {
    return switch (layout.task()) {
      case BINARY -> {
        Confusion found = binary.confusion();
        yield new long[] {(long) (found.fp() + found.tn()), (long) (found.tp() + found.fn())};
      }
      case MULTICLASS -> classes.labels();
      case REGRESSION -> bins.clone();
    };
  }

  void write(DataOutput out) throws IOException {
    Varint.write(rows, out);
    Varint.write(unscored, out);
    delays.write(out);
    if (said != null) {
      said.write(out);
      came.write(out);
    }
    switch (layout.task()) {
      case BINARY -> binary.write(out);
      case MULTICLASS -> classes.write(out);
      case REGRESSION -> {
        numbers.write(out);
        for (long count : bins) {
          Varint.write(count, out);
        }
      }
    }
    if (expected != null) {
      expected.write(out);
    }
    if (expectedClasses != null) {
      expectedClasses.write(out);
    }
  }

  static SegmentOutcomes read(OutcomeLayout layout, int segment, DataInput in) throws IOException {
    SegmentOutcomes outcomes = new SegmentOutcomes(layout, segment);
    outcomes.rows = Varint.read(in);
    outcomes.unscored = Varint.read(in);
    outcomes.delays = ValueCounts.read(in);
    if (outcomes.said != null) {
      outcomes.said = WordSet.read(in);
      outcomes.came = WordSet.read(in);
    }
    switch (layout.task()) {
      case BINARY -> outcomes.binary = BinaryOutcomes.read(in);
      case MULTICLASS ->
          outcomes.classes =
              ClassOutcomes.read(layout.model().classes(), layout.scoreCapacity(segment), in);
      case REGRESSION -> {
        outcomes.numbers = RegressionOutcomes.read(in);
        for (int i = 0; i < outcomes.bins.length; i++) {
          outcomes.bins[i] = Varint.read(in);
        }
      }
    }
    if (outcomes.expected != null) {
      outcomes.expected = ExpectedOutcomes.read(in);
    }
    if (outcomes.expectedClasses != null) {
      outcomes.expectedClasses = ExpectedClassOutcomes.read(layout.model().classes().size(), in);
    }
    return outcomes;
  }
}
