package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;

/** The bytes of a detector: version, name of the method, parameters, state. */
final class DetectorFormat {
  private static final int VERSION = 1;

  private DetectorFormat() {}

  static void writeHeader(DetectorMethod method, DataOutput out) throws IOException {
    out.writeByte(VERSION);
    out.writeUTF(method.id());
  }

  static Detector read(DataInput in) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new StreamCorruptedException("No detector of format " + VERSION + " but " + version);
    }
    String id = in.readUTF();
    DetectorMethod method =
        DetectorMethod.of(id)
            .orElseThrow(() -> new StreamCorruptedException("No detector is called " + id));
    try {
      return method.read(in);
    } catch (IllegalArgumentException e) {
      StreamCorruptedException damaged = new StreamCorruptedException(e.getMessage());
      damaged.initCause(e);
      throw damaged;
    }
  }

  /** A count of outcomes. */
  static long readCount(DataInput in) throws IOException {
    long count = Varint.read(in);
    if (count < 0) {
      throw new StreamCorruptedException("Can't count " + count + " outcomes");
    }
    return count;
  }

  /** How many of so many. */
  static long readPart(long whole, DataInput in) throws IOException {
    long part = Varint.read(in);
    if (part < 0 || part > whole) {
      throw new StreamCorruptedException("Can't count " + part + " of " + whole + " outcomes");
    }
    return part;
  }

  /** A number, or an infinity that stands for a bound not yet met: a NaN would never alarm. */
  static double readNumber(DataInput in) throws IOException {
    double number = in.readDouble();
    if (Double.isNaN(number)) {
      throw new StreamCorruptedException("A detector can't remember NaN");
    }
    return number;
  }
}
