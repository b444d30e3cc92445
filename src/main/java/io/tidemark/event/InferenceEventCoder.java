package io.tidemark.event;

import io.tidemark.flow.ByteOutput;
import io.tidemark.flow.StatelessCoder;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The compact binary form of an {@link InferenceEvent}: deterministic, so that it can be a key. */
public final class InferenceEventCoder extends StatelessCoder<InferenceEvent> {
  private static final long serialVersionUID = 1;
  private static final InferenceEventCoder INSTANCE = new InferenceEventCoder();

  /** Stands before the label of the few rows that are disputed; no text is that long. */
  private static final int DISPUTED = -1;

  /** Stands before a trusted label and the label of the rows that have one. */
  private static final int TRUSTED = -2;

  /** Stands before what several sources say, and all else of labels. */
  private static final int SOURCES = -3;

  public static InferenceEventCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(InferenceEvent event, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    write(event, data);
    data.flush();
  }

  @Override
  public InferenceEvent decode(InputStream in) throws IOException {
    return read(new DataInputStream(in));
  }

  /** The event's bytes alone, equal for equal events. */
  static byte[] bytes(InferenceEvent event) {
    ByteOutput out = new ByteOutput(256);
    try {
      write(event, out);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  public static void write(InferenceEvent event, DataOutput out) throws IOException {
    writeText(event.id(), out);
    out.writeLong(event.timeMicros());
    writeText(event.version(), out);
    double[] numbers = event.numbers();
    writeCount(numbers.length, out);
    for (double number : numbers) {
      out.writeLong(Double.doubleToLongBits(number)); // one NaN, so equal events have equal bytes
    }
    writeTexts(event.categories(), out);
    long[] invalid = event.invalid();
    writeCount(invalid == null ? 0 : invalid.length, out);
    if (invalid != null) {
      for (long word : invalid) {
        out.writeLong(word);
      }
    }
    writeTexts(event.extras(), out);
    if (event.sources() != null) {
      writeCount(SOURCES, out);
      write(event.sources(), out);
    }
    if (event.disputed()) {
      writeCount(DISPUTED, out);
    } else if (event.trusted() != null) {
      writeCount(TRUSTED, out);
      writeText(event.trusted().text(), out);
      out.writeLong(event.trusted().micros());
    }
    writeText(event.label(), out);
    if (event.label() != null) {
      out.writeLong(event.labelMicros());
    }
  }

  public static InferenceEvent read(DataInput in) throws IOException {
    String id = readText(in);
    long time = in.readLong();
    String version = readText(in);
    double[] numbers = new double[readCount(in)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Double.longBitsToDouble(in.readLong());
    }
    String[] categories = readTexts(in);
    int words = readCount(in);
    long[] invalid = words == 0 ? null : new long[words];
    for (int i = 0; i < words; i++) {
      invalid[i] = in.readLong();
    }
    String[] extras = readTexts(in);
    int length = readCount(in);
    SourceLabels sources = length == SOURCES ? readSources(in) : null;
    length = sources == null ? length : readCount(in);
    boolean disputed = length == DISPUTED;
    InferenceEvent.TrustedLabel trusted =
        length == TRUSTED ? new InferenceEvent.TrustedLabel(readText(in), in.readLong()) : null;
    String label = readText(length < 0 ? readCount(in) : length, in);
    long labelled = label == null ? 0 : in.readLong();
    return new InferenceEvent(
        id,
        time,
        version,
        numbers,
        categories,
        invalid,
        extras,
        label,
        labelled,
        disputed,
        trusted,
        sources);
  }

  private static void write(SourceLabels sources, DataOutput out) throws IOException {
    writeCount(sources.said().size(), out);
    for (SourceLabels.Said said : sources.said()) {
      writeText(said.source(), out);
      writeText(said.label(), out);
    }
    out.writeBoolean(sources.more());
  }

  private static SourceLabels readSources(DataInput in) throws IOException {
    List<SourceLabels.Said> said = new ArrayList<>();
    for (int left = readCount(in); left > 0; left--) {
      said.add(new SourceLabels.Said(readText(in), readText(in)));
    }
    return new SourceLabels(said, in.readBoolean());
  }

  private static void writeTexts(String[] texts, DataOutput out) throws IOException {
    writeCount(texts.length, out);
    for (String text : texts) {
      writeText(text, out);
    }
  }

  private static String[] readTexts(DataInput in) throws IOException {
    String[] texts = new String[readCount(in)];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = readText(in);
    }
    return texts;
  }

  static void writeText(String text, DataOutput out) throws IOException {
    if (text == null) {
      writeCount(0, out);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeCount(bytes.length + 1, out); // 0 is null
    out.write(bytes);
  }

  static String readText(DataInput in) throws IOException {
    return readText(readCount(in), in);
  }

  private static String readText(int length, DataInput in) throws IOException {
    if (length == 0) {
      return null;
    }
    byte[] bytes = new byte[length - 1];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static void writeCount(int count, DataOutput out) throws IOException {
    while ((count & ~0x7F) != 0) {
      out.writeByte(count & 0x7F | 0x80);
      count >>>= 7;
    }
    out.writeByte(count);
  }

  static int readCount(DataInput in) throws IOException {
    int count = 0;
    for (int shift = 0; ; shift += 7) {
      int b = in.readByte();
      count |= (b & 0x7F) << shift;
      if (b >= 0) {
        return count;
      }
    }
  }
}
