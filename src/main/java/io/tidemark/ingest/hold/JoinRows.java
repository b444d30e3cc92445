package io.tidemark.ingest.hold;

import io.tidemark.event.LabelRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * Some of one side of a join in a stream; the other is null.
 *
 * @param block predictions, an {@link io.tidemark.event.EventBlock}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record JoinRows(byte[] block, List<LabelRows.Row> labels) {
  static final Coder<byte[]> BLOCK = ByteArrayCoder.of();
  static final Coder<List<LabelRows.Row>> LABELS = new LabelRows.RowsCoder();

  static final class RowsCoder extends CustomCoder<JoinRows> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(JoinRows rows, OutputStream out) throws IOException {
      out.write(rows.block != null ? 0 : 1);
      if (rows.block != null) {
        BLOCK.encode(rows.block, out);
      } else {
        LABELS.encode(rows.labels, out);
      }
    }

    @Override
    public JoinRows decode(InputStream in) throws IOException {
      return in.read() == 0
          ? new JoinRows(BLOCK.decode(in), null)
          : new JoinRows(null, LABELS.decode(in));
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      BLOCK.verifyDeterministic();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof RowsCoder;
    }

    @Override
    public int hashCode() {
      return RowsCoder.class.hashCode();
    }
  }
}
