package io.tidemark.flow;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The binary form of counts that are nothing but so many longs. */
public abstract class LongsCoder<T> extends StatelessCoder<T> {
  private static final long serialVersionUID = 1;

  private final int length;

  /**
   * @param length how many longs, as many as {@link #longs} gives
   */
  protected LongsCoder(int length) {
    this.length = length;
  }

  protected abstract long[] longs(T counts);

  /** The counts of these longs. */
  protected abstract T of(long[] longs);

  @Override
  public void encode(T counts, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    for (long each : longs(counts)) {
      data.writeLong(each);
    }
  }

  @Override
  public T decode(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    long[] longs = new long[length];
    for (int i = 0; i < length; i++) {
      longs[i] = data.readLong();
    }
    return of(longs);
  }
}
