package io.tidemark.slices;

import io.tidemark.flow.Broadcast;
import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.flow.Fleet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** The binary form of a {@link CodedRowSample} over one of the run's layouts. */
public final class CodedRowSampleCoder extends CustomCoder<CodedRowSample> {
  private static final long serialVersionUID = 1;

  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
  private static final StringUtf8Coder MODEL = StringUtf8Coder.of();

  private final Broadcast<Fleet<SliceSettings>> settings;

  public CodedRowSampleCoder(Broadcast<Fleet<SliceSettings>> settings) {
    this.settings = settings;
  }

  @Override
  public void encode(CodedRowSample sample, OutputStream out) throws IOException {
    ByteOutput data = new ByteOutput(1 << 13);
    MODEL.encode(sample.codes().model(), data);
    data.writeInt(sample.codes().id());
    sample.write(data);
    BYTES.encode(data.toByteArray(), out); // a block: the runner's streams are slow byte by byte
  }

  @Override
  public CodedRowSample decode(InputStream in) throws IOException {
    ByteInput data = new ByteInput(BYTES.decode(in));
    SliceSettings own = settings.get().of(MODEL.decode(data));
    return CodedRowSample.read(own.codes().get(data.readInt()), own.capacity(), data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodedRowSampleCoder coder && coder.settings.equals(settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }
}
