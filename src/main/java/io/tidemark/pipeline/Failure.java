package io.tidemark.pipeline;

import io.tidemark.alerts.AlertsException;
import io.tidemark.ingest.row.InputException;
import io.tidemark.profile.BaselineException;
import io.tidemark.review.ReviewException;
import io.tidemark.simulate.SimulationException;
import io.tidemark.spec.SpecException;
import io.tidemark.store.DamagedFileException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.util.SerializedThrowable;

/**
 * What went wrong, in words for the one who ran the command. Runners wrap what a step throws, some
 * of them several times, so the reason is looked for among all causes.
 *
 * @param wrongUse whether the user can put it right: wrong use, spec or input
 */
public record Failure(boolean wrongUse, String message) {
  static final String OUT_OF_MEMORY =
      "out of memory. Give it more, as in TIDEMARK_MEMORY=8g tidemark ...";

  private static final Pattern LOST_JOB = Pattern.compile("Could not find Flink job \\((\\w+)\\)");

  /** A line of a stack trace, as clusters put them into messages. */
  private static final Pattern FRAME = Pattern.compile("\\s+at \\S+\\(.*\\)");

  /** How a stack trace begins, and goes on: the names of classes in front of the message. */
  private static final Pattern THROWN =
      Pattern.compile("(?:Caused by: )?\\[?(?:(?:[\\w$]+\\.)+[\\w$]+(?:: |$))+");

  public static Failure of(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause(cause)) {
      if (cause instanceof UsageException
          || cause instanceof SpecException
          || cause instanceof InputException
          || cause instanceof BaselineException
          || cause instanceof AlertsException
          || cause instanceof DamagedFileException
          || cause instanceof SimulationException
          || cause instanceof ReviewException) {
        return new Failure(true, cause.getMessage());
      }
      if (cause instanceof OutOfMemoryError) {
        return new Failure(false, OUT_OF_MEMORY);
      }
      Matcher lost = LOST_JOB.matcher(String.valueOf(cause.getMessage()));
      if (lost.find()) {
        return new Failure(false, lost(lost.group(1)));
      }
      root = cause;
    }
    return new Failure(false, words(root));
  }

  private static String lost(String job) {
    return "the cluster does not know job "
        + job
        + " any more: its JobManager was started anew. What the job's last checkpoint holds is not"
        + " lost; to go on from it, add --savepointPath=CHECKPOINT to the same command, the folder"
        + " chk-N with the highest N below "
        + job
        + " where the cluster keeps checkpoints";
  }

  private static Throwable cause(Throwable thrown) {
    Throwable cause = thrown.getCause();
    // A cluster sends exceptions as bytes, because the other side may lack their classes.
    return cause instanceof SerializedThrowable bytes
        ? bytes.deserializeError(Failure.class.getClassLoader())
        : cause;
  }

  private static String words(Throwable root) {
    String message = withoutStack(root.getMessage());
    if (root instanceof NoSuchFileException) {
      return message + ": no such file";
    }
    if (root instanceof AccessDeniedException) {
      return message + ": access denied";
    }
    boolean says = message != null && !message.isBlank();
    if (says && (root.getClass() == IOException.class || root instanceof FileSystemException)) {
      return message;
    }
    String name = root.getClass().getSimpleName().replaceFirst("(Exception|Error)$", "");
    String kind = name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return kind.isEmpty() ? "no reason is known" : kind + (says ? ": " + message : "");
  }

  /** What a cluster says is a whole stack trace at times: the reason in it, else the message. */
  static String withoutStack(String message) {
    if (message == null || message.lines().noneMatch(line -> FRAME.matcher(line).matches())) {
      return message;
    }
    String reason = "";
    for (String line : message.lines().toList()) {
      Matcher thrown = THROWN.matcher(line);
      if (thrown.lookingAt() && (reason.isEmpty() || line.startsWith("Caused by: "))) {
        reason = line.substring(thrown.end()).strip();
      }
    }
    return reason.isEmpty() ? message.lines().findFirst().orElse("").strip() : reason;
  }
}
