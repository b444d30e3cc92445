package io.tidemark.flow;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Comparator;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/**
 * The rows that one version of a model has answered.
 *
 * @param version "" without one
 */
public record ModelVersion(String model, String version) implements Comparable<ModelVersion> {
  private static final Comparator<ModelVersion> ORDER =
      Comparator.comparing(ModelVersion::model).thenComparing(ModelVersion::version);

  /** The key of one of its windows. */
  public WindowKey window(long start) {
    return new WindowKey(model, version, start);
  }

  @Override
  public int compareTo(ModelVersion other) {
    return ORDER.compare(this, other);
  }

  /** Deterministic, because rows and windows are grouped by it. */
  public static final class VersionCoder extends StatelessCoder<ModelVersion> {
    private static final long serialVersionUID = 1;
    private static final StringUtf8Coder NAME = StringUtf8Coder.of();

    @Override
    public void encode(ModelVersion key, OutputStream out) throws IOException {
      NAME.encode(key.model, out);
      NAME.encode(key.version, out);
    }

    @Override
    public ModelVersion decode(InputStream in) throws IOException {
      return new ModelVersion(NAME.decode(in), NAME.decode(in));
    }
  }
}
