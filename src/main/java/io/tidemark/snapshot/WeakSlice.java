package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.StatelessCoder;
import io.tidemark.profile.FieldCell;
import io.tidemark.profile.FieldCells;
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
 * @param rank 1: the worst
 * @param findingId the finding that says so
 * @param words its predicates
 * @param cells that its rows are in, all of them
 */
public record WeakSlice(
    String version, int rank, String findingId, String words, List<FieldCell> cells) {

  static final Comparator<WeakSlice> ORDER =
      Comparator.comparing(WeakSlice::version)
          .thenComparingInt(WeakSlice::rank)
          .thenComparing(WeakSlice::words);

  public WeakSlice {
    cells = List.copyOf(cells);
  }

  /**
   * Whether a row of the version is in it.
   *
   * @param fields of the version's layout
   */
  boolean holds(InferenceEvent row, List<FieldCells> fields) {
    for (FieldCell cell : cells) {
      if (!cell.holds(row, fields)) {
        return false;
      }
    }
    return true;
  }

  /** In the order of the fields. */
  static final class SliceCoder extends StatelessCoder<WeakSlice> {
    private static final long serialVersionUID = 1;
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    @Override
    public void encode(WeakSlice slice, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      TEXT.encode(slice.version, data);
      data.writeInt(slice.rank);
      TEXT.encode(slice.findingId, data);
      TEXT.encode(slice.words, data);
      data.writeInt(slice.cells.size());
      for (FieldCell cell : slice.cells) {
        data.writeInt(cell.field());
        data.writeInt(cell.cell());
      }
    }

    @Override
    public WeakSlice decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      String version = TEXT.decode(data);
      int rank = data.readInt();
      String findingId = TEXT.decode(data);
      String words = TEXT.decode(data);
      List<FieldCell> cells = new ArrayList<>();
      for (int i = data.readInt(); i > 0; i--) {
        cells.add(new FieldCell(data.readInt(), data.readInt()));
      }
      return new WeakSlice(version, rank, findingId, words, cells);
    }
  }
}
