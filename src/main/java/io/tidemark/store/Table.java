package io.tidemark.store;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;

/** A table that runs write below the output, a folder a window or a period of windows. */
public enum Table {
  STATISTICS("statistics", Form.PARQUET),
  FINDINGS("findings", Form.JSON_LINES),
  PERFORMANCE("performance", Form.JSON_LINES),
  LABEL_COVERAGE("label-coverage", Form.JSON_LINES),
  PROFILES("profiles", Form.AVRO),
  SLICES("slices", Form.JSON_LINES, "period"),
  ACQUISITION("acquisition", Form.JSON_LINES, "period");

  private final String folder;
  private final Form form;
  private final String span;

  Table(String folder, Form form) {
    this(folder, form, WindowFolders.WINDOW);
  }

  /**
   * @param span what the table has a folder of
   */
  Table(String folder, Form form, String span) {
    this.folder = folder;
    this.form = form;
    this.span = span;
  }

  /** The folder's name, which is the table's. */
  public String folder() {
    return folder;
  }

  Form form() {
    return form;
  }

  /**
   * The folder of one window, or of one period.
   *
   * @param horizon size of longer windows, or "": the windows themselves
   * @param start microseconds since the epoch
   */
  String folder(String output, String model, String horizon, long start) {
    return OutputFiles.path(
        WindowFolders.folder(output, folder, model, horizon),
        span + "=" + WindowFolders.name(start));
  }

  /** Starts of the windows or periods that have a folder, microseconds since the epoch. */
  List<Long> starts(String output, String model, String horizon) throws IOException {
    String all = WindowFolders.folder(output, folder, model, horizon);
    TreeSet<Long> starts = new TreeSet<>();
    for (String path : OutputFiles.list(OutputFiles.path(all, span + "=*", "*"))) {
      String[] parts = path.split("/");
      String name = parts[parts.length - 2];
      starts.add(WindowFolders.time(name.substring(name.indexOf('=') + 1)));
    }
    return List.copyOf(starts);
  }

  /** How a file holds records. */
  enum Form {
    PARQUET("parquet") {
      @Override
      byte[] bytes(List<? extends SpecificRecord> records) {
        return ParquetFiles.bytes(records.get(0).getSchema(), records);
      }

      @Override
      <T extends SpecificRecord> List<T> records(byte[] file, Class<T> type) {
        throw new UnsupportedOperationException("statistics are for other programs");
      }
    },
    JSON_LINES("jsonl") {
      @Override
      byte[] bytes(List<? extends SpecificRecord> records) {
        return JsonLines.of(records);
      }

      @Override
      <T extends SpecificRecord> List<T> records(byte[] file, Class<T> type) throws IOException {
        return JsonLines.read(file, type);
      }
    },
    AVRO("avro") {
      @Override
      byte[] bytes(List<? extends SpecificRecord> records) {
        return AvroFiles.bytes(records.get(0).getSchema(), records);
      }

      @Override
      <T extends SpecificRecord> List<T> records(byte[] file, Class<T> type) throws IOException {
        return AvroFiles.read(file, type);
      }
    };

    private final String extension;

    Form(String extension) {
      this.extension = extension;
    }

    String extension() {
      return extension;
    }

    /**
     * @param records at least one
     */
    abstract byte[] bytes(List<? extends SpecificRecord> records);

    /**
     * The records of a file.
     *
     * @throws IOException if it has others
     */
    abstract <T extends SpecificRecord> List<T> records(byte[] file, Class<T> type)
        throws IOException;
  }
}
