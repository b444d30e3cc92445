package io.tidemark.pipeline;

import io.tidemark.flow.StatelessCoder;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.labels.LabelCounts;
import io.tidemark.labels.PredictionCounts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/**
 * What a job without end has done for a model, or a part of it: parts add up in any order.
 *
 * @param ofNobody rows of the run that are no model's
 * @param predictions of windows as they were written last
 * @param windows that have findings, by their starts
 * @param comparisons findings of these
 * @param alarms findings that ring
 * @param alertsSent to a receiver
 * @param snapshots paths of published manifests, in order
 */
record RunAccount(
    RowCounts rows,
    RowCounts ofNobody,
    LabelCounts labels,
    PredictionCounts predictions,
    long windows,
    long comparisons,
    long alarms,
    long alertsSent,
    List<String> snapshots) {

  static final RunAccount NONE =
      new RunAccount(
          RowCounts.NONE,
          RowCounts.NONE,
          LabelCounts.NONE,
          PredictionCounts.NONE,
          0,
          0,
          0,
          0,
          List.of());

  static RunAccount ofRows(RowCounts rows) {
    return new RunAccount(
        rows, NONE.ofNobody, NONE.labels, NONE.predictions, 0, 0, 0, 0, NONE.snapshots);
  }

  static RunAccount ofNobody(RowCounts rows) {
    return new RunAccount(
        NONE.rows, rows, NONE.labels, NONE.predictions, 0, 0, 0, 0, NONE.snapshots);
  }

  static RunAccount ofLabels(LabelCounts labels) {
    return new RunAccount(
        NONE.rows, NONE.ofNobody, labels, NONE.predictions, 0, 0, 0, 0, NONE.snapshots);
  }

  static RunAccount ofPredictions(PredictionCounts predictions) {
    return new RunAccount(
        NONE.rows, NONE.ofNobody, NONE.labels, predictions, 0, 0, 0, 0, NONE.snapshots);
  }

  static RunAccount ofFindings(long windows, long comparisons, long alarms) {
    return new RunAccount(
        NONE.rows,
        NONE.ofNobody,
        NONE.labels,
        NONE.predictions,
        windows,
        comparisons,
        alarms,
        0,
        NONE.snapshots);
  }

  static RunAccount ofAlerts(long sent) {
    return new RunAccount(
        NONE.rows, NONE.ofNobody, NONE.labels, NONE.predictions, 0, 0, 0, sent, NONE.snapshots);
  }

  static RunAccount ofSnapshot(String path) {
    return new RunAccount(
        NONE.rows, NONE.ofNobody, NONE.labels, NONE.predictions, 0, 0, 0, 0, List.of(path));
  }

  RunAccount plus(RunAccount other) {
    TreeSet<String> all = new TreeSet<>(snapshots); // one may be published again
    all.addAll(other.snapshots);
    return new RunAccount(
        rows.plus(other.rows),
        ofNobody.plus(other.ofNobody),
        labels.plus(other.labels),
        predictions.plus(other.predictions),
        windows + other.windows,
        comparisons + other.comparisons,
        alarms + other.alarms,
        alertsSent + other.alertsSent,
        List.copyOf(all));
  }

  /** Deterministic. */
  static final class AccountCoder extends StatelessCoder<RunAccount> {
    private static final long serialVersionUID = 1;
    private static final RowCounts.RowCountsCoder ROWS = new RowCounts.RowCountsCoder();
    private static final LabelCounts.CountsCoder LABELS = new LabelCounts.CountsCoder();
    private static final PredictionCounts.CountsCoder PREDICTIONS =
        new PredictionCounts.CountsCoder();
    private static final Coder<List<String>> SNAPSHOTS = ListCoder.of(StringUtf8Coder.of());

    @Override
    public void encode(RunAccount account, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      ROWS.encode(account.rows, data);
      ROWS.encode(account.ofNobody, data);
      LABELS.encode(account.labels, data);
      PREDICTIONS.encode(account.predictions, data);
      data.writeLong(account.windows);
      data.writeLong(account.comparisons);
      data.writeLong(account.alarms);
      data.writeLong(account.alertsSent);
      SNAPSHOTS.encode(account.snapshots, data);
    }

    @Override
    public RunAccount decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      return new RunAccount(
          ROWS.decode(data),
          ROWS.decode(data),
          LABELS.decode(data),
          PREDICTIONS.decode(data),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          data.readLong(),
          SNAPSHOTS.decode(data));
    }
  }
}
