package io.tidemark.snapshot;

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

/** The binary form of a {@link StratifiedSample} over one of the run's layouts. */
public final class StratifiedSampleCoder extends CustomCoder<StratifiedSample> {
  private static final long serialVersionUID = 1;

  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
  private static final StringUtf8Coder MODEL = StringUtf8Coder.of();

  private final Broadcast<Fleet<PoolSettings>> settings;

  public StratifiedSampleCoder(Broadcast<Fleet<PoolSettings>> settings) {
    this.settings = settings;
  }

  @Override
  public void encode(StratifiedSample pool, OutputStream out) throws IOException {
    ByteOutput data = new ByteOutput(1 << 13);
    MODEL.encode(pool.strata().model(), data);
    data.writeInt(pool.strata().id());
    pool.write(data);
    BYTES.encode(data.toByteArray(), out); // a block: the runner's streams are slow byte by byte
  }

  @Override
  public StratifiedSample decode(InputStream in) throws IOException {
    ByteInput data = new ByteInput(BYTES.decode(in));
    PoolSettings pools = settings.get().of(MODEL.decode(data));
    Strata strata = pools.strata().get(data.readInt());
    return StratifiedSample.read(strata, pools.bounds(), pools.seed(), data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StratifiedSampleCoder coder && coder.settings.equals(settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }
}
