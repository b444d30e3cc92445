package io.tidemark.snapshot;

import io.tidemark.flow.MergeStates;
import io.tidemark.flow.StatelessCoder;
import io.tidemark.profile.DoubtedRows;
import io.tidemark.stats.labelissues.AgreementCounts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;

/**
 * What other stages have found in a period as a whole that decides which rows a snapshot takes, or
 * that it tells.
 *
 * @param slices on which the model errs most
 * @param doubted rows that nobody is to learn from yet
 * @param agreement of the sources of labels; it decides nothing
 */
public record PeriodGrounds(
    List<WeakSlice> slices, DoubtedRows doubted, AgreementCounts agreement) {
  private static final GroundsCoder CODER = new GroundsCoder();

  /** Nothing. */
  static final PeriodGrounds NONE = new PeriodGrounds(List.of(), new DoubtedRows());

  PeriodGrounds(List<WeakSlice> slices, DoubtedRows doubted) {
    this(slices, doubted, new AgreementCounts());
  }

  /** Whether nothing is there that decides. */
  boolean isNone() {
    return slices.isEmpty() && doubted.isEmpty();
  }

  public static byte[] ofSlices(List<WeakSlice> slices) {
    return MergeStates.pack(CODER, new PeriodGrounds(slices, new DoubtedRows()));
  }

  public static byte[] ofLabels(DoubtedRows doubted, AgreementCounts agreement) {
    return MergeStates.pack(CODER, new PeriodGrounds(List.of(), doubted, agreement));
  }

  /** All of them together, in whatever order they come. */
  static PeriodGrounds of(List<byte[]> told) throws IOException {
    List<WeakSlice> slices = new ArrayList<>();
    DoubtedRows doubted = new DoubtedRows();
    AgreementCounts agreement = new AgreementCounts();
    for (byte[] bytes : told) {
      PeriodGrounds each = MergeStates.unpack(CODER, bytes);
      slices.addAll(each.slices);
      doubted.addAll(each.doubted);
      agreement.merge(each.agreement);
    }
    slices.sort(WeakSlice.ORDER);
    return new PeriodGrounds(List.copyOf(slices), doubted, agreement);
  }

  /** Slices, doubted rows, and agreement where there is some: nothing is told for it otherwise. */
  private static final class GroundsCoder extends StatelessCoder<PeriodGrounds> {
    private static final long serialVersionUID = 1;
    private static final ListCoder<WeakSlice> SLICES = ListCoder.of(new WeakSlice.SliceCoder());
    private static final DoubtedRows.RowsCoder ROWS = new DoubtedRows.RowsCoder();

    @Override
    public void encode(PeriodGrounds grounds, OutputStream out) throws IOException {
      SLICES.encode(grounds.slices, out);
      ROWS.encode(grounds.doubted, out);
      if (grounds.agreement.rows() > 0) {
        grounds.agreement.write(new DataOutputStream(out));
      }
    }

    @Override
    public PeriodGrounds decode(InputStream in) throws IOException {
      List<WeakSlice> slices = SLICES.decode(in);
      DoubtedRows doubted = ROWS.decode(in);
      return in.available() == 0
          ? new PeriodGrounds(slices, doubted)
          : new PeriodGrounds(slices, doubted, AgreementCounts.read(new DataInputStream(in)));
    }
  }
}
