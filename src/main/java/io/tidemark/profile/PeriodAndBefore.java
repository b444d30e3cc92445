package io.tidemark.profile;

import io.tidemark.event.Redaction;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.KV;

/**
 * A stage that judges a period's labelled rows and holds them against the period before. Windows of
 * both that earlier runs have read are completed from what they left. A period of which a run has
 * read nothing is judged again where something of the period before has come. What was made of more
 * labels than a run knows of stays as it is, unless the run can speak for the whole period.
 *
 * @param <S> what is gathered of a window
 * @param <O> what comes out of a period
 */
public abstract class PeriodAndBefore<S extends LabelledState, O>
    implements PeriodStage<Void, PeriodTold<O>> {
  private static final long serialVersionUID = 1;

  private final MonitoringSpec spec;
  private final Redaction redaction;
  private final String output;
  private final Reach asked;

  /**
   * @param run that the stage is part of
   */
  protected PeriodAndBefore(MonitoringSpec spec, PeriodRun run) {
    this.spec = spec;
    this.redaction = run.redactions().of(spec.model());
    this.output = run.output();
    this.asked = run.reach().of(spec.model());
  }

  /**
   * Labelled rows that what is there of a period was made of.
   *
   * @param before of the period before
   */
  public record Labelled(long now, long before) {
    /** Nothing is there. */
    public static final Labelled NONE = new Labelled(0, 0);
  }

  /** What is judged, in a word or two, in the plural. */
  protected abstract String subject();

  /** Of a window's state. */
  protected abstract Coder<S> coder();

  /** Takes the second one's rows into the first. */
  protected abstract S merge(S into, S other);

  /** What earlier runs left, and this one leaves. */
  protected abstract StoredWindows<LabelledWindow<S>, Void> stored();

  /** Of a window that is known to have no rows; null: such windows are not asked for. */
  protected S withoutRows(String version) {
    return null;
  }

  /** Whether there is something to judge. */
  protected abstract boolean judges(SortedMap<WindowKey, LabelledWindow<S>> now);

  /** What is below the output; what is damaged is written anew. */
  protected abstract Labelled published(long periodStart) throws IOException;

  /**
   * Judges a period.
   *
   * @param now its windows
   * @param before those of the period before
   */
  protected abstract List<O> judge(
      long periodStart,
      SortedMap<WindowKey, LabelledWindow<S>> now,
      SortedMap<WindowKey, LabelledWindow<S>> before)
      throws IOException;

  protected final MonitoringSpec spec() {
    return spec;
  }

  protected final Redaction redaction() {
    return redaction;
  }

  protected final String output() {
    return output;
  }

  @Override
  public final WindowSpec window() {
    return spec.window();
  }

  @Override
  public final WindowSpec period() {
    return spec.period();
  }

  @Override
  public final Reach asked() {
    return asked;
  }

  @Override
  public final boolean looksBack() {
    return true;
  }

  @Override
  public final void keep(
      Iterable<KV<WindowKey, byte[]>> states, SortedMap<WindowKey, WindowRevision<Void>> judged)
      throws IOException {
    TreeMap<WindowKey, LabelledWindow<S>> own = new TreeMap<>();
    for (KV<WindowKey, byte[]> each : states) {
      add(each, judged, own);
    }
    empty(judged, own);
    stored().keep(own, judged, asked);
  }

  private void add(
      KV<WindowKey, byte[]> packed,
      SortedMap<WindowKey, WindowRevision<Void>> judged,
      TreeMap<WindowKey, LabelledWindow<S>> own)
      throws IOException {
    WindowKey key = packed.getKey();
    S state = MergeStates.unpack(coder(), packed.getValue());
    LabelledWindow<S> other = own.get(key);
    WindowRevision<Void> revision = judged.get(key);
    boolean complete = revision != null && revision.complete();
    own.put(
        key, new LabelledWindow<>(other == null ? state : merge(other.state(), state), complete));
  }

  private void empty(
      SortedMap<WindowKey, WindowRevision<Void>> judged,
      TreeMap<WindowKey, LabelledWindow<S>> own) {
    judged.forEach(
        (key, revision) -> {
          S none = revision.revision() == 0 ? withoutRows(key.version()) : null;
          if (none != null) {
            own.putIfAbsent(key, new LabelledWindow<>(none, revision.complete()));
          }
        });
  }

  @Override
  public final List<PeriodTold<O>> close(
      WindowKey period,
      Iterable<KV<WindowKey, byte[]>> states,
      SortedMap<WindowKey, WindowRevision<Void>> judged,
      Set<WindowKey> whole,
      List<byte[]> told,
      Reach reach)
      throws IOException {
    long start = period.start();
    TreeMap<WindowKey, LabelledWindow<S>> read = new TreeMap<>();
    TreeMap<WindowKey, LabelledWindow<S>> readBefore = new TreeMap<>();
    for (KV<WindowKey, byte[]> each : states) {
      if (each.getKey().start() < start) {
        add(each, new TreeMap<>(), readBefore);
      } else {
        add(each, judged, read);
      }
    }
    empty(judged, read);
    StoredWindows<LabelledWindow<S>, Void> stored = stored();
    CompletePeriod complete = new CompletePeriod(spec.window(), asked, reach);
    TreeMap<WindowKey, LabelledWindow<S>> kept = stored.read(start);
    TreeMap<WindowKey, LabelledWindow<S>> now = complete.complete(read, kept);
    if (!judges(now)) {
      if (!read.isEmpty()) {
        stored.write(now);
      }
      return List.of();
    }
    TreeMap<WindowKey, LabelledWindow<S>> before =
        complete.complete(readBefore, stored.read(period().startOf(start - 1)));
    Labelled published = published(start);
    Labelled known = new Labelled(labelled(now), labelled(before));
    boolean less =
        published.now > known.now
            && published.now > labelled(kept); // else windows say which are less
    boolean lessBefore =
        published.now >= known.now
            && published.before > known.before
            && readBefore.keySet().stream().noneMatch(key -> covers(reach, key.start()));
    if ((less || lessBefore) && !reach.covers(start, period().endOf(start))) {
      return List.of(new PeriodTold<>(spec.model(), null, stays(start, published, known)));
    }
    if (!read.isEmpty()) {
      stored.write(now);
    }
    List<PeriodTold<O>> all = new ArrayList<>();
    for (O found : judge(start, now, before)) {
      all.add(new PeriodTold<>(spec.model(), found, null));
    }
    return all;
  }

  private boolean covers(Reach reach, long window) {
    return reach.covers(window, spec.window().endOf(window));
  }

  private static long labelled(SortedMap<WindowKey, ? extends LabelledWindow<?>> windows) {
    return windows.values().stream().mapToLong(each -> each.held().labelled()).sum();
  }

  private String stays(long start, Labelled published, Labelled known) {
    return subject()
        + " of "
        + spec.model()
        + " from "
        + WindowSpec.instant(start)
        + " to "
        + WindowSpec.instant(period().endOf(start))
        + " stay as they are: this run has "
        + known.now
        + " labelled rows of that period and "
        + known.before
        + " of the one before, "
        + published.now
        + " and "
        + published.before
        + " are there";
  }
}
