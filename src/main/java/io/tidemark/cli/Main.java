package io.tidemark.cli;

import io.tidemark.pipeline.Failure;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong use, spec or input, 3 alarms. */
@Command(
    name = "tidemark",
    description = "Data-centric monitoring and retraining for models in production.",
    mixinStandardHelpOptions = true,
    version = "tidemark 0.1.0",
    subcommands = {
      ValidateCommand.class,
      SimulateCommand.class,
      BaselineCommand.class,
      MonitorCommand.class,
      ReportCommand.class,
      ReviewCommand.class,
      DiffCommand.class
    })
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  public static final int WRONG_USE = 2;
  static final int ALARMS = 3;

  private Main() {}

  public static void main(String[] args) {
    // Runners log for operators of clusters; a user of the command line wants messages.
    System.setProperty(
        "org.slf4j.simpleLogger.defaultLogLevel",
        System.getenv().getOrDefault("TIDEMARK_LOG", "off"));
    AtomicReference<Exception> why = new AtomicReference<>();
    int code = run(System.out, System.err, why, args);
    if (Main.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
      System.exit(code);
    }
    // Loaded by a Flink cluster into a process of its own, which is not to be ended from here.
    if (code != DONE) {
      // The cause tells Flink a job that was cancelled from one that failed.
      Exception cause = why.get();
      String message = cause == null ? "see above" : Failure.of(cause).message();
      throw new IllegalStateException(
          "tidemark ended with exit code " + code + ": " + ShownText.of(message), cause);
    }
  }

  /** Runs a command and returns its exit code; nothing it throws reaches the user as a trace. */
  public static int run(PrintStream out, PrintStream err, String... args) {
    return run(out, err, new AtomicReference<>(), args);
  }

  /**
   * @param why takes what the command threw
   */
  private static int run(
      PrintStream out, PrintStream err, AtomicReference<Exception> why, String... args) {
    CommandLine commands =
        new CommandLine(new Main())
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
            .setOut(ShownText.writer(out))
            .setErr(ShownText.writer(err))
            .setParameterExceptionHandler(
                (e, given) -> {
                  why.set(e);
                  return wrongUse(e);
                })
            .setExecutionExceptionHandler(
                (e, command, parsed) -> {
                  why.set(e);
                  return report(e, command, err);
                });
    if (args.length == 0) {
      commands.usage(err);
      return WRONG_USE;
    }
    try {
      return commands.execute(args);
    } catch (VirtualMachineError e) {
      err.println(ShownText.of("tidemark failed: " + Failure.of(e).message()));
      return FAILED;
    } catch (LinkageError e) {
      err.println("tidemark failed: the jar is incomplete (" + e + "); build it anew");
      return FAILED;
    }
  }

  private static int wrongUse(ParameterException e) {
    e.getCommandLine().getErr().println(e.getMessage());
    e.getCommandLine().getErr().println("Try 'tidemark " + name(e.getCommandLine()) + "--help'.");
    return WRONG_USE;
  }

  private static String name(CommandLine command) {
    return command.getParent() == null ? "" : command.getCommandName() + " ";
  }

  private static int report(Exception e, CommandLine command, PrintStream err) {
    Failure failure = Failure.of(e);
    if (failure.wrongUse()) {
      command.getErr().println(failure.message());
      return WRONG_USE;
    }
    command.getErr().println("tidemark failed: " + failure.message());
    if (System.getenv("TIDEMARK_LOG") != null) {
      e.printStackTrace(err);
    } else {
      command.getErr().println("Set TIDEMARK_LOG=info in the environment to see more.");
    }
    return FAILED;
  }
}
