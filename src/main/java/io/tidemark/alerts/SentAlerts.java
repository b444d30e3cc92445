package io.tidemark.alerts;

import io.tidemark.schema.Finding;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.JsonLines;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * Which alerts were sent: a file each, {@code alerts/model=M/window=W/ID.json}, with what was sent.
 * It is written once the receiver has taken the alert and never again.
 */
record SentAlerts(String output) implements Serializable {
  boolean has(Finding finding) throws IOException {
    return OutputFiles.read(path(finding)).isPresent();
  }

  void add(Finding finding) throws IOException {
    OutputFiles.write(path(finding), JsonLines.of(List.of(finding)));
  }

  private String path(Finding finding) {
    long window = WindowSpec.micros(finding.getWindowStart());
    String folder = WindowFolders.folder(output, "alerts", finding.getModel(), window);
    return OutputFiles.path(folder, OutputFiles.segment(finding.getId()) + ".json");
  }
}
