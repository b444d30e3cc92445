package io.tidemark.ingest.format;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.spec.Format;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.io.fs.MatchResult;

/** JSON objects: lines of files, by ranges of bytes, or a topic's values. */
final class JsonLinesFormat implements FormatReader {
  @Override
  public Format format() {
    return Format.JSONL;
  }

  @Override
  public String title() {
    return "JSON lines";
  }

  @Override
  public List<String> suffixes() {
    return List.of(".jsonl", ".json", ".ndjson");
  }

  @Override
  public FilePlan plan(MatchResult.Metadata file, boolean gzip, EventColumns columns) {
    String path = file.resourceId().toString();
    byte[] head = FileKind.head(path, gzip);
    FileKind.Found other = FileKind.notText(head);
    if (other == null) {
      other = FileKind.notLines(head);
    }
    if (other != null) {
      throw FileKind.refused(path, other, title());
    }
    boolean whole = gzip || !file.isReadSeekEfficient();
    List<FileSplit> splits =
        whole ? FilePlan.whole(file, Format.JSONL, gzip) : FilePlan.bytes(file, Format.JSONL);
    return new FilePlan(splits, Set.of(), -1, null);
  }

  @Override
  public void read(FileSplit split, Audience audience) throws IOException {
    JsonLinesReader.read(split, audience);
  }

  @Override
  public RecordRows decoder(EventColumns columns, Redaction redaction, TopicSchema schema) {
    return new JsonRows(columns, redaction);
  }
}
