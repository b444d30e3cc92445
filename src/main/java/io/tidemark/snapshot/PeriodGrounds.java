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
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;

/**
 * What other stages have found in a period as a whole that decides which rows a snapshot takes, or
 * that it tells.
 *
 * @param slices on which the model errs most
 * @param doubted rows that nobody is to learn from yet
 * @param agreement of the sources of labels; it decides nothing
 * @param augmented rows that were made or collected on request
 */
public record PeriodGrounds(
    List<WeakSlice> slices,
    DoubtedRows doubted,
    AgreementCounts agreement,
    AugmentedRows augmented) {
  private static final GroundsCoder CODER = new GroundsCoder();
  private static final AugmentedRows.RowsCoder AUGMENTED = new AugmentedRows.RowsCoder();

  /** Nothing. */
  static final PeriodGrounds NONE = new PeriodGrounds(List.of(), new DoubtedRows());

  PeriodGrounds(List<WeakSlice> slices, DoubtedRows doubted) {
    this(slices, doubted, new AgreementCounts(), new AugmentedRows());
  }

  /** Whether nothing is there that decides. */
  boolean isNone() {
    return slices.isEmpty() && doubted.isEmpty();
  }

  public static byte[] ofSlices(List<WeakSlice> slices) {
    return MergeStates.pack(CODER, new PeriodGrounds(slices, new DoubtedRows()));
  }

  public static byte[] ofLabels(DoubtedRows doubted, AgreementCounts agreement) {
    return MergeStates.pack(
        CODER, new PeriodGrounds(List.of(), doubted, agreement, new AugmentedRows()));
  }

  public static byte[] ofAugmented(AugmentedRows augmented) {
    return MergeStates.pack(
        CODER, new PeriodGrounds(List.of(), new DoubtedRows(), new AgreementCounts(), augmented));
  }

  /** Of states that an {@link AugmentedAggregator} has gathered. */
  public static byte[] ofAugmented(byte[] packed) throws IOException {
    return ofAugmented(MergeStates.unpack(AUGMENTED, packed));
  }

  /** The coder of what an {@link AugmentedAggregator} gathers. */
  public static Coder<AugmentedRows> augmentedCoder() {
    return AUGMENTED;
  }

  /** All of them together, in whatever order they come. */
  static PeriodGrounds of(List<byte[]> told) throws IOException {
    List<WeakSlice> slices = new ArrayList<>();
    DoubtedRows doubted = new DoubtedRows();
    AgreementCounts agreement = new AgreementCounts();
    AugmentedRows augmented = new AugmentedRows();
    for (byte[] bytes : told) {
      PeriodGrounds each = MergeStates.unpack(CODER, bytes);
      slices.addAll(each.slices);
      doubted.addAll(each.doubted);
      agreement.merge(each.agreement);
      augmented.merge(each.augmented);
    }
    slices.sort(WeakSlice.ORDER);
    return new PeriodGrounds(List.copyOf(slices), doubted, agreement, augmented);
  }

  /**
   * Slices, doubted rows, and where there is one of them, a byte that says which: agreement, rows
   * that were made.
   */
  private static final class GroundsCoder extends StatelessCoder<PeriodGrounds> {
    private static final long serialVersionUID = 1;
    private static final ListCoder<WeakSlice> SLICES = ListCoder.of(new WeakSlice.SliceCoder());
    private static final DoubtedRows.RowsCoder ROWS = new DoubtedRows.RowsCoder();
    private static final int WITH_AGREEMENT = 1;
    private static final int WITH_AUGMENTED = 2;

    @Override
    public void encode(PeriodGrounds grounds, OutputStream out) throws IOException {
      SLICES.encode(grounds.slices, out);
      ROWS.encode(grounds.doubted, out);
      int with = grounds.agreement.rows() > 0 ? WITH_AGREEMENT : 0;
      with |= grounds.augmented.rows() > 0 ? WITH_AUGMENTED : 0;
      if (with != 0) {
        out.write(with);
      }
      if ((with & WITH_AGREEMENT) != 0) {
        grounds.agreement.write(new DataOutputStream(out));
      }
      if ((with & WITH_AUGMENTED) != 0) {
        AUGMENTED.encode(grounds.augmented, out);
      }
    }

    @Override
    public PeriodGrounds decode(InputStream in) throws IOException {
      List<WeakSlice> slices = SLICES.decode(in);
      DoubtedRows doubted = ROWS.decode(in);
      int with = in.available() == 0 ? 0 : in.read();
      return new PeriodGrounds(
          slices,
          doubted,
          (with & WITH_AGREEMENT) != 0
              ? AgreementCounts.read(new DataInputStream(in))
              : new AgreementCounts(),
          (with & WITH_AUGMENTED) != 0 ? AUGMENTED.decode(in) : new AugmentedRows());
    }
  }
}
