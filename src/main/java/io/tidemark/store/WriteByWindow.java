package io.tidemark.store;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes each window's records of a table as one file, in an order that does not depend on how they
 * arrived; a window that is written again replaces what was there. Emits the windows written.
 */
public final class WriteByWindow<T extends SpecificRecord>
    extends PTransform<PCollection<KV<Long, T>>, PCollection<Long>> {
  private static final long serialVersionUID = 1;

  private static final String PART = "part";

  private final Place place;
  private final Form form;

  /** Where the windows' folders are. */
  private record Place(String output, String table, String model, String horizon, String prefix)
      implements Serializable {
    String folder(long windowStart) {
      return WindowFolders.folder(output, table, model, horizon, windowStart);
    }
  }

  /** How a file holds records. */
  private enum Form {
    PARQUET("parquet") {
      @Override
      byte[] bytes(List<? extends SpecificRecord> records) {
        return ParquetFiles.bytes(records.get(0).getSchema(), records);
      }
    },
    JSON_LINES("jsonl") {
      @Override
      byte[] bytes(List<? extends SpecificRecord> records) {
        return JsonLines.of(records);
      }
    },
    AVRO("avro") {
      @Override
      byte[] bytes(List<? extends SpecificRecord> records) {
        return AvroFiles.bytes(records.get(0).getSchema(), records);
      }
    };

    private final String extension;

    Form(String extension) {
      this.extension = extension;
    }

    /**
     * @param records at least one
     */
    abstract byte[] bytes(List<? extends SpecificRecord> records);
  }

  private WriteByWindow(Place place, Form form) {
    this.place = place;
    this.form = form;
  }

  public static <T extends SpecificRecord> WriteByWindow<T> parquet(
      String output, String table, String model) {
    return new WriteByWindow<>(new Place(output, table, model, "", PART), Form.PARQUET);
  }

  public static <T extends SpecificRecord> WriteByWindow<T> jsonLines(
      String output, String table, String model) {
    return new WriteByWindow<>(new Place(output, table, model, "", PART), Form.JSON_LINES);
  }

  public static <T extends SpecificRecord> WriteByWindow<T> avro(
      String output, String table, String model) {
    return new WriteByWindow<>(new Place(output, table, model, "", PART), Form.AVRO);
  }

  /** The same for the windows of a longer horizon, which have a folder of their own. */
  public WriteByWindow<T> ofHorizon(String size) {
    return new WriteByWindow<>(
        new Place(place.output, place.table, place.model, size, place.prefix), form);
  }

  /**
   * The same as a file with another beginning of its name: stages that write one table each replace
   * their own file.
   */
  public WriteByWindow<T> inFiles(String prefix) {
    return new WriteByWindow<>(
        new Place(place.output, place.table, place.model, place.horizon, prefix), form);
  }

  @Override
  public PCollection<Long> expand(PCollection<KV<Long, T>> records) {
    return records
        .apply("GroupByWindow", GroupByKey.create())
        .apply("WriteWindow", ParDo.of(new WriteFn<>(place, form)));
  }

  private static final class WriteFn<T extends SpecificRecord>
      extends DoFn<KV<Long, Iterable<T>>, Long> {
    private static final long serialVersionUID = 1;

    private final Place place;
    private final Form form;

    WriteFn(Place place, Form form) {
      this.place = place;
      this.form = form;
    }

    @ProcessElement
    public void process(@Element KV<Long, Iterable<T>> window, OutputReceiver<Long> out)
        throws IOException {
      List<T> sorted = sorted(window.getValue());
      WindowFolders.replace(
          place.folder(window.getKey()), place.prefix, form.bytes(sorted), form.extension);
      out.output(window.getKey());
    }
  }

  /** Records in the order in which a file has them, however they came. */
  public static <T extends SpecificRecord> List<T> sorted(Iterable<T> records) {
    List<Line<T>> lines = new ArrayList<>();
    for (T record : records) {
      lines.add(new Line<>(sortKey(record) + id(record), record));
    }
    lines.sort(Comparator.comparing(Line::key));
    List<T> sorted = new ArrayList<>();
    lines.forEach(line -> sorted.add(line.record()));
    return sorted;
  }

  /** What tells records apart that have the same name, such as two alarms of a detector. */
  private static <T extends SpecificRecord> String id(T record) {
    var field = record.getSchema().getField("id");
    return field == null ? "" : record.get(field.pos()).toString();
  }

  /** The texts of a record name it: version, segment, field or kind, subject, method. */
  private static <T extends SpecificRecord> String sortKey(T record) {
    StringBuilder key = new StringBuilder();
    for (var field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      boolean names =
          (value instanceof CharSequence || value instanceof Enum)
              && !field.name().equals("id")
              && !field.name().equals("reason");
      if (names) {
        key.append(value).append('\u0000');
      }
    }
    return key.toString();
  }

  private record Line<T>(String key, T record) {}
}
