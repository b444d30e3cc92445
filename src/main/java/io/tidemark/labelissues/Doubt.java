package io.tidemark.labelissues;

import io.tidemark.event.InferenceEvent;
import io.tidemark.stats.labelissues.Contradiction;
import io.tidemark.stats.labelissues.InputLabels;

/**
 * A label that is doubted, or the labels of an input, or of a row's sources, that disagree.
 *
 * @param subject what it is about: the row's name, or the inputs' digest
 * @param row what it is about; null where that are inputs
 * @param action what is suggested
 * @param label the row's; null of inputs
 * @param suggested what it more probably is, or what the label of the inputs is now; null: nothing
 * @param wrong probability that the label is wrong; NaN of inputs, and of rows without scores
 * @param benefit labels that a look puts right, as expected
 * @param labels of the inputs; null of rows
 * @param verdict the same
 * @param kappa the least of two of the row's sources that disagree; NaN of others, and where none
 *     is defined
 */
record Doubt(
    Kind kind,
    String subject,
    InferenceEvent row,
    Action action,
    String label,
    String suggested,
    double selfConfidence,
    double normalizedMargin,
    double wrong,
    double benefit,
    InputLabels labels,
    Contradiction verdict,
    double kappa,
    String reason) {

  /** What disagrees. */
  enum Kind {
    CONFIDENT_LEARNING,
    AMBIGUOUS,
    FLIPPED,
    CONFLICTING_SOURCES;

    String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What should be done. */
  enum Action {
    /** Give the row another label. */
    RELABEL,
    /** Say what the label of such inputs is to be. */
    DEFINE,
    /** Leave the row out of training. */
    DROP,
    /** Leave the label. */
    ACCEPT;

    String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
