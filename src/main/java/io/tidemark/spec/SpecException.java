package io.tidemark.spec;

import io.tidemark.stats.PlainText;
import java.util.List;

/** A spec with problems: all of them, in the order of their lines. */
public final class SpecException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<SpecProblem> problems;

  SpecException(String source, List<SpecProblem> problems) {
    super(message(source, problems));
    this.problems = List.copyOf(problems);
  }

  private static String message(String source, List<SpecProblem> problems) {
    StringBuilder text = new StringBuilder();
    for (SpecProblem problem : problems) {
      text.append(text.length() == 0 ? "" : "\n").append(PlainText.line(source));
      text.append(':').append(problem.line()).append(": ");
      text.append(problem.path().isEmpty() ? "" : PlainText.line(problem.path()) + ": ");
      text.append(PlainText.line(problem.message()));
    }
    return text.toString();
  }

  public List<SpecProblem> problems() {
    return problems;
  }
}
