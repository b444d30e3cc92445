package io.tidemark.detectors;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Labelled outcomes, packed: some 35 bytes each where an object would take four times that. They
 * come in any order and are read in that of (label time, event time, name), which depends neither
 * on files nor on runners, nor on how the log is cut into runs. Rows that agree in all three are
 * told apart by their error, so that even they have one order.
 */
public final class OutcomeLog {
  private long[] labelTimes = new long[16];
  private long[] eventTimes = new long[16];
  private int[] nameEnds = new int[16];
  private boolean[] errors = new boolean[16];
  private byte[] names = new byte[256];
  private int size;

  void add(long labelTime, long eventTime, String name, boolean error) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    add(labelTime, eventTime, text, 0, text.length, error);
  }

  private void add(
      long labelTime, long eventTime, byte[] text, int from, int length, boolean error) {
    if (size == labelTimes.length) {
      int room = Math.addExact(size, size >> 1);
      labelTimes = Arrays.copyOf(labelTimes, room);
      eventTimes = Arrays.copyOf(eventTimes, room);
      nameEnds = Arrays.copyOf(nameEnds, room);
      errors = Arrays.copyOf(errors, room);
    }
    int start = start(size);
    int end = Math.addExact(start, length);
    if (end > names.length) {
      names = Arrays.copyOf(names, Math.max(end, Math.addExact(names.length, names.length >> 1)));
    }
    System.arraycopy(text, from, names, start, length);
    labelTimes[size] = labelTime;
    eventTimes[size] = eventTime;
    nameEnds[size] = end;
    errors[size++] = error;
  }

  private int start(int i) {
    return i == 0 ? 0 : nameEnds[i - 1];
  }

  OutcomeLog merge(OutcomeLog other) {
    for (int i = 0; i < other.size; i++) {
      add(other, i);
    }
    return this;
  }

  /** Adds one of another log's outcomes. */
  void add(OutcomeLog other, int i) {
    int start = other.start(i);
    add(
        other.labelTimes[i],
        other.eventTimes[i],
        other.names,
        start,
        other.nameEnds[i] - start,
        other.errors[i]);
  }

  int size() {
    return size;
  }

  /** Positions in the order in which detectors see the outcomes. */
  int[] order() {
    return IntStream.range(0, size).boxed().sorted(this::compare).mapToInt(i -> i).toArray();
  }

  private int compare(int a, int b) {
    int order = Long.compare(labelTimes[a], labelTimes[b]);
    if (order == 0) {
      order = Long.compare(eventTimes[a], eventTimes[b]);
    }
    if (order == 0) {
      order = Arrays.compareUnsigned(names, start(a), nameEnds[a], names, start(b), nameEnds[b]);
    }
    return order == 0 ? Boolean.compare(errors[a], errors[b]) : order;
  }

  long labelTime(int i) {
    return labelTimes[i];
  }

  long eventTime(int i) {
    return eventTimes[i];
  }

  boolean error(int i) {
    return errors[i];
  }

  String name(int i) {
    return new String(names, start(i), nameEnds[i] - start(i), StandardCharsets.UTF_8);
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      out.writeLong(labelTimes[i]);
      out.writeLong(eventTimes[i]);
      out.writeInt(nameEnds[i]);
      out.writeBoolean(errors[i]);
    }
    out.write(names, 0, start(size));
  }

  static OutcomeLog read(DataInput in) throws IOException {
    OutcomeLog log = new OutcomeLog();
    log.size = in.readInt();
    log.labelTimes = new long[Math.max(16, log.size)];
    log.eventTimes = new long[Math.max(16, log.size)];
    log.nameEnds = new int[Math.max(16, log.size)];
    log.errors = new boolean[Math.max(16, log.size)];
    for (int i = 0; i < log.size; i++) {
      log.labelTimes[i] = in.readLong();
      log.eventTimes[i] = in.readLong();
      log.nameEnds[i] = in.readInt();
      log.errors[i] = in.readBoolean();
    }
    log.names = new byte[Math.max(256, log.start(log.size))];
    in.readFully(log.names, 0, log.start(log.size));
    return log;
  }
}
