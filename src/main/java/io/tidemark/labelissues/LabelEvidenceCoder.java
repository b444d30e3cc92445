package io.tidemark.labelissues;

import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.flow.StatelessCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;

/** The binary form of {@link LabelEvidence}: how many classes have probabilities, and the rest. */
public final class LabelEvidenceCoder extends StatelessCoder<LabelEvidence> {
  private static final long serialVersionUID = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  @Override
  public void encode(LabelEvidence evidence, OutputStream out) throws IOException {
    ByteOutput data = new ByteOutput(1 << 13);
    data.writeInt(evidence.classes());
    evidence.write(data);
    BYTES.encode(data.toByteArray(), out); // a block: the runner's streams are slow byte by byte
  }

  @Override
  public LabelEvidence decode(InputStream in) throws IOException {
    ByteInput data = new ByteInput(BYTES.decode(in));
    return LabelEvidence.read(data.readInt(), data);
  }
}
