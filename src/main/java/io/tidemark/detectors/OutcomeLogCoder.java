package io.tidemark.detectors;

import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;

/** The binary form of an {@link OutcomeLog}. */
public final class OutcomeLogCoder extends CustomCoder<OutcomeLog> {
  private static final long serialVersionUID = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  @Override
  public void encode(OutcomeLog log, OutputStream out) throws IOException {
    ByteOutput bytes = new ByteOutput(1 << 10);
    log.write(bytes);
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public OutcomeLog decode(InputStream in) throws IOException {
    return OutcomeLog.read(new ByteInput(BYTES.decode(in)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutcomeLogCoder;
  }

  @Override
  public int hashCode() {
    return OutcomeLogCoder.class.hashCode();
  }
}
