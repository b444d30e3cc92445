package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.RowHash;
import io.tidemark.flow.StatelessCoder;
import io.tidemark.snapshot.StratifiedSample.Candidate;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/**
 * A period's rows that were made or collected on request: those with the smallest priorities, as
 * many as a snapshot could take and some to leave out. A function of the rows alone, in any order.
 */
public final class AugmentedRows {
  private final TreeSet<AugmentedRow> held = new TreeSet<>();
  private int most;
  private long rows;

  /** None, of which any number may be held. */
  AugmentedRows() {
    this(0);
  }

  /**
   * @param most rows that are held
   */
  AugmentedRows(int most) {
    this.most = most;
  }

  void add(AugmentedRow row) {
    rows++;
    if (held.size() < most || row.compareTo(held.last()) < 0) {
      held.add(row);
      trim();
    }
  }

  private void trim() {
    while (held.size() > most) {
      held.pollLast();
    }
  }

  AugmentedRows merge(AugmentedRows other) {
    most = Math.max(most, other.most);
    rows += other.rows;
    held.addAll(other.held);
    trim();
    return this;
  }

  /** Rows seen. */
  long rows() {
    return rows;
  }

  /** Those that are held, by priority. */
  Collection<AugmentedRow> held() {
    return held;
  }

  /** Bound, rows seen, and the held ones in their order, each with its request. */
  static final class RowsCoder extends StatelessCoder<AugmentedRows> {
    private static final long serialVersionUID = 1;
    private static final NullableCoder<String> REQUEST = NullableCoder.of(StringUtf8Coder.of());

    @Override
    public void encode(AugmentedRows augmented, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeInt(augmented.most);
      data.writeLong(augmented.rows);
      data.writeInt(augmented.held.size());
      for (AugmentedRow row : augmented.held) {
        data.writeLong(row.candidate().priority());
        InferenceEventCoder.write(row.event(), data);
        REQUEST.encode(row.request(), data);
      }
      data.flush();
    }

    @Override
    public AugmentedRows decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      AugmentedRows augmented = new AugmentedRows(data.readInt());
      augmented.rows = data.readLong();
      for (int i = data.readInt(); i > 0; i--) {
        long priority = data.readLong();
        InferenceEvent event = InferenceEventCoder.read(data);
        augmented.held.add(
            new AugmentedRow(
                new Candidate(priority, RowHash.name(event), event), REQUEST.decode(data)));
      }
      return augmented;
    }
  }
}
