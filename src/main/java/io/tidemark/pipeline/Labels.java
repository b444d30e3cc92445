package io.tidemark.pipeline;

import io.tidemark.ingest.EventFiles;
import io.tidemark.spec.MonitoringSpec;
import java.io.IOException;
import java.io.PrintWriter;

/** The label source of a run, from {@code --labels} and {@code --as-of}. */
final class Labels {
  private Labels() {}

  /**
   * Null where none is joined.
   *
   * @param uri null: the option was not given
   * @param known labels given later are left out
   */
  static LabelSource plan(
      String uri, long known, MonitoringSpec spec, TimeCheck times, PrintWriter err)
      throws IOException {
    check(uri, spec, err);
    if (uri == null) {
      if (known != Long.MAX_VALUE) {
        err.println("--as-of has no effect without --labels");
      }
      return null;
    }
    EventFiles files = EventFiles.planLabels(uri, spec);
    files.warnings().forEach(warning -> err.println("labels: " + warning));
    String unlikely = times.ofLabels(spec, files);
    if (!unlikely.isEmpty()) {
      err.println(unlikely);
    }
    return new LabelSource(files, known);
  }

  /**
   * Holds the option against the spec.
   *
   * @param uri null: the option was not given
   * @throws UsageException where the spec does not say how labels are read
   */
  static void check(String uri, MonitoringSpec spec, PrintWriter err) {
    if (uri == null) {
      if (spec.labels() != null) {
        err.println(
            "labels: without --labels none are joined; the section of model "
                + spec.model()
                + " has no effect");
      }
      return;
    }
    if (spec.labels() == null) {
      throw new UsageException(
          "--labels="
              + uri
              + ": the spec of model "
              + spec.model()
              + " does not say how labels are read; give it a section labels: {id, value, time,"
              + " horizon}");
    }
  }
}
