package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.StatelessCoder;
import io.tidemark.profile.FieldCell;
import io.tidemark.profile.FieldCells;
import io.tidemark.schema.Slice;
import io.tidemark.store.RecordCoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/**
 * Rows on which a model version errs more than on others.
 *
 * @param found what there is of it in {@code slices/}; it has a rank, 1 is the worst
 * @param findingId the finding that says so
 * @param cells that its rows are in, all of them
 */
public record WeakSlice(Slice found, String findingId, List<FieldCell> cells) {

  static final Comparator<WeakSlice> ORDER =
      Comparator.comparing(WeakSlice::version)
          .thenComparingInt(WeakSlice::rank)
          .thenComparing(WeakSlice::words);

  public WeakSlice {
    cells = List.copyOf(cells);
  }

  String version() {
    return found.getModelVersion();
  }

  int rank() {
    return found.getRank();
  }

  /** Its predicates. */
  String words() {
    return found.getSlice();
  }

  /**
   * Whether a row of the version is in it.
   *
   * @param fields of the version's layout
   */
  boolean holds(InferenceEvent row, List<FieldCells> fields) {
    return FieldCell.allHold(cells, row, fields);
  }

  /** Record, finding, cells in the order of the fields. */
  static final class SliceCoder extends StatelessCoder<WeakSlice> {
    private static final long serialVersionUID = 1;
    private static final RecordCoder<Slice> FOUND = RecordCoder.of(Slice.class);
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    @Override
    public void encode(WeakSlice slice, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      FOUND.encode(slice.found, data);
      TEXT.encode(slice.findingId, data);
      data.writeInt(slice.cells.size());
      for (FieldCell cell : slice.cells) {
        data.writeInt(cell.field());
        data.writeInt(cell.cell());
      }
    }

    @Override
    public WeakSlice decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      Slice found = FOUND.decode(data);
      String findingId = TEXT.decode(data);
      List<FieldCell> cells = new ArrayList<>();
      for (int i = data.readInt(); i > 0; i--) {
        cells.add(new FieldCell(data.readInt(), data.readInt()));
      }
      return new WeakSlice(found, findingId, cells);
    }
  }
}
