package io.tidemark.cli;

import io.tidemark.flow.Fleet;
import io.tidemark.ingest.topic.ReadTopic;
import io.tidemark.pipeline.RunnerOptions;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.options.PipelineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

@Command(
    name = "monitor",
    description = "Compares a model's inference log with its baseline, window by window.",
    footer = "Any further option goes to Beam, such as --runner=FlinkRunner --parallelism=2.",
    mixinStandardHelpOptions = true)
final class MonitorCommand implements Callable<Integer> {
  @Mixin MonitorOptions asked;

  /** Of Beam; of a mixin picocli takes none. */
  @Unmatched List<String> rest = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    SpecFiles.checkPlace("--output", asked.output);
    SpecFiles.checkPlace("--baseline", asked.baseline);
    TreeMap<String, MonitoringSpec> byModel = new TreeMap<>();
    SpecFiles.load(asked.specPath).values().forEach(spec -> byModel.put(spec.model(), spec));
    Fleet<MonitoringSpec> specs = Fleet.of(byModel);
    PipelineOptions options = RunnerOptions.of(rest);
    if (options.getRunner().getSimpleName().equals("FlinkRunner")) {
      // A cluster's processes run in other folders.
      asked.output = SpecFiles.absolute(asked.output);
    }
    return ReadTopic.follows("--events", asked.events)
        ? new MonitorTopics(asked).run(specs, options)
        : new MonitorFiles(asked).run(specs, options);
  }
}
