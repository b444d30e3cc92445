package io.tidemark.event;

import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;

/**
 * Names rows by what they hold. All of them are functions of the row alone, so they are the same
 * whatever the file, order, runner or machine.
 */
public final class RowHash {
  private static final Hash128 NO_VERSION = Hash128.of(new byte[0]);

  private RowHash() {}

  /** Hash of everything in the row but its id and the label that was joined to it. */
  public static Hash128 content(InferenceEvent event) {
    InferenceEvent anonymous =
        event.id() == null
                && event.label() == null
                && event.trusted() == null
                && event.sources() == null
                && !event.disputed()
            ? event
            : new InferenceEvent(
                null,
                event.timeMicros(),
                event.version(),
                event.numbers(),
                event.categories(),
                event.invalid(),
                event.extras());
    return Hash128.of(InferenceEventCoder.bytes(anonymous));
  }

  /** The row's id; where the log has none, its content's hash as 32 hexadecimal digits. */
  public static String name(InferenceEvent event) {
    return event.id() != null ? event.id() : content(event).toString();
  }

  /** Hash of an id: what labels are joined on. */
  public static Hash128 ofId(String id) {
    return Hash128.of(id.getBytes(StandardCharsets.UTF_8));
  }

  /** Hash of a model version, "" without one. */
  public static Hash128 ofVersion(String version) {
    return version.isEmpty() ? NO_VERSION : Hash128.of(version.getBytes(StandardCharsets.UTF_8));
  }

  /** Tells the keys of one model's rows from those of another's, which may have the same ids. */
  public static Hash128 ofModel(String model) {
    return Hash128.of(model.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Hash of an id within a window: equal for the copies that duplicate removal looks for.
   *
   * @param id see {@link #ofId}
   * @param version see {@link #ofVersion}
   * @param model see {@link #ofModel}
   */
  public static Hash128 copyKey(Hash128 model, Hash128 id, Hash128 version, long windowStart) {
    Hash128 key = copyKey(id, version, windowStart);
    return new Hash128(key.high() ^ model.high(), key.low() ^ model.low());
  }

  /** The same where all rows are one model's. */
  public static Hash128 copyKey(Hash128 id, Hash128 version, long windowStart) {
    long window = Hash128.finish(windowStart);
    return new Hash128(
        Hash128.finish(id.high() ^ Hash128.finish(version.high() ^ window)),
        Hash128.finish(id.low() + Hash128.finish(version.low() + window)));
  }
}
