package io.tidemark.ingest.format;

import io.tidemark.ingest.row.InputException;
import io.tidemark.spec.Format;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** All input formats. */
public final class FormatReaders {
  static final List<FormatReader> ALL =
      List.of(new ParquetFormat(), new AvroFormat(), new JsonLinesFormat(), new CsvFormat());

  private FormatReaders() {}

  public static FormatReader of(Format format) {
    return ALL.stream().filter(one -> one.format() == format).findFirst().orElseThrow();
  }

  /**
   * The format that a file's name says.
   *
   * @throws InputException if it says none
   */
  static FormatReader byName(String path) {
    String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    for (FormatReader reader : ALL) {
      if (reader.suffixes().stream().anyMatch(name::endsWith)) {
        return reader;
      }
    }
    FileKind.Found other = FileKind.foreign(FileKind.head(path, false));
    if (other != null) {
      throw FileKind.refused(path, other, titles());
    }
    throw new InputException(
        path
            + ": its name does not say its format; set its format in the spec to "
            + listed(one -> one.format().name().toLowerCase(Locale.ROOT)));
  }

  /** As in "Parquet, Avro, JSON lines or CSV". */
  static String titles() {
    return listed(FormatReader::title);
  }

  private static String listed(Function<FormatReader, String> name) {
    List<String> names = ALL.stream().map(name).toList();
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }
}
