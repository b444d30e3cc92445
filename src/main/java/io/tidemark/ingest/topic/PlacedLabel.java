package io.tidemark.ingest.topic;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A label of a stream with the place where it stands, which tells it from another that says the
 * same: the row of {@link EventColumns#labels}, with partition and offset behind its extras.
 */
public final class PlacedLabel {
  private static final int PLACE = 2;

  private PlacedLabel() {}

  /**
   * @param source topic and partition, as dead letters name them
   * @param position the offset
   */
  public static InferenceEvent at(InferenceEvent label, String source, long position) {
    int own = label.extras().length;
    String[] extras = Arrays.copyOf(label.extras(), own + PLACE);
    extras[own] = source;
    extras[own + 1] = Long.toString(position);
    return new InferenceEvent(
        label.id(),
        label.timeMicros(),
        label.version(),
        label.numbers(),
        label.categories(),
        label.invalid(),
        extras);
  }

  /**
   * @param numeric whether labels are numbers
   */
  public static LabelRows.Row row(InferenceEvent placed, boolean numeric) {
    byte[] id = placed.id().getBytes(StandardCharsets.UTF_8);
    Hash128 hash = Hash128.of(id);
    String[] extras = placed.extras();
    int own = extras.length - PLACE;
    String source = own == 0 ? null : extras[0];
    return new LabelRows.Row(
        hash.high(),
        hash.low(),
        placed.timeMicros(),
        numeric ? null : placed.categories()[0],
        numeric ? placed.numbers()[0] + 0.0 : Double.NaN, // one zero: -0 is the same label
        source == null ? "" : source,
        extras[own],
        Long.parseLong(extras[own + 1]),
        id);
  }
}
