package io.tidemark.profile;

import io.tidemark.event.EventLayout;
import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.profile.Baseline.ReferenceWindow;
import io.tidemark.schema.BaselineCategory;
import io.tidemark.schema.BaselineField;
import io.tidemark.schema.BaselineFile;
import io.tidemark.schema.BaselineGrid;
import io.tidemark.schema.BaselineWindow;
import io.tidemark.spec.Field;
import io.tidemark.spec.FieldType;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.CategorySummary;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.Moments;
import io.tidemark.stats.NumericSummary;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A baseline as one Avro file, and back. The same baseline gives the same bytes. */
public final class BaselineFormat {
  static final int VERSION = 1;
  static final int STATE_VERSION = 1;
  private static final String QUANTILE = "quantile_20";
  private static final String DOANE = "doane";
  private static final String FINE = "equal_width_10000";

  private BaselineFormat() {}

  /** The file of a baseline. Its {@code hash} is not part of it: it is that of these bytes. */
  public static byte[] write(Baseline baseline, String specHash, Long from, Long to) {
    BaselineFile file = new BaselineFile();
    file.setFormatVersion(VERSION);
    file.setModel(baseline.model());
    file.setModelVersion(baseline.version());
    file.setSpecHash(specHash);
    file.setRows(baseline.rows());
    file.setFrom(from == null ? null : WindowSpec.instant(from));
    file.setTo(to == null ? null : WindowSpec.instant(to));
    List<BaselineField> fields = new ArrayList<>();
    for (int i = 0; i < baseline.fields().size(); i++) {
      fields.add(field(baseline.fields().get(i), baseline.total().state(0, i)));
    }
    file.setFields(fields);
    List<String> segments = new ArrayList<>();
    for (int segment : baseline.layout().segments()) {
      segments.add(baseline.fields().get(segment).field().name());
    }
    file.setSegments(segments);
    file.setValueCapacity(baseline.total().layout().valueCapacity());
    file.setWindowValueCapacity(baseline.layout().valueCapacity());
    file.setUnseenCapacity(baseline.layout().unseenCapacity());
    file.setStateVersion(STATE_VERSION);
    file.setState(ByteBuffer.wrap(state(baseline.total())));
    List<BaselineWindow> windows = new ArrayList<>();
    for (ReferenceWindow window : baseline.windows()) {
      windows.add(
          new BaselineWindow(
              WindowSpec.instant(window.start()),
              WindowSpec.instant(window.end()),
              window.full(),
              window.profile().rows(),
              ByteBuffer.wrap(state(window.profile()))));
    }
    file.setWindows(windows);
    file.setPerformance(
        baseline.performance() == null ? null : PerformanceFormat.write(baseline.performance()));
    return AvroFiles.bytes(BaselineFile.getClassSchema(), List.of(file));
  }

  /** The form of a profile without its layout. */
  static byte[] state(WindowProfile profile) {
    ByteOutput out = new ByteOutput(1 << 10);
    try {
      profile.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  private static BaselineField field(FieldBins reference, FieldState state) {
    Field column = reference.field();
    BaselineField field = new BaselineField();
    field.setName(column.name());
    field.setPath(column.path());
    field.setType(column.type().name().toLowerCase(Locale.ROOT));
    field.setRole(column.role().name().toLowerCase(Locale.ROOT));
    field.setMissing(state.missing());
    field.setInvalid(state.invalid());
    field.setGrids(new ArrayList<>());
    field.setCategories(new ArrayList<>());
    field.setTruncated(reference.truncated());
    if (column.numeric()) {
      NumericSummary numbers = state.numeric();
      Moments moments = numbers.moments();
      field.setMean(finite(moments.mean()));
      field.setStd(finite(moments.deviation()));
      field.setMin(finite(moments.min()));
      field.setMax(finite(moments.max()));
      addGrid(field, QUANTILE, reference.quantile(), numbers);
      addGrid(field, DOANE, reference.doane(), numbers);
      addGrid(field, FINE, reference.fine(), numbers);
    } else {
      CategorySummary categories = state.categories();
      Dictionary dictionary = reference.dictionary();
      for (int code = 0; code < dictionary.size(); code++) {
        field
            .getCategories()
            .add(new BaselineCategory(dictionary.value(code), categories.count(code)));
      }
    }
    return field;
  }

  private static void addGrid(BaselineField field, String name, Grid grid, NumericSummary numbers) {
    if (grid == null) {
      return;
    }
    List<Long> counts = new ArrayList<>();
    for (long count : grid.counts(numbers.cuts(), numbers.cells())) {
      counts.add(count);
    }
    field.getGrids().add(new BaselineGrid(name, list(grid.edges()), grid.rightClosed(), counts));
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /**
   * The baseline of a file's bytes.
   *
   * @param path for messages
   * @throws BaselineException if these bytes are no baseline that this version reads
   */
  public static Baseline read(String path, byte[] bytes) {
    BaselineFile file = decode(path, bytes);
    if (file.getFormatVersion() != VERSION || file.getStateVersion() != STATE_VERSION) {
      throw new BaselineException(
          path
              + ": written by another version of Tidemark (format "
              + file.getFormatVersion()
              + "); build it anew with 'tidemark baseline'");
    }
    List<FieldBins> fields = new ArrayList<>();
    List<Field> columns = new ArrayList<>();
    for (BaselineField field : file.getFields()) {
      FieldBins reference = reference(field);
      fields.add(reference);
      columns.add(reference.field());
    }
    List<Integer> segments = new ArrayList<>();
    for (String segment : file.getSegments()) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equals(segment)) {
          segments.add(i);
        }
      }
    }
    int windowValues =
        file.getWindowValueCapacity() == 0
            ? file.getValueCapacity()
            : file.getWindowValueCapacity();
    ProfileLayout layout =
        Baseline.layout(
            file.getModel(),
            0,
            EventLayout.of(columns, List.of()),
            fields,
            segments,
            windowValues,
            file.getUnseenCapacity());
    List<ReferenceWindow> windows = new ArrayList<>();
    for (BaselineWindow window : file.getWindows()) {
      windows.add(
          new ReferenceWindow(
              WindowSpec.micros(window.getStart()),
              WindowSpec.micros(window.getEnd()),
              window.getFull(),
              profile(path, layout, window.getState())));
    }
    return new Baseline(
        file.getModel(),
        file.getModelVersion(),
        ContentHash.of(bytes),
        file.getRows(),
        List.copyOf(fields),
        layout,
        profile(path, layout.withValues(0, file.getValueCapacity()), file.getState()),
        List.copyOf(windows),
        performance(path, file));
  }

  private static PerformanceReference performance(String path, BaselineFile file) {
    if (file.getPerformance() == null) {
      return null;
    }
    try {
      return PerformanceFormat.read(file.getPerformance());
    } catch (IOException | RuntimeException e) {
      throw new BaselineException(path + ": is damaged; build it anew with 'tidemark baseline'");
    }
  }

  private static BaselineFile decode(String path, byte[] bytes) {
    try {
      return AvroFiles.read(bytes, BaselineFile.class).get(0);
    } catch (AvroFiles.DamagedException e) {
      throw new BaselineException(path + ": is damaged; build it anew with 'tidemark baseline'");
    } catch (IOException | IndexOutOfBoundsException e) {
      throw new BaselineException(
          path + ": is no baseline file; build one with 'tidemark baseline'");
    }
  }

  private static FieldBins reference(BaselineField field) {
    Field column =
        new Field(
            field.getName(),
            field.getPath(),
            FieldType.valueOf(field.getType().toUpperCase(Locale.ROOT)),
            Field.Role.valueOf(field.getRole().toUpperCase(Locale.ROOT)));
    Dictionary dictionary = null;
    if (!column.numeric()) {
      List<String> values = new ArrayList<>();
      field.getCategories().forEach(category -> values.add(category.getValue()));
      dictionary = Dictionary.of(values);
    }
    return new FieldBins(
        column,
        grid(field, QUANTILE),
        grid(field, DOANE),
        grid(field, FINE),
        dictionary,
        field.getTruncated());
  }

  private static Grid grid(BaselineField field, String name) {
    for (BaselineGrid grid : field.getGrids()) {
      if (grid.getName().equals(name)) {
        return Grid.of(array(grid.getEdges()), grid.getRightClosed());
      }
    }
    return null;
  }

  private static WindowProfile profile(String path, ProfileLayout layout, ByteBuffer state) {
    byte[] bytes = new byte[state.remaining()];
    state.duplicate().get(bytes);
    try (ByteInput in = new ByteInput(bytes)) {
      return WindowProfile.read(layout, in);
    } catch (IOException | RuntimeException e) {
      throw new BaselineException(path + ": is damaged; build it anew with 'tidemark baseline'");
    }
  }
}
