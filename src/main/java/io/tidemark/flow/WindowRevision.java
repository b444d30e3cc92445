package io.tidemark.flow;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * What there is of a window, as stages hand it to one another. A bounded run has one revision of
 * each window; a stream has further ones when rows or labels come late, and the highest counts.
 *
 * @param revision rows behind the content
 * @param complete whether nothing of the window was cut off or is not there yet
 * @param <T> the content
 */
public record WindowRevision<T>(WindowKey window, long revision, boolean complete, T content) {

  /** The same revision with what was made of its content. */
  public <U> WindowRevision<U> with(U other) {
    return new WindowRevision<>(window, revision, complete, other);
  }

  public static <T> RevisionCoder<T> coder(Coder<T> content) {
    return new RevisionCoder<>(content);
  }

  /** Window, revision, whether complete, content. */
  public static final class RevisionCoder<T> extends CustomCoder<WindowRevision<T>> {
    private static final long serialVersionUID = 1;
    private static final WindowKey.KeyCoder WINDOW = new WindowKey.KeyCoder();

    private final Coder<T> content;

    private RevisionCoder(Coder<T> content) {
      this.content = content;
    }

    public Coder<T> content() {
      return content;
    }

    @Override
    public void encode(WindowRevision<T> value, OutputStream out) throws IOException {
      WINDOW.encode(value.window, out);
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(value.revision);
      data.writeBoolean(value.complete);
      content.encode(value.content, out);
    }

    @Override
    public WindowRevision<T> decode(InputStream in) throws IOException {
      WindowKey window = WINDOW.decode(in);
      DataInputStream data = new DataInputStream(in);
      long revision = data.readLong();
      boolean complete = data.readBoolean();
      return new WindowRevision<>(window, revision, complete, content.decode(in));
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      content.verifyDeterministic();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof RevisionCoder<?> coder && coder.content.equals(content);
    }

    @Override
    public int hashCode() {
      return content.hashCode();
    }
  }
}
