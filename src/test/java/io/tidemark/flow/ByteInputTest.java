package io.tidemark.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** {@link ByteOutput} and {@link ByteInput} against Java's own streams. */
class ByteInputTest {
  private static final int KINDS = 13;

  /** Writes some values of every kind, the same for the same seed. */
  private static void write(long seed, DataOutput out) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      switch (random.nextInt(KINDS)) {
        case 0 -> out.write((int) value);
        case 1 -> out.writeBoolean(value > 0);
        case 2 -> out.writeByte((int) value);
        case 3 -> out.writeShort((int) value);
        case 4 -> out.writeChar((int) value);
        case 5 -> out.writeInt((int) value);
        case 6 -> out.writeLong(value);
        case 7 -> out.writeFloat(Float.intBitsToFloat((int) value));
        case 8 -> out.writeDouble(Double.longBitsToDouble(value));
        case 9 -> out.write(Long.toString(value).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        case 10 -> out.write(new byte[] {1, 2, 3, 4, 5}, 1, (int) (value & 3));
        case 11 -> out.writeUTF("ü" + value);
        default -> {
          out.writeBytes("b" + value);
          out.writeChars("ç" + value);
        }
      }
    }
  }

  @Test
  void writesWhatJavaWrites() throws IOException {
    for (long seed = 0; seed < 50; seed++) {
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      write(seed, new DataOutputStream(expected));
      ByteOutput own = new ByteOutput((int) (seed % 3)); // room for nothing, too
      write(seed, own);
      assertArrayEquals(expected.toByteArray(), own.toByteArray());
    }
  }

  /** Reads values of random kinds until there is nothing more. */
  private static List<Object> read(long seed, DataInput in) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Object> read = new ArrayList<>();
    try {
      while (true) {
        read.add(
            switch (random.nextInt(KINDS)) {
              case 0 -> in.readBoolean();
              case 1 -> in.readByte();
              case 2 -> in.readUnsignedByte();
              case 3 -> in.readShort();
              case 4 -> in.readUnsignedShort();
              case 5 -> in.readChar();
              case 6 -> in.readInt();
              case 7 -> in.readLong();
              case 8 -> in.readFloat();
              case 9 -> in.readDouble();
              case 10 -> in.skipBytes(3);
              case 11 -> {
                byte[] bytes = new byte[5];
                in.readFully(bytes);
                yield List.of(bytes[0], bytes[4]);
              }
              default -> {
                byte[] bytes = new byte[5];
                in.readFully(bytes, 1, 2);
                yield List.of(bytes[0], bytes[1], bytes[2], bytes[3]);
              }
            });
      }
    } catch (EOFException e) {
      return read;
    }
  }

  @Test
  void readsWhatJavaReads() throws IOException {
    for (long seed = 0; seed < 50; seed++) {
      ByteOutput out = new ByteOutput(16);
      write(seed, out);
      byte[] bytes = out.toByteArray();
      assertEquals(
          read(seed, new DataInputStream(new ByteArrayInputStream(bytes))),
          read(seed, new ByteInput(bytes)));
    }
  }

  @Test
  void readsTextOfJavasForm() throws IOException {
    ByteOutput out = new ByteOutput(4);
    out.writeUTF("naïve\0 ☃");
    assertEquals("naïve\0 ☃", new ByteInput(out.toByteArray()).readUTF());
  }

  @Test
  void isAStreamThatEnds() throws IOException {
    ByteInput in = new ByteInput(new byte[] {7, -1, 9});
    assertEquals(3, in.available());
    assertEquals(7, in.read());
    byte[] some = new byte[4];
    assertEquals(0, in.read(some, 0, 0));
    assertEquals(2, in.read(some, 1, 3));
    assertArrayEquals(new byte[] {0, -1, 9, 0}, some);
    assertEquals(-1, in.read());
    assertEquals(-1, in.read(some, 0, 1));
    assertEquals(0, in.skip(5));
    assertThrows(EOFException.class, in::readByte);
  }

  @Test
  void takesNothingOfWhatIsCut() {
    ByteInput in = new ByteInput(new byte[7]);
    assertThrows(EOFException.class, in::readLong);
    assertEquals(7, in.available());
  }
}
