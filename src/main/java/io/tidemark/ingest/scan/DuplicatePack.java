package io.tidemark.ingest.scan;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.stats.Hash128;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** Rows that have copies, with their keys, as bytes: they wait for all the others of their key. */
final class DuplicatePack {
  /** Bytes that are sent on together, about. */
  static final int FULL = 1 << 16;

  private static final int KEY = 16;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * @param key see {@link io.tidemark.event.RowHash#copyKey}
   */
  void add(Hash128 key, InferenceEvent event) {
    out.writeBytes(ByteBuffer.allocate(KEY).putLong(key.high()).putLong(key.low()).array());
    try {
      InferenceEventCoder.of().encode(event, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  int size() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  static void read(byte[] bytes, BiConsumer<Hash128, InferenceEvent> row) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    while (in.available() > 0) {
      ByteBuffer key = ByteBuffer.wrap(in.readNBytes(KEY));
      row.accept(new Hash128(key.getLong(), key.getLong()), InferenceEventCoder.of().decode(in));
    }
  }
}
