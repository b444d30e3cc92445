package io.tidemark.store;

import java.io.IOException;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** A table that runs write below the output, a folder a window. */
public enum Table {
  STATISTICS("statistics", Form.PARQUET),
  FINDINGS("findings", Form.JSON_LINES),
  PERFORMANCE("performance", Form.JSON_LINES),
  LABEL_COVERAGE("label-coverage", Form.JSON_LINES),
  PROFILES("profiles", Form.AVRO);

  private final String folder;
  private final Form form;

  Table(String folder, Form form) {
    this.folder = folder;
    this.form = form;
  }

  /** The folder's name, which is the table's. */
  public String folder() {
    return folder;
  }

  Form form() {
    return form;
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
