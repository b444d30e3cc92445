package io.tidemark.labelissues;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.RowHash;
import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A whole row. Most are carried along and never looked at, so its bytes are read when it is. */
final class KeptRow {
  /** Of a row; none is that long. */
  private static final int MOST_BYTES = 1 << 30;

  private byte[] packed;
  private InferenceEvent event;

  private KeptRow(byte[] packed, InferenceEvent event) {
    this.packed = packed;
    this.event = event;
  }

  static KeptRow of(InferenceEvent event) {
    return new KeptRow(null, event);
  }

  InferenceEvent event() {
    if (event == null) {
      try (ByteInput in = new ByteInput(packed)) {
        event = InferenceEventCoder.read(in);
      } catch (IOException e) {
        throw new UncheckedIOException("a row that was kept cannot be read", e);
      }
    }
    return event;
  }

  /** By content. */
  int compareContent(KeptRow other) {
    return this == other ? 0 : RowHash.content(event()).compareTo(RowHash.content(other.event()));
  }

  void write(DataOutput out) throws IOException {
    if (packed == null) {
      ByteOutput bytes = new ByteOutput(256);
      InferenceEventCoder.write(event, bytes);
      packed = bytes.toByteArray();
    }
    Varint.write(packed.length, out);
    out.write(packed);
  }

  static KeptRow read(DataInput in) throws IOException {
    byte[] packed = new byte[Varint.readInt(MOST_BYTES, in)];
    in.readFully(packed);
    return new KeptRow(packed, null);
  }
}
