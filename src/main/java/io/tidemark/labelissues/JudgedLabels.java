package io.tidemark.labelissues;

import io.tidemark.event.ClassText;
import io.tidemark.event.RowHash;
import io.tidemark.stats.Hash128;
import io.tidemark.stats.labelissues.Contradiction;
import io.tidemark.stats.labelissues.InputLabels;
import io.tidemark.stats.labelissues.LabelFilter;
import io.tidemark.stats.labelissues.LabelQuality;
import io.tidemark.stats.labelissues.PairAgreement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The labels of a period and model version, judged. Contradictions are looked for among the rows of
 * the period and of the one before, so that a label that changes between two periods is met.
 *
 * <p>The queue is in the order of expected benefit, the number of labels that a look is expected to
 * put right:
 *
 * <ul>
 *   <li>a row that confident learning flags: the probability that its label is wrong, {@link
 *       ConfidentModel#posterior}; where n rows with the same inputs all say the same, or all do
 *       since a change, no more than 1 / (n + 2), by the rule of succession;
 *   <li>a label of inputs that is not their most frequent one: its rows c, times the share of the n
 *       rows with these inputs that say otherwise, c · (1 − c / n), and half a label for each row
 *       whose own labels contradict each other;
 *   <li>a row whose sources disagree: the share of them that say something else than its label;
 *   <li>a label that inputs had before it changed: its rows in the period, times 1 − chance, where
 *       chance is how probable so clean a change is among labels in random order.
 * </ul>
 *
 * A row whose label a trusted source has given is not in it: somebody has looked. A row that is in
 * it for several reasons is there once, for the one with the largest benefit.
 *
 * @param confident null: the log has no probabilities
 * @param inputs that are looked at, of both periods
 * @param agreement of each two sources
 */
record JudgedLabels(
    LabelEvidence evidence,
    ConfidentModel confident,
    int inputs,
    List<PairAgreement> agreement,
    List<Doubt> doubts,
    List<ReviewRow> queue) {

  /** Of a hundred inputs whose labels are ambiguous about one is taken for flipped. */
  private static final double LEVEL = .01;

  /** Rows with the same inputs from which on their agreement is held against the model. */
  private static final int AGREEING = 3;

  /** First what is worth most, then by name. */
  private static final Comparator<ReviewRow> ORDER =
      Comparator.comparingDouble(ReviewRow::benefit)
          .reversed()
          .thenComparing(ReviewRow::name)
          .thenComparing(row -> RowHash.content(row.event()));

  /**
   * What is known of inputs of the period.
   *
   * @param labels of the period and of the one before
   */
  private record Known(InputLabels labels, Contradiction verdict) {}

  /**
   * @param before inputs of the period before
   */
  static JudgedLabels of(
      LabelColumns columns, LabelEvidence evidence, InputSample before, LabelFilter filter) {
    return new Judge(columns, evidence, before, filter).judge();
  }

  /** The share of labels that look wrong to the model; 0 where nothing can be said. */
  double mislabelledShare() {
    int scored = evidence.scored().size();
    return confident == null || scored == 0 ? 0 : (double) confident.joint().mislabelled() / scored;
  }

  private static final class Judge {
    private final LabelColumns columns;
    private final LabelEvidence evidence;
    private final ConfidentModel confident;
    private final LabelledRow row;
    private final List<Doubt> doubts = new ArrayList<>();
    private final TreeMap<String, TreeMap<Hash128, ReviewRow>> queue = new TreeMap<>();
    private final SortedMap<Hash128, InputRows> inputs;
    private final List<PairAgreement> agreement;
    private final Map<Hash128, Known> known = new HashMap<>(); // looked up only
    private int lookedAt;

    Judge(LabelColumns columns, LabelEvidence evidence, InputSample before, LabelFilter filter) {
      this.columns = columns;
      this.evidence = evidence;
      this.row = new LabelledRow(columns);
      this.inputs = evidence.inputs().inputs();
      this.agreement = PairAgreement.of(evidence.conflicting().counts());
      know(before.inputs());
      int classes = evidence.classes();
      this.confident = classes == 0 ? null : ConfidentModel.of(evidence.scored(), classes, filter);
    }

    /** Looks at the first of the inputs of both periods, as many as a sample has. */
    private void know(SortedMap<Hash128, InputRows> before) {
      Iterator<Hash128> others = before.keySet().iterator();
      Hash128 other = next(others);
      for (Map.Entry<Hash128, InputRows> each : inputs.entrySet()) {
        Hash128 digest = each.getKey();
        while (other != null && other.compareTo(digest) < 0) {
          lookedAt++;
          other = next(others);
        }
        if (lookedAt >= InputSample.CAPACITY) {
          break;
        }
        lookedAt++;
        InputRows rowsBefore = digest.equals(other) ? before.get(digest) : null;
        if (rowsBefore != null || !each.getValue().single()) {
          InputLabels labels = each.getValue().labels();
          if (rowsBefore != null) {
            rowsBefore.addTo(labels);
            other = next(others);
          }
          known.put(digest, new Known(labels, Contradiction.of(labels, LEVEL)));
        } else {
          known.put(digest, null); // one row, which nothing contradicts
        }
      }
      while (other != null) {
        lookedAt++;
        other = next(others);
      }
      lookedAt = Math.min(lookedAt, InputSample.CAPACITY);
    }

    private static Hash128 next(Iterator<Hash128> digests) {
      return digests.hasNext() ? digests.next() : null;
    }

    JudgedLabels judge() {
      if (confident != null) {
        evidence.doubtful().rows().forEach(this::doubtful);
      }
      inputs.forEach(this::contradicting);
      evidence.conflicting().rows().rows().forEach(this::conflicting);
      List<ReviewRow> rows = new ArrayList<>();
      queue.values().forEach(ofName -> rows.addAll(ofName.values()));
      rows.sort(ORDER);
      return new JudgedLabels(evidence, confident, lookedAt, agreement, List.copyOf(doubts), rows);
    }

    private void doubtful(DoubtfulRows.Doubtful each) {
      row.turnTo(each.event());
      int code = row.code;
      double[] scores = row.probabilities;
      if (!confident.cuts().flags(code, scores, ScoredRows.name(each.hash()))) {
        return;
      }
      double[] posterior = confident.posterior(code, scores);
      int best = 0;
      for (int other = 1; other < posterior.length; other++) {
        best = posterior[other] > posterior[best] ? other : best;
      }
      double wrong = 1 - posterior[code];
      String suggested = best == code ? null : word(best);
      Doubt.Action action = best == code ? Doubt.Action.DROP : Doubt.Action.RELABEL;
      String reason =
          best == code
              ? "the model predicts another class, and no label is more probable than this one"
              : "the model is sure of another class";
      double benefit = wrong;
      Hash128 digest = row.inputs();
      Known alike = known.get(digest);
      long rows = alike != null ? alike.labels().rows() : known.containsKey(digest) ? 1 : 0;
      long agreeing = agreeing(alike);
      if (agreeing >= AGREEING) {
        action = Doubt.Action.ACCEPT;
        reason = agreeing + " rows with these inputs say the same: the model may err on them";
        benefit = Math.min(wrong, 1.0 / (agreeing + 2));
      }
      double self = LabelQuality.SELF_CONFIDENCE.of(code, scores);
      double margin = LabelQuality.NORMALIZED_MARGIN.of(code, scores);
      doubts.add(
          new Doubt(
              Doubt.Kind.CONFIDENT_LEARNING,
              row.name(),
              each.event(),
              action,
              row.label,
              suggested,
              self,
              margin,
              wrong,
              benefit,
              null,
              null,
              Double.NaN,
              reason));
      enqueue(
          new ReviewRow(
              row.name(),
              each.event(),
              List.of(Doubt.Kind.CONFIDENT_LEARNING.id()),
              action,
              suggested,
              self,
              margin,
              wrong,
              benefit,
              rows,
              reason));
    }

    /** How many rows with the same inputs say as the row does, where none speaks against it. */
    private long agreeing(Known alike) {
      if (alike == null) {
        return 0;
      }
      String key = ClassText.key(row.label);
      return switch (alike.verdict().verdict()) {
        case CONSISTENT -> alike.labels().rows();
        case FLIPPED -> key.equals(alike.verdict().after()) ? alike.labels().count(key) : 0;
        case AMBIGUOUS -> 0;
      };
    }

    /** A class as it is mostly spelled in labels. */
    private String word(int code) {
      String word = null;
      long most = 0;
      for (Map.Entry<String, Long> each : evidence.words().entrySet()) {
        if (columns.code(each.getKey()) == code && each.getValue() > most) {
          word = each.getKey();
          most = each.getValue();
        }
      }
      return word != null ? word : columns.name(code);
    }

    private void contradicting(Hash128 digest, InputRows ofPeriod) {
      Known both = known.get(digest);
      if (both == null || both.verdict().verdict() == Contradiction.Verdict.CONSISTENT) {
        return;
      }
      Contradiction verdict = both.verdict();
      InputLabels labels = both.labels();
      InputLabels labelsOfPeriod = ofPeriod.labels();
      boolean flipped = verdict.verdict() == Contradiction.Verdict.FLIPPED;
      String stays = flipped ? verdict.after() : mostFrequent(labels);
      String reason =
          flipped
              ? "the label of these inputs changed: what they mean has, or how they are labelled"
              : labels.labels().size() > 1
                  ? "equal inputs have different labels: no input tells these rows apart"
                  : "labels of one row say different things";
      double benefit = 0;
      for (String label : labels.labels()) {
        InputRows.Named example = ofPeriod.example(label);
        double ofLabel = benefit(labels, labelsOfPeriod, label, stays, verdict);
        if (example != null && !example.settled() && ofLabel > 0) {
          benefit += ofLabel;
          enqueue(
              queued(
                  example,
                  flipped ? Doubt.Kind.FLIPPED : Doubt.Kind.AMBIGUOUS,
                  flipped ? Doubt.Action.DROP : Doubt.Action.DEFINE,
                  flipped ? verdict.after() : null,
                  ofLabel,
                  labels.rows(),
                  reason));
        }
      }
      doubts.add(
          new Doubt(
              flipped ? Doubt.Kind.FLIPPED : Doubt.Kind.AMBIGUOUS,
              digest.toString(),
              null,
              flipped ? Doubt.Action.ACCEPT : Doubt.Action.DEFINE,
              null,
              flipped ? verdict.after() : null,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              benefit,
              labels,
              verdict,
              Double.NaN,
              reason));
    }

    /** A row whose sources say different things. */
    private void conflicting(DoubtfulRows.Doubtful each) {
      row.turnTo(each.event());
      Conflict conflict = Conflict.of(row.label, row.sources, agreement);
      Hash128 digest = row.inputs();
      Known alike = known.get(digest);
      ReviewRow queued =
          queued(
              new InputRows.Named(false, row.name(), KeptRow.of(each.event())),
              Doubt.Kind.CONFLICTING_SOURCES,
              conflict.action(),
              conflict.suggested(),
              conflict.benefit(),
              alike != null ? alike.labels().rows() : known.containsKey(digest) ? 1 : 0,
              conflict.reason());
      doubts.add(
          new Doubt(
              Doubt.Kind.CONFLICTING_SOURCES,
              queued.name(),
              queued.event(),
              conflict.action(),
              row.label,
              conflict.suggested(),
              queued.selfConfidence(),
              queued.normalizedMargin(),
              queued.wrong(),
              conflict.benefit(),
              null,
              null,
              conflict.kappa(),
              conflict.reason()));
      enqueue(queued);
    }

    private static String mostFrequent(InputLabels labels) {
      String most = null;
      for (String label : labels.labels()) {
        most = most == null || labels.count(label) > labels.count(most) ? label : most;
      }
      return most;
    }

    private static double benefit(
        InputLabels labels,
        InputLabels ofPeriod,
        String label,
        String stays,
        Contradiction verdict) {
      if (verdict.verdict() == Contradiction.Verdict.FLIPPED) {
        return label.equals(stays) || !ofPeriod.labels().contains(label)
            ? 0
            : ofPeriod.count(label) * (1 - verdict.chance());
      }
      if (label.equals(stays)) {
        return .5 * labels.disputed();
      }
      double rows = labels.count(label);
      return rows * (1 - rows / labels.rows());
    }

    private ReviewRow queued(
        InputRows.Named example,
        Doubt.Kind kind,
        Doubt.Action action,
        String suggested,
        double benefit,
        long alike,
        String reason) {
      row.turnTo(example.event());
      boolean scored = row.probabilities != null && row.code >= 0;
      return new ReviewRow(
          example.name(),
          example.event(),
          List.of(kind.id()),
          action,
          suggested,
          scored ? LabelQuality.SELF_CONFIDENCE.of(row.code, row.probabilities) : Double.NaN,
          scored ? LabelQuality.NORMALIZED_MARGIN.of(row.code, row.probabilities) : Double.NaN,
          scored ? 1 - confident.posterior(row.code, row.probabilities)[row.code] : Double.NaN,
          benefit,
          alike,
          reason);
    }

    private void enqueue(ReviewRow each) {
      queue
          .computeIfAbsent(each.name(), name -> new TreeMap<>())
          .merge(RowHash.content(each.event()), each, Judge::both);
    }

    private static ReviewRow both(ReviewRow one, ReviewRow other) {
      ReviewRow first = other.benefit() > one.benefit() ? other : one;
      TreeSet<String> kinds = new TreeSet<>(one.kinds());
      kinds.addAll(other.kinds());
      return new ReviewRow(
          first.name(),
          first.event(),
          List.copyOf(kinds),
          first.action(),
          first.suggested(),
          first.selfConfidence(),
          first.normalizedMargin(),
          first.wrong(),
          first.benefit(),
          Math.max(one.alike(), other.alike()),
          first.reason());
    }
  }
}
