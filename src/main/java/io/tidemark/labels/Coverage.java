package io.tidemark.labels;

import io.tidemark.flow.StatelessCoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.TreeSet;

/** How many predictions of a window have labels, and the first of those that have none. */
public final class Coverage {
  /** Unlabelled predictions that are named. */
  static final int NAMED = 1000;

  private static final Comparator<Named> ORDER =
      Comparator.comparingLong(Named::time).thenComparing(Named::id);

  long inLog;
  long joined;
  long unlabelled;
  long disputed;
  final TreeSet<Named> named = new TreeSet<>(ORDER);

  /** An unlabelled prediction. */
  record Named(long time, String id) {}

  /** Whether an unlabelled prediction of this time would be among the first. */
  boolean names(long time) {
    return named.size() < NAMED || time <= named.last().time();
  }

  void name(long time, String id) {
    named.add(new Named(time, id));
    if (named.size() > NAMED) {
      named.pollLast();
    }
  }

  public Coverage merge(Coverage other) {
    inLog += other.inLog;
    joined += other.joined;
    unlabelled += other.unlabelled;
    disputed += other.disputed;
    other.named.forEach(one -> name(one.time(), one.id()));
    return this;
  }

  /** Of predictions, whatever window they are of. */
  public PredictionCounts counts() {
    return new PredictionCounts(inLog + joined + unlabelled, inLog, joined, unlabelled, disputed);
  }

  /** Equal states have equal bytes. */
  public static final class CoverageCoder extends StatelessCoder<Coverage> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(Coverage coverage, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(coverage.inLog);
      data.writeLong(coverage.joined);
      data.writeLong(coverage.unlabelled);
      data.writeLong(coverage.disputed);
      data.writeInt(coverage.named.size());
      for (Named one : coverage.named) {
        byte[] id = one.id().getBytes(StandardCharsets.UTF_8);
        data.writeLong(one.time());
        data.writeInt(id.length);
        data.write(id);
      }
    }

    @Override
    public Coverage decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      Coverage coverage = new Coverage();
      coverage.inLog = data.readLong();
      coverage.joined = data.readLong();
      coverage.unlabelled = data.readLong();
      coverage.disputed = data.readLong();
      for (int left = data.readInt(); left > 0; left--) {
        long time = data.readLong();
        byte[] id = data.readNBytes(data.readInt());
        coverage.named.add(new Named(time, new String(id, StandardCharsets.UTF_8)));
      }
      return coverage;
    }
  }
}
