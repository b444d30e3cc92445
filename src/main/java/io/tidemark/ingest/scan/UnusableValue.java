package io.tidemark.ingest.scan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import java.io.IOException;
import java.util.Optional;

/** What stands in the log where a row is unusable: its piece of the log is read once more. */
public final class UnusableValue {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RECORD = ", record "; // of an Avro block, which has one position

  private UnusableValue() {}

  /**
   * The text of a column in the row of a dead letter; empty where it has none that can be told.
   *
   * @param column of the log
   */
  public static Optional<String> of(
      DeadLetter letter, EventFiles files, MonitoringSpec spec, String column) throws IOException {
    Search search = new Search(letter, column);
    Readers readers = new Readers(EventColumns.times(spec, column), Redaction.declaredColumns());
    try {
      for (FileSplit split : files.splits()) {
        if (split.path().equals(letter.getSource())) {
          readers.of(split).read(split, search);
        }
      }
    } catch (EndOfSearchException e) {
      return Optional.ofNullable(search.found);
    }
    return Optional.empty();
  }

  private static final class Search implements EventSink {
    private final DeadLetter letter;
    private final String column;
    private long position;
    private String found;

    Search(DeadLetter letter, String column) {
      this.letter = letter;
      this.column = column;
    }

    @Override
    public void at(long place) {
      position = place;
    }

    @Override
    public void event(InferenceEvent event) {
      see(position, event.extras()[0]);
    }

    @Override
    public void batch(EventBatch batch, int[] rows, int count) {
      for (int i = 0; i < count; i++) {
        see(position + rows[i], batch.event(rows[i]).extras()[0]);
      }
    }

    private void see(long place, String text) {
      if (place == letter.getPosition() && !letter.getDetail().contains(RECORD)) {
        found = text;
        throw new EndOfSearchException();
      }
      end(place);
    }

    @Override
    public void bad(DeadLetter row) {
      if (row.getPosition() == letter.getPosition() && record(row).equals(record(letter))) {
        found = value(row.getText());
        throw new EndOfSearchException();
      }
      end(row.getPosition());
    }

    private void end(long place) {
      if (place > letter.getPosition()) {
        throw new EndOfSearchException();
      }
    }

    private static String record(DeadLetter row) {
      int at = row.getDetail().indexOf(RECORD);
      return at < 0 ? "" : row.getDetail().substring(at);
    }

    private String value(String row) {
      if (row == null) {
        return null;
      }
      try {
        JsonNode value = JSON.readTree(row).get(column);
        return value == null || value.isNull() || value.isMissingNode()
            ? null
            : value.isValueNode() ? value.asText() : value.toString();
      } catch (JsonProcessingException e) {
        return null;
      }
    }
  }

  private static final class EndOfSearchException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
