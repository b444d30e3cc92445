package io.tidemark.event;

import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.util.List;

/**
 * What the sources of a row's labels say, where there are several: of each the first label that
 * counts for the row, of a trusted one the latest.
 *
 * @param said by the names of the sources, each once
 * @param more whether there are further sources, which are not told
 */
public record SourceLabels(List<Said> said, boolean more) {
  /** The name of the log itself, which no source has: it is a control character. */
  public static final String LOG = "\0";

  /** Sources of an id that are told apart, besides the log: those that say something first. */
  static final int MOST = 8;

  public SourceLabels {
    said = List.copyOf(said);
  }

  /**
   * What one of them says.
   *
   * @param source "" where nobody says who labelled
   * @param label as text
   */
  public record Said(String source, String label) {}

  /** Whether rows of a model may have labels of several sources that anybody looks at. */
  public static boolean possible(MonitoringSpec spec) {
    return spec.labelIssues() != null
        && spec.task() != Task.REGRESSION
        && spec.labels() != null
        && (spec.labels().source() != null || spec.events().label() != null);
  }
}
