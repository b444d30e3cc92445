package io.tidemark.ingest.format;

import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.DecodeFailure;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.spec.Format;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.io.fs.MatchResult;

/** CSV files, each whole. */
final class CsvFormat implements FormatReader {
  @Override
  public Format format() {
    return Format.CSV;
  }

  @Override
  public String title() {
    return "CSV";
  }

  @Override
  public List<String> suffixes() {
    return List.of(".csv");
  }

  @Override
  public FilePlan plan(MatchResult.Metadata file, boolean gzip, EventColumns columns) {
    String path = file.resourceId().toString();
    FileKind.Found other = FileKind.notText(FileKind.head(path, gzip));
    if (other != null) {
      throw FileKind.refused(path, other, title());
    }
    List<String> names;
    try {
      names = CsvReader.header(path, gzip);
    } catch (IOException e) {
      throw new InputException(path + ": " + DecodeFailure.reason(e));
    }
    Set<String> header = Set.copyOf(names);
    Set<String> absent = FilePlan.absent(path, columns, use -> header.contains(use.path()));
    FilePlan.refuse(path, columns, absent, names);
    return new FilePlan(FilePlan.whole(file, Format.CSV, gzip), absent, -1, null);
  }

  @Override
  public void read(FileSplit split, Audience audience) throws IOException {
    new CsvReader(split, audience).read();
  }
}
