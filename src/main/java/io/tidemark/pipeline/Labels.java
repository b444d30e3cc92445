package io.tidemark.pipeline;

import io.tidemark.flow.Fleet;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.spec.MonitoringSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The label source of a run, from {@code --labels} and {@code --as-of}. */
public final class Labels {
  private Labels() {}

  /**
   * Those of each model; none where none are joined.
   *
   * @param uri null: the option was not given
   * @param known labels given later are left out
   */
  public static Fleet<LabelSource> plan(
      String uri, long known, Fleet<MonitoringSpec> specs, TimeCheck times, PrintWriter err)
      throws IOException {
    for (MonitoringSpec spec : specs.all()) {
      check(uri, spec, err);
    }
    if (uri == null) {
      if (known != Long.MAX_VALUE) {
        err.println("--as-of has no effect without --labels");
      }
      return Fleet.of(Map.of());
    }
    Fleet<EventFiles> files = EventFiles.planLabels(uri, specs);
    Set<String> said = new LinkedHashSet<>(); // of files that models share once
    for (String model : files.models()) {
      files.of(model).warnings().forEach(warning -> said.add("labels: " + warning));
      said.add(times.ofLabels(specs.of(model), files.of(model)));
    }
    said.remove("");
    said.forEach(err::println);
    return files.map(each -> new LabelSource(each, known));
  }

  /**
   * Holds the option against the spec.
   *
   * @param uri null: the option was not given
   * @throws UsageException where the spec does not say how labels are read
   */
  public static void check(String uri, MonitoringSpec spec, PrintWriter err) {
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
