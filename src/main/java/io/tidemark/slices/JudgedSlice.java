package io.tidemark.slices;

import io.tidemark.flow.StatelessCoder;
import io.tidemark.profile.FieldCell;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Slice;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.VarIntCoder;

/**
 * A slice of a period, or all of its rows, and what was found about it.
 *
 * @param cells that its rows are in, all of them; none of all rows
 */
public record JudgedSlice(Slice slice, Finding finding, List<FieldCell> cells) {

  public JudgedSlice {
    cells = List.copyOf(cells);
  }

  /** Whether the model errs more on it than on other rows, beyond chance. */
  public boolean standsOut() {
    return slice.getRank() != null && slice.getRank() > 0 && finding.getExceeded();
  }

  /** Slice, finding, cells. */
  static final class JudgedCoder extends StatelessCoder<JudgedSlice> {
    private static final long serialVersionUID = 1;
    private static final RecordCoder<Slice> SLICE = RecordCoder.of(Slice.class);
    private static final RecordCoder<Finding> FINDING = RecordCoder.of(Finding.class);
    private static final VarIntCoder INT = VarIntCoder.of();

    @Override
    public void encode(JudgedSlice judged, OutputStream out) throws IOException {
      SLICE.encode(judged.slice, out);
      FINDING.encode(judged.finding, out);
      INT.encode(judged.cells.size(), out);
      for (FieldCell cell : judged.cells) {
        INT.encode(cell.field(), out);
        INT.encode(cell.cell(), out);
      }
    }

    @Override
    public JudgedSlice decode(InputStream in) throws IOException {
      Slice slice = SLICE.decode(in);
      Finding finding = FINDING.decode(in);
      List<FieldCell> cells = new ArrayList<>();
      for (int i = INT.decode(in); i > 0; i--) {
        cells.add(new FieldCell(INT.decode(in), INT.decode(in)));
      }
      return new JudgedSlice(slice, finding, cells);
    }
  }
}
