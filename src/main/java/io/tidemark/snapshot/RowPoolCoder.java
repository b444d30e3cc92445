package io.tidemark.snapshot;

import io.tidemark.event.Shipped;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;

/** The binary form of a {@link RowPool} over one of the run's layouts. */
public final class RowPoolCoder extends CustomCoder<RowPool> {
  private static final long serialVersionUID = 1;

  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final Shipped<PoolSettings> settings;

  public RowPoolCoder(Shipped<PoolSettings> settings) {
    this.settings = settings;
  }

  @Override
  public void encode(RowPool pool, OutputStream out) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 13);
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(pool.strata().id());
    pool.write(data);
    BYTES.encode(bytes.toByteArray(), out); // a block: the runner's streams are slow byte by byte
  }

  @Override
  public RowPool decode(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(new ByteArrayInputStream(BYTES.decode(in)));
    PoolSettings pools = settings.get();
    Strata strata = pools.strata().get(data.readInt());
    return RowPool.read(strata, pools.bounds(), pools.seed(), data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowPoolCoder coder && coder.settings.equals(settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }
}
