package io.tidemark.alerts;

import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/**
 * Which alerts were sent: a file each, {@code alerts/model=M/window=W/ID.json}, with what was sent.
 * It is written once the receiver has taken the alert and never again.
 */
record SentAlerts(String output) implements Serializable {
  boolean has(Alert alert) throws IOException {
    return OutputFiles.read(path(alert)).isPresent();
  }

  void add(Alert alert) throws IOException {
    OutputFiles.write(path(alert), (alert.text() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private String path(Alert alert) {
    String folder = WindowFolders.folder(output, "alerts", alert.model(), alert.start());
    return OutputFiles.path(folder, OutputFiles.segment(alert.id()) + ".json");
  }
}
