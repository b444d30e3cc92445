package io.tidemark.labels;

import io.tidemark.event.LabelRows;
import io.tidemark.event.LabelRows.Row;
import io.tidemark.flow.StatelessCoder;
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
 * What became of a label.
 *
 * @param detail for a person; "" of one that is joined
 */
record LabelFate(Kind kind, Row label, String detail) {
  /** A list's order: by kind, and by where the labels stand. */
  static final Comparator<LabelFate> ORDER =
      Comparator.comparing(LabelFate::kind)
          .thenComparing((LabelFate one) -> one.label().file())
          .thenComparingLong(one -> one.label().position())
          .thenComparing(LabelFate::label, Row.ORDER);

  private static final byte[] NO_ID = {};

  /** The order of lists, and what state has of it. */
  enum Kind {
    JOINED,
    DUPLICATE,
    CONFLICTING,
    OVERRIDDEN,
    ORPHAN,
    TOO_LATE
  }

  /** One that is joined; nothing is said of it but where it stands. */
  static LabelFate joined(Row label) {
    Row place = new Row(0, 0, 0, null, Double.NaN, "", label.file(), label.position(), NO_ID);
    return new LabelFate(Kind.JOINED, place, "");
  }

  boolean isJoined() {
    return kind == Kind.JOINED;
  }

  /** Fates as they are shuffled and kept. */
  static final class FatesCoder extends StatelessCoder<List<LabelFate>> {
    private static final long serialVersionUID = 1;
    private static final LabelRows.RowsCoder ROWS = new LabelRows.RowsCoder();
    private static final StringUtf8Coder DETAIL = StringUtf8Coder.of();

    @Override
    public void encode(List<LabelFate> fates, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      ROWS.encode(fates.stream().map(LabelFate::label).toList(), data);
      for (LabelFate fate : fates) {
        data.writeByte(fate.kind().ordinal());
        if (!fate.isJoined()) {
          DETAIL.encode(fate.detail(), data);
        }
      }
    }

    @Override
    public List<LabelFate> decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      List<LabelFate> fates = new ArrayList<>();
      for (Row row : ROWS.decode(data)) {
        Kind kind = Kind.values()[data.readByte()];
        fates.add(new LabelFate(kind, row, kind == Kind.JOINED ? "" : DETAIL.decode(data)));
      }
      return fates;
    }
  }
}
