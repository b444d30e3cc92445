package io.tidemark.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads back what {@link WriteTable} has written of a window, by runs that end and by streams
 * alike.
 *
 * @param type of the table's records
 * @param horizon size of the windows, or "": the windows themselves
 * @param prefix of the files of one stage, or "": all of them
 * @param <T> the type
 */
public record ReadTable<T extends SpecificRecord>(
    Table table, Class<T> type, String output, String model, String horizon, String prefix) {
  private static final String REMEDY =
      "run the monitor over that window again, with --from and --to, or delete the file: it counts"
          + " as not written then";

  public static <T extends SpecificRecord> ReadTable<T> of(
      Table table, Class<T> type, String output, String model) {
    return new ReadTable<>(table, type, output, model, "", "");
  }

  /** The same of the windows of a longer horizon. */
  public ReadTable<T> ofHorizon(String size) {
    return new ReadTable<>(table, type, output, model, size, prefix);
  }

  /** The same of one stage's files. */
  public ReadTable<T> inFiles(String stage) {
    return new ReadTable<>(table, type, output, model, horizon, stage + "-");
  }

  /** Starts of the windows or periods that there are, in their order. */
  public List<Long> starts() throws IOException {
    return table.starts(output, model, horizon);
  }

  /**
   * The records of a window or period, in the order of files and of records in them; none where
   * nothing was written.
   *
   * @param windowStart microseconds since the epoch
   * @throws DamagedFileException where a file is not what was written
   */
  public List<T> window(long windowStart) throws IOException {
    String folder = table.folder(output, model, horizon, windowStart);
    String files = prefix + "*." + table.form().extension();
    List<T> records = new ArrayList<>();
    for (String path : OutputFiles.list(OutputFiles.path(folder, files))) {
      Optional<byte[]> file = OutputFiles.read(path);
      if (file.isPresent()) { // else it was replaced meanwhile
        records.addAll(read(path, file.get()));
      }
    }
    return records;
  }

  private List<T> read(String path, byte[] file) throws IOException {
    if (!ContentHash.holds(path, file)) {
      throw new DamagedFileException(path, REMEDY);
    }
    try {
      return table.form().records(file, type);
    } catch (IOException e) {
      throw new DamagedFileException(path, REMEDY);
    }
  }
}
