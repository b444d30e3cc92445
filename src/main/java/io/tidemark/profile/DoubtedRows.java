package io.tidemark.profile;

import io.tidemark.event.ClassText;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.flow.StatelessCoder;
import io.tidemark.stats.Hash128;
import io.tidemark.stats.Varint;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;

/**
 * Rows of a period whose labels people are asked to look at: nobody is to learn from these until
 * somebody has. Held as hashes.
 */
public final class DoubtedRows {
  private final TreeSet<Hash128> byModel = new TreeSet<>();
  private final TreeSet<Hash128> byInputs = new TreeSet<>();

  /**
   * A row that the model contradicts.
   *
   * @param name see {@link RowHash#name}
   */
  public void add(String version, String name) {
    byModel.add(hash(version, name));
  }

  /**
   * All rows with these inputs and this label: others with the same inputs contradict them.
   *
   * @param inputs see {@link RowInputs}
   */
  public void add(String version, Hash128 inputs, String label) {
    byInputs.add(hash(version, inputs.toString(), ClassText.key(label)));
  }

  public void addAll(DoubtedRows others) {
    byModel.addAll(others.byModel);
    byInputs.addAll(others.byInputs);
  }

  public boolean isEmpty() {
    return byModel.isEmpty() && byInputs.isEmpty();
  }

  /** Whether the row is one that the model contradicts. */
  public boolean byModel(InferenceEvent row) {
    return !byModel.isEmpty() && byModel.contains(hash(row.version(), RowHash.name(row)));
  }

  /** Whether the row's label is one that rows with the same inputs contradict. */
  public boolean byInputs(InferenceEvent row, RowInputs inputs, EventLabels labels) {
    String label = byInputs.isEmpty() ? null : labels.text(row);
    Hash128 own = label == null ? null : inputs.of(row);
    return own != null
        && byInputs.contains(hash(row.version(), own.toString(), ClassText.key(label)));
  }

  private static Hash128 hash(String... parts) {
    return Hash128.of(String.join("\0", parts).getBytes(StandardCharsets.UTF_8));
  }

  /** Those by the model, then those by inputs; ascending. */
  public static final class RowsCoder extends StatelessCoder<DoubtedRows> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(DoubtedRows rows, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      write(rows.byModel, data);
      write(rows.byInputs, data);
    }

    private static void write(TreeSet<Hash128> hashes, DataOutputStream out) throws IOException {
      Varint.write(hashes.size(), out);
      for (Hash128 hash : hashes) {
        out.writeLong(hash.high());
        out.writeLong(hash.low());
      }
    }

    @Override
    public DoubtedRows decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      DoubtedRows rows = new DoubtedRows();
      read(data, rows.byModel);
      read(data, rows.byInputs);
      return rows;
    }

    private static void read(DataInputStream in, TreeSet<Hash128> hashes) throws IOException {
      for (int i = Varint.readInt(Integer.MAX_VALUE, in); i > 0; i--) {
        hashes.add(new Hash128(in.readLong(), in.readLong()));
      }
    }
  }
}
