package io.tidemark.ingest.row;

import io.tidemark.event.Redaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Hands rows whose bytes come one by one to those of an audience that want them. Where specs say
 * which rows are whose, the columns that tell are decoded first, and then each row by its takers
 * alone. For one thread.
 */
public final class RecordTakers {
  private final Envelope envelope;
  private final List<Own> takers = new ArrayList<>();
  private final Audience.Others others;

  /** Null: every row is everybody's. */
  private final Claims claims;

  private final RecordRows telling;
  private final EventAssembler told;

  /** One taker's decoder. */
  private record Own(RecordRows rows, EventAssembler row, EventSink sink) {
    public void read(RecordRows.Bytes bytes) {
      rows.read(bytes, row, sink);
    }
  }

  /**
   * @param path of the file that the rows stand in; its partition folders are columns too
   * @param decoders what decodes rows for columns of which so much may be shown
   */
  public RecordTakers(
      Envelope envelope,
      Audience audience,
      String path,
      BiFunction<EventColumns, Redaction, RecordRows> decoders) {
    this.envelope = envelope;
    this.others = audience.others();
    for (Audience.Taker each : audience.takers()) {
      takers.add(
          new Own(
              decoders.apply(each.columns(), each.redaction()),
              new EventAssembler(each.columns(), path),
              each.sink()));
    }
    if (audience.takesAll()) {
      claims = null;
      telling = null;
      told = null;
    } else {
      claims = new Claims(audience.takers().stream().map(Audience.Taker::where).toList());
      telling = decoders.apply(claims.asColumns(), audience.ofAll());
      told = new EventAssembler(claims.asColumns(), path);
    }
  }

  /**
   * @param record a row, or with an envelope some
   */
  public void read(RecordRows.Bytes record) {
    envelope.open(
        record,
        new Envelope.Inside() {
          @Override
          public void row(RecordRows.Bytes bytes) {
            hand(bytes);
          }

          @Override
          public void bad(String reason, String detail) {
            unreadable(record, reason, detail);
          }
        });
  }

  private void hand(RecordRows.Bytes bytes) {
    if (claims == null) {
      takers.forEach(each -> each.read(bytes));
      return;
    }
    EventAssembler.Problem problem = telling.decode(bytes, told);
    if (problem != null) {
      unreadable(bytes, problem.reason(), problem.detail());
      return;
    }
    List<Integer> own = claims.of(told.event().categories());
    own.forEach(taker -> takers.get(taker).read(bytes));
    if (own.isEmpty()) {
      others.unclaimed(1);
    }
  }

  /** Tells of a record without a row: each of those who take all, or else nobody. */
  public void unreadable(RecordRows.Bytes bytes, String reason, String detail) {
    if (claims == null || !claims.always().isEmpty()) {
      for (int taker = 0; taker < takers.size(); taker++) {
        if (claims == null || claims.always().contains(taker)) {
          Own own = takers.get(taker);
          own.sink().bad(own.rows().letter(bytes, reason, detail));
        }
      }
    } else {
      others.unreadable(telling.letter(bytes, reason, detail));
    }
  }
}
