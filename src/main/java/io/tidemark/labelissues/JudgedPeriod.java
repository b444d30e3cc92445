package io.tidemark.labelissues;

import io.tidemark.flow.StatelessCoder;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.DoubtedRows;
import io.tidemark.stats.labelissues.AgreementCounts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * What was found of a period's labels.
 *
 * @param period its model and start
 * @param doubted rows that nobody is to learn from yet
 * @param agreement of the sources of labels, of all model versions
 */
public record JudgedPeriod(
    WindowKey period, LabelTold told, DoubtedRows doubted, AgreementCounts agreement) {

  /** In the order of the fields. */
  static final class PeriodCoder extends StatelessCoder<JudgedPeriod> {
    private static final long serialVersionUID = 1;
    private static final WindowKey.KeyCoder KEY = new WindowKey.KeyCoder();
    private static final LabelTold.ToldCoder TOLD = new LabelTold.ToldCoder();
    private static final DoubtedRows.RowsCoder ROWS = new DoubtedRows.RowsCoder();

    @Override
    public void encode(JudgedPeriod judged, OutputStream out) throws IOException {
      KEY.encode(judged.period, out);
      TOLD.encode(judged.told, out);
      ROWS.encode(judged.doubted, out);
      judged.agreement.write(new DataOutputStream(out));
    }

    @Override
    public JudgedPeriod decode(InputStream in) throws IOException {
      return new JudgedPeriod(
          KEY.decode(in),
          TOLD.decode(in),
          ROWS.decode(in),
          AgreementCounts.read(new DataInputStream(in)));
    }
  }
}
