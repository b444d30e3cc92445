package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.lineage.Dataset;
import io.tidemark.store.ContentHash;
import java.io.IOException;

/** A published snapshot, as lineage names it: its folder, by the content of its manifest. */
final class SnapshotDataset {
  private SnapshotDataset() {}

  static Dataset of(String path, byte[] manifest) throws IOException {
    JsonNode fields = RunRecord.read(manifest);
    long bytes = 0;
    for (JsonNode file : fields.path("files")) {
      bytes += file.path("bytes").asLong();
    }
    return Dataset.at(path.substring(0, path.lastIndexOf('/')))
        .version(ContentHash.of(manifest))
        .written(fields.path("rows").asLong(), fields.path("files").size(), bytes);
  }
}
