package io.tidemark.store;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * The windows of a table as a stream's stage writes them: whole, in the order of a batch run, a
 * file a revision of a window and model version. See {@link RevisionFiles}.
 *
 * @param prefix of the stage's files, for stages that write one table
 * @param horizon size of the longer windows; "": the spec's own
 */
public record WindowRevisions(
    String output, String table, String prefix, String model, String horizon)
    implements Serializable {

  private static final String PART = "part";

  /** The table's own stage. */
  public static WindowRevisions of(String output, String table, String model) {
    return new WindowRevisions(output, table, PART, model, "");
  }

  /** The same for the windows of a longer horizon, which have a folder of their own. */
  public WindowRevisions ofHorizon(String size) {
    return new WindowRevisions(output, table, prefix, model, size);
  }

  /**
   * @param windowStart microseconds since the epoch
   * @param revision rows behind the records
   */
  public <T extends SpecificRecord> void jsonLines(
      long windowStart, String version, long revision, List<T> records) throws IOException {
    byte[] lines = JsonLines.of(WriteByWindow.sorted(records));
    write(windowStart, version, revision, lines, "jsonl");
  }

  /**
   * The same as Parquet.
   *
   * @param records at least one
   */
  public <T extends SpecificRecord> void parquet(
      long windowStart, String version, long revision, List<T> records) throws IOException {
    byte[] file = ParquetFiles.bytes(records.get(0).getSchema(), WriteByWindow.sorted(records));
    write(windowStart, version, revision, file, "parquet");
  }

  private void write(
      long windowStart, String version, long revision, byte[] content, String extension)
      throws IOException {
    String folder = WindowFolders.folder(output, table, model, horizon, windowStart);
    RevisionFiles.write(folder, prefix, version, revision, content, extension);
  }
}
