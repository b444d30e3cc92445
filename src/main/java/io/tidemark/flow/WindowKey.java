package io.tidemark.flow;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Comparator;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/**
 * The rows that are judged together.
 *
 * @param version model version, "" without one
 * @param start of the window, microseconds since the epoch
 */
public record WindowKey(String model, String version, long start) implements Comparable<WindowKey> {
  private static final Comparator<WindowKey> ORDER =
      Comparator.comparing(WindowKey::model)
          .thenComparing(WindowKey::version)
          .thenComparingLong(WindowKey::start);

  /** The key of a model's window of all versions together, and of what is kept of it. */
  public static WindowKey ofAll(String model, long start) {
    return new WindowKey(model, "", start);
  }

  /** That of the same window of all versions together. */
  public WindowKey ofAll() {
    return version.isEmpty() ? this : ofAll(model, start);
  }

  /** What the rows were answered by. */
  public ModelVersion answeredBy() {
    return new ModelVersion(model, version);
  }

  /** Another window of the same version. */
  public WindowKey at(long otherStart) {
    return new WindowKey(model, version, otherStart);
  }

  @Override
  public int compareTo(WindowKey other) {
    return ORDER.compare(this, other);
  }

  /** Deterministic, because windows are grouped by it. */
  public static final class KeyCoder extends StatelessCoder<WindowKey> {
    private static final long serialVersionUID = 1;
    private static final StringUtf8Coder NAME = StringUtf8Coder.of();

    @Override
    public void encode(WindowKey key, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      NAME.encode(key.model, data); // not writeUTF, which ends at 64 kB
      NAME.encode(key.version, data);
      data.writeLong(key.start);
    }

    @Override
    public WindowKey decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      return new WindowKey(NAME.decode(data), NAME.decode(data), data.readLong());
    }
  }
}
