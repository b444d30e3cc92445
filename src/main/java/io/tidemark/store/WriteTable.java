package io.tidemark.store;

import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Writes what there is of each window into a table, in an order that does not depend on how it
 * came, and passes it on once it is written.
 *
 * <p>A bounded run has all of a window at once: it becomes one file, and replaces what was there. A
 * stream writes each revision of a window and model version as a file of its own, in place of the
 * revision before; see {@link RevisionFiles}. A window that nothing is to be said of writes
 * nothing.
 *
 * @param <C> what a window has many of, one a record
 */
public final class WriteTable<C, T extends SpecificRecord>
    extends PTransform<PCollection<WindowRevision<List<C>>>, PCollection<WindowRevision<List<C>>>> {
  private static final long serialVersionUID = 1;

  private final Place place;
  private final SerializableFunction<C, T> record;

  /**
   * Where the windows' folders are, and how the files in them begin.
   *
   * @param from start of the first window that is written
   */
  private record Place(Table table, String output, String horizon, String prefix, long from)
      implements Serializable {
    private static final String PART = "part";

    Place ofHorizon(String size) {
      return new Place(table, output, size, prefix, from);
    }

    Place inFiles(String other) {
      return new Place(table, output, horizon, other, from);
    }

    Place from(long first) {
      return new Place(table, output, horizon, prefix, first);
    }

    boolean takes(long windowStart, List<?> records) {
      return windowStart >= from && !records.isEmpty();
    }

    String folder(WindowKey window) {
      return table.folder(output, window.model(), horizon, window.start());
    }

    <T extends SpecificRecord> byte[] bytes(List<T> records) {
      return table.form().bytes(RecordOrder.sorted(records));
    }
  }

  private WriteTable(Place place, SerializableFunction<C, T> record) {
    this.place = place;
    this.record = record;
  }

  /**
   * @param record of the table, from what a window has
   */
  public static <C, T extends SpecificRecord> WriteTable<C, T> of(
      Table table, String output, SerializableFunction<C, T> record) {
    return new WriteTable<>(new Place(table, output, "", Place.PART, Long.MIN_VALUE), record);
  }

  public static <T extends SpecificRecord> WriteTable<T, T> of(Table table, String output) {
    return of(table, output, each -> each);
  }

  /** The same for the windows of a longer horizon, which have a folder of their own; "": none. */
  public WriteTable<C, T> ofHorizon(String size) {
    return new WriteTable<>(place.ofHorizon(size), record);
  }

  /**
   * The same as a file with another beginning of its name: stages that write one table each replace
   * their own file.
   */
  public WriteTable<C, T> inFiles(String prefix) {
    return new WriteTable<>(place.inFiles(prefix), record);
  }

  /**
   * The same without windows that start before: they are passed on as they are, because a run that
   * only looks back at them has nothing to say of them.
   *
   * @param windowStart microseconds since the epoch
   */
  public WriteTable<C, T> from(long windowStart) {
    return new WriteTable<>(place.from(windowStart), record);
  }

  @Override
  public PCollection<WindowRevision<List<C>>> expand(PCollection<WindowRevision<List<C>>> windows) {
    if (windows.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      return windows
          .apply("WriteRevision", ParDo.of(new RevisionFn<>(place, record)))
          .setCoder(windows.getCoder());
    }
    return windows
        .apply(
            "NameWindow",
            WithKeys.<WindowKey, WindowRevision<List<C>>>of(window -> window.window().ofAll())
                .withKeyType(TypeDescriptor.of(WindowKey.class)))
        .setCoder(KvCoder.of(new WindowKey.KeyCoder(), windows.getCoder()))
        .apply("GroupByWindow", GroupByKey.create())
        .apply("WriteWindow", ParDo.of(new WindowFn<>(place, record)))
        .setCoder(windows.getCoder());
  }

  private static final class RevisionFn<C, T extends SpecificRecord>
      extends DoFn<WindowRevision<List<C>>, WindowRevision<List<C>>> {
    private static final long serialVersionUID = 1;

    private final Place place;
    private final SerializableFunction<C, T> record;

    RevisionFn(Place place, SerializableFunction<C, T> record) {
      this.place = place;
      this.record = record;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<List<C>> window, OutputReceiver<WindowRevision<List<C>>> out)
        throws IOException {
      WindowKey key = window.window();
      List<T> records = window.content().stream().map(record::apply).toList();
      if (place.takes(key.start(), records)) {
        RevisionFiles.write(
            place.folder(key),
            place.prefix,
            key.version(),
            window.revision(),
            place.bytes(records),
            place.table.form().extension());
      }
      out.output(window);
    }
  }

  private static final class WindowFn<C, T extends SpecificRecord>
      extends DoFn<KV<WindowKey, Iterable<WindowRevision<List<C>>>>, WindowRevision<List<C>>> {
    private static final long serialVersionUID = 1;

    private final Place place;
    private final SerializableFunction<C, T> record;

    WindowFn(Place place, SerializableFunction<C, T> record) {
      this.place = place;
      this.record = record;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, Iterable<WindowRevision<List<C>>>> window,
        OutputReceiver<WindowRevision<List<C>>> out)
        throws IOException {
      List<T> records = new ArrayList<>();
      List<WindowRevision<List<C>>> versions = new ArrayList<>(); // runners may give them once
      for (WindowRevision<List<C>> version : window.getValue()) {
        versions.add(version);
        version.content().forEach(each -> records.add(record.apply(each)));
      }
      if (place.takes(window.getKey().start(), records)) {
        WindowFolders.replace(
            place.folder(window.getKey()),
            place.prefix,
            place.bytes(records),
            place.table.form().extension());
      }
      versions.forEach(out::output);
    }
  }
}
