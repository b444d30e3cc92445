package io.tidemark.labels;

import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.store.ContentHash;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Writes the labels of a bucket and shard that label nothing, once a checkpoint holds which they
 * are: a failure then writes the same file again. Its name has a hash of its content, for labels
 * that came when their bucket was closed have another file.
 */
final class ListUnjoinedFn
    extends DoFn<KV<KV<WindowKey, Integer>, List<LabelFate>>, KV<String, String>> {
  private static final long serialVersionUID = 1;

  private final Broadcast<Fleet<SettleLabels.OfModel>> models;

  ListUnjoinedFn(Fleet<SettleLabels.OfModel> models) {
    this.models = Broadcast.of(models);
  }

  @RequiresStableInput
  @ProcessElement
  public void process(
      @Element KV<KV<WindowKey, Integer>, List<LabelFate>> unjoined,
      OutputReceiver<KV<String, String>> out)
      throws IOException {
    WindowKey bucket = unjoined.getKey().getKey();
    SettleLabels.OfModel own = models.get().find(bucket.model()).orElse(null);
    if (own == null) {
      return; // it has left
    }
    JoinLabels.Listing shown = own.listing();
    byte[] lines =
        UnjoinedLines.of(unjoined.getValue(), shown.labels(), shown.redaction(), own.rule());
    String name =
        String.format(
            Locale.ROOT, "part-%04d-%s.jsonl", unjoined.getKey().getValue(), ContentHash.of(lines));
    String folder = "run=followed-" + WindowFolders.name(bucket.start());
    String path = OutputFiles.path(shown.folder(), folder, name);
    OutputFiles.write(path, lines);
    out.output(KV.of(bucket.model(), path));
  }
}
