package io.tidemark.ingest.format;

import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.PathColumns;
import io.tidemark.schema.DeadLetter;
import io.tidemark.stats.PlainText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file's path as it may be shown: of folders such as {@code region=eu} the names are columns'
 * values, which the spec may hide.
 */
public final class ShownPath {
  private static final Pattern FOLDER = Pattern.compile("(?<![^/\\s])([^/=]+)=([^/]*)(?=/)");

  private ShownPath() {}

  /** A path, or a message with paths in it. */
  public static String of(String text, Redaction redaction) {
    if (text != null && text.contains("://")) {
      return folders(PlainText.of(text), redaction); // who logs in there is in no letter
    }
    return folders(text, redaction);
  }

  private static String folders(String text, Redaction redaction) {
    if (text == null || text.indexOf('=') < 0 || !redaction.any()) {
      return text;
    }
    return FOLDER
        .matcher(text)
        .replaceAll(
            folder -> {
              String column = PathColumns.decoded(folder.group(1));
              if (!redaction.hides(column)) {
                return Matcher.quoteReplacement(folder.group());
              }
              String shown = redaction.show(column, PathColumns.decoded(folder.group(2)));
              return Matcher.quoteReplacement(
                  folder.group(1) + "=" + (shown == null ? "hidden" : shown));
            });
  }

  /** Reads of a piece. */
  public interface Reading {
    public void of(Audience audience) throws IOException;
  }

  /** Reads a piece, with its path in letters and messages as each of the audience may show it. */
  public static void guarded(FileSplit split, Audience audience, Reading reading)
      throws IOException {
    Redaction all = audience.ofAll();
    if (of(split.path(), all).equals(split.path())) {
      reading.of(audience);
      return;
    }
    List<Audience.Taker> takers = new ArrayList<>();
    for (Audience.Taker each : audience.takers()) {
      takers.add(each.with(new Sink(each.sink(), each.redaction())));
    }
    try {
      reading.of(new Audience(takers, new OthersShown(audience.others(), all)));
    } catch (InputException e) {
      throw new InputException(of(e.getMessage(), all));
    } catch (IOException e) {
      throw new IOException(of(e.getMessage(), all));
    }
  }

  private record OthersShown(Audience.Others others, Redaction redaction)
      implements Audience.Others {
    @Override
    public void unclaimed(long rows) {
      others.unclaimed(rows);
    }

    @Override
    public void unreadable(DeadLetter letter) {
      letter.setSource(of(letter.getSource(), redaction));
      others.unreadable(letter);
    }
  }

  private record Sink(EventSink sink, Redaction redaction) implements EventSink {
    @Override
    public void at(long position) {
      sink.at(position);
    }

    @Override
    public void event(InferenceEvent event) {
      sink.event(event);
    }

    @Override
    public void batch(EventBatch batch, int[] rows, int count) {
      sink.batch(batch, rows, count);
    }

    @Override
    public void bad(DeadLetter letter) {
      letter.setSource(of(letter.getSource(), redaction));
      sink.bad(letter);
    }
  }
}
