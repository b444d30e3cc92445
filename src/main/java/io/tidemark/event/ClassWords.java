package io.tidemark.event;

import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether predictions, labels and the spec name classes by the same words. Where they do not, every
 * figure of performance is of a comparison of words: always right, or always wrong.
 */
public final class ClassWords {
  private static final int SHOWN = 3;

  private ClassWords() {}

  /**
   * What is wrong with the words, and what to do; null: nothing, as far as these rows show.
   *
   * @param predicted classes that rows were predicted as; empty where there are only scores
   * @param labels classes that rows turned out to be
   * @param shown whether values may be shown
   */
  public static String problem(
      MonitoringSpec spec, Collection<String> predicted, Collection<String> labels, boolean shown) {
    if (spec.task() == Task.REGRESSION) {
      return null;
    }
    Set<String> said = keys(predicted);
    Set<String> came = keys(labels);
    String positive = spec.events().prediction().positive();
    String problem =
        spec.task() == Task.BINARY && positive != null
            ? binary(ClassText.key(positive), shown ? " '" + positive + "'," : "", said, came)
            : multiclass(keys(spec.events().prediction().scores().keySet()), said, came);
    if (problem == null || !shown) {
      return problem;
    }
    return problem + ". " + words("Predicted", predicted) + words("Labels", labels);
  }

  private static Set<String> keys(Collection<String> words) {
    Set<String> keys = new TreeSet<>();
    words.forEach(word -> keys.add(ClassText.key(word)));
    return keys;
  }

  private static String binary(
      String positive, String spelled, Set<String> said, Set<String> came) {
    Set<String> all = new TreeSet<>(said);
    all.addAll(came);
    boolean predictsIt = said.contains(positive);
    boolean comes = came.contains(positive);
    if (!predictsIt && !comes && foreign(positive, all)) {
      return "no row is predicted as or labelled"
          + spelled
          + " the events.prediction.positive of the spec: write it as the log does";
    }
    if (comes && !predictsIt && foreign(positive, said)) {
      return "no row is predicted as"
          + spelled
          + " the events.prediction.positive of the spec, though labels say it: predictions and"
          + " labels have to name classes alike";
    }
    boolean strays = came.stream().anyMatch(word -> !said.contains(word));
    if (predictsIt && !comes && strays && (all.size() > 2 || foreign(positive, came))) {
      return came.stream().noneMatch(said::contains)
          ? "no label is a class that is predicted: predictions and labels have to name classes"
              + " alike"
          : "no row is labelled"
              + spelled
              + " the events.prediction.positive of the spec, and labels have a class that no row"
              + " is predicted as: predictions and labels have to name classes alike";
    }
    if (all.stream().anyMatch(word -> !word.equals(positive) && alike(word, positive))) {
      return "predictions or labels write"
          + spelled
          + " the events.prediction.positive of the spec, in several ways that differ in letter"
          + " case or blanks, and only one of them is it: write it alike everywhere";
    }
    return null;
  }

  /** A rare class may be away, but not where two others are there, or it is only spelled so. */
  private static boolean foreign(String word, Set<String> among) {
    return among.size() > 1 || among.stream().anyMatch(each -> alike(each, word));
  }

  private static boolean alike(String word, String other) {
    return word.strip().equalsIgnoreCase(other.strip());
  }

  private static String multiclass(Set<String> scored, Set<String> said, Set<String> came) {
    Set<String> known = new TreeSet<>(scored);
    known.addAll(said);
    if (!scored.isEmpty() && !said.isEmpty() && said.stream().noneMatch(scored::contains)) {
      return "no row is predicted as a class of events.prediction.scores: write classes as the log"
          + " does";
    }
    if (!came.isEmpty() && !known.isEmpty() && came.stream().noneMatch(known::contains)) {
      return "no label is a class that is predicted: predictions and labels have to name classes"
          + " alike";
    }
    return null;
  }

  private static String words(String what, Collection<String> words) {
    List<String> sorted = new ArrayList<>(new TreeSet<>(words));
    if (sorted.isEmpty()) {
      return "";
    }
    String first = String.join("', '", sorted.subList(0, Math.min(SHOWN, sorted.size())));
    return what + ": '" + first + (sorted.size() > SHOWN ? "', ... " : "'. ");
  }
}
