package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.store.DamagedFileException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

class FailureTest {
  private static String message(Throwable thrown) {
    return Failure.of(thrown).message();
  }

  @Test
  void whatTheUserCanPutRight() {
    Failure failure =
        Failure.of(new RuntimeException(new ExecutionException(new UsageException("spec: no"))));
    assertThat(failure).isEqualTo(new Failure(true, "spec: no"));
    assertThat(Failure.of(new IOException("no")).wrongUse()).isFalse();
    Failure damaged = Failure.of(new RuntimeException(new DamagedFileException("f", "mend it")));
    assertThat(damaged.wrongUse()).isTrue();
    assertThat(damaged.message()).startsWith("f: is damaged").endsWith("; mend it");
  }

  @Test
  void whatAClusterSendsAsBytes() {
    Throwable sent = new SerializedThrowable(new UsageException("--spec: no such file"));
    assertThat(Failure.of(new IllegalStateException(sent)))
        .isEqualTo(new Failure(true, "--spec: no such file"));
  }

  @Test
  void wordsForClasses() {
    assertThat(message(new NoSuchFileException("/a"))).isEqualTo("/a: no such file");
    assertThat(message(new AccessDeniedException("/a"))).isEqualTo("/a: access denied");
    assertThat(message(new IOException("disk full"))).isEqualTo("disk full");
    assertThat(message(new FileNotFoundException("/a"))).isEqualTo("file not found: /a");
    assertThat(message(new CompletionException(new NullPointerException())))
        .isEqualTo("null pointer");
    assertThat(message(new OutOfMemoryError("heap"))).startsWith("out of memory.");
  }

  @Test
  void aJobThatTheClusterLost() {
    String said =
        "[org.apache.flink.runtime.rest.handler.RestHandlerException:"
            + " org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink"
            + " job (6ccfcd20038fc914b74e0377888fdcc9)\n"
            + "\tat org.apache.flink.runtime.rest.Handler.propagate(Handler.java:94)\n";
    assertThat(message(new RuntimeException(new ExecutionException(new IOException(said)))))
        .contains("6ccfcd20038fc914b74e0377888fdcc9", "--savepointPath=")
        .doesNotContain("\n", "Exception");
  }

  @Test
  void noStackTraceOfACluster() {
    assertThat(
            message(
                new IOException(
                    "[Internal server error., <Exception on server side:\n"
                        + "org.apache.flink.util.FlinkException: Failed to submit job.\n"
                        + "\tat org.apache.flink.runtime.Dispatcher.submit(Dispatcher.java:1)\n"
                        + "Caused by: java.lang.IllegalStateException: no slots\n"
                        + "\t... 12 more\n"
                        + "End of exception on server side>]")))
        .isEqualTo("no slots");
    assertThat(
            message(
                new IOException(
                    "[org.apache.flink.runtime.rest.RestHandlerException: a.b.CException: gone\n"
                        + "\tat org.apache.flink.runtime.Dispatcher.submit(Dispatcher.java:1)\n"
                        + "]")))
        .isEqualTo("gone");
    assertThat(message(new IOException("Job failed\n\tat a.B.c(B.java:1)")))
        .isEqualTo("Job failed");
  }

  @Test
  void linesThatAreNoStackTraceStay() {
    assertThat(message(new IOException("two\n  lines at once"))).isEqualTo("two\n  lines at once");
  }
}
