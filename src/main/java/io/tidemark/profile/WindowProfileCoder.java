package io.tidemark.profile;

import io.tidemark.flow.Broadcast;
import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** The binary form of a {@link WindowProfile} over one of the run's layouts. */
public final class WindowProfileCoder extends CustomCoder<WindowProfile> {
  private static final long serialVersionUID = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
  private static final StringUtf8Coder MODEL = StringUtf8Coder.of();

  private final Broadcast<ProfileLayouts> layouts;

  public WindowProfileCoder(Broadcast<ProfileLayouts> layouts) {
    this.layouts = layouts;
  }

  @Override
  public void encode(WindowProfile profile, OutputStream out) throws IOException {
    ByteOutput data = new ByteOutput(1 << 13);
    MODEL.encode(profile.layout().model(), data);
    data.writeInt(profile.layout().id());
    profile.write(data);
    BYTES.encode(data.toByteArray(), out); // a block: the runner's streams are slow byte by byte
  }

  @Override
  public WindowProfile decode(InputStream in) throws IOException {
    ByteInput data = new ByteInput(BYTES.decode(in));
    return WindowProfile.read(layouts.get().at(MODEL.decode(data), data.readInt()), data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WindowProfileCoder coder && coder.layouts.equals(layouts);
  }

  @Override
  public int hashCode() {
    return layouts.hashCode();
  }
}
