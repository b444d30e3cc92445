package io.tidemark.cli;

import io.tidemark.spec.MonitoringSpec;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "validate",
    description = "Says everything that is wrong with a spec, or that it is right.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  @Spec CommandSpec command;

  @Option(names = "--spec", required = true, description = "Spec file, or a glob of several.")
  String spec;

  @Override
  public Integer call() throws Exception {
    for (Map.Entry<String, MonitoringSpec> read : SpecFiles.load(spec).entrySet()) {
      MonitoringSpec model = read.getValue();
      command
          .commandLine()
          .getOut()
          .println(
              read.getKey()
                  + ": right; model "
                  + model.model()
                  + ", "
                  + model.features().size()
                  + " features, spec hash "
                  + model.hash());
      for (String warning : SpecWarnings.warnings(model)) {
        command.commandLine().getErr().println(read.getKey() + ": " + warning);
      }
    }
    return Main.DONE;
  }
}
