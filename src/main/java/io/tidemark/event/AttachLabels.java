package io.tidemark.event;

import io.tidemark.event.InferenceEvent.TrustedLabel;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.Hash128;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Gives events the labels of a table. A label counts for an event if it was given no later than
 * {@code labels.horizon} after it. Where the log itself has a label, that one stands, and a joined
 * one that says something else makes the row disputed. The latest label of a trusted source stands
 * for all of them, and ends the dispute. Where several sources count for an event it is given what
 * each of them says, if anybody looks at it.
 */
public final class AttachLabels implements Serializable {
  private static final long serialVersionUID = 1;

  private final EventLabels own;
  private final LabelWait wait;
  private final boolean bySource;

  private AttachLabels(EventLabels own, LabelWait wait, boolean bySource) {
    this.own = own;
    this.wait = wait;
    this.bySource = bySource;
  }

  public static AttachLabels of(MonitoringSpec spec, LabelWait wait) {
    return new AttachLabels(EventLabels.of(spec), wait, SourceLabels.possible(spec));
  }

  /** How long after its event a label counts. */
  public LabelWait waits() {
    return wait;
  }

  /** The event, with its label if it has one. */
  public InferenceEvent to(InferenceEvent event, LabelTable table) {
    long place = table.find(RowHash.ofId(event.id()));
    if (place == LabelTable.NONE) {
      return event;
    }
    TrustedLabel trusted = table.trusted(place, event.timeMicros() + wait.trustedHorizon());
    InferenceEvent first = withFirst(event, place, table);
    if (bySource) {
      first = first.withSources(table.sources(place, event.timeMicros(), own.own(event), wait));
    }
    return trusted == null ? first : first.withTrusted(trusted);
  }

  private InferenceEvent withFirst(InferenceEvent event, long place, LabelTable table) {
    if (table.time(place) > event.timeMicros() + wait.horizon()) {
      return event;
    }
    String text = table.text(place);
    boolean disputed = disputed(own.own(event), text, event.timeMicros(), place, table);
    return event.withLabel(text, table.time(place), event.disputed() || disputed);
  }

  /**
   * The batch, with the labels of some of its rows.
   *
   * @param rows indices into the batch
   * @param count how many of them are meant
   */
  public EventBatch to(EventBatch batch, int[] rows, int count, LabelTable table) {
    int length = batch.times().length;
    int[] codes = new int[length];
    Arrays.fill(codes, -1);
    String[] values = table.numeric() ? new String[length] : table.values();
    long[] times = new long[length];
    boolean[] disputed = null;
    TrustedLabel[] trusted = null;
    SourceLabels[] sources = null;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      long time = batch.times()[row];
      Hash128 id = batch.ids().hash(row);
      long place = table.find(id);
      if (place == LabelTable.NONE) {
        continue;
      }
      TrustedLabel given = table.trusted(place, time + wait.trustedHorizon());
      if (given != null) {
        trusted = trusted == null ? new TrustedLabel[length] : trusted;
        trusted[row] = given;
      }
      SourceLabels said = bySource ? table.sources(place, time, own.own(batch, row), wait) : null;
      if (said != null) {
        sources = sources == null ? new SourceLabels[length] : sources;
        sources[row] = said;
      }
      if (table.time(place) > time + wait.horizon()) {
        continue;
      }
      if (table.numeric()) {
        values[row] = table.text(place);
        codes[row] = row;
      } else {
        codes[row] = table.code(place);
      }
      times[row] = table.time(place);
      if (given == null && disputed(own.own(batch, row), values[codes[row]], time, place, table)) {
        disputed = disputed == null ? new boolean[length] : disputed;
        disputed[row] = true;
      }
    }
    return batch.withLabels(new TextColumn(values, codes), times, disputed, trusted, sources);
  }

  private boolean disputed(String said, String joined, long time, long place, LabelTable table) {
    return (said != null && !said.equals(joined))
        || table.disputedSince(place) <= time + wait.horizon();
  }
}
