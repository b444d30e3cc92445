package io.tidemark.slices;

import io.tidemark.flow.StatelessCoder;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Slice;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A slice of a period, or all of its rows, and what was found about it. */
public record JudgedSlice(Slice slice, Finding finding) {

  /** Slice, finding. */
  static final class JudgedCoder extends StatelessCoder<JudgedSlice> {
    private static final long serialVersionUID = 1;
    private static final RecordCoder<Slice> SLICE = RecordCoder.of(Slice.class);
    private static final RecordCoder<Finding> FINDING = RecordCoder.of(Finding.class);

    @Override
    public void encode(JudgedSlice judged, OutputStream out) throws IOException {
      SLICE.encode(judged.slice, out);
      FINDING.encode(judged.finding, out);
    }

    @Override
    public JudgedSlice decode(InputStream in) throws IOException {
      return new JudgedSlice(SLICE.decode(in), FINDING.decode(in));
    }
  }
}
