package io.tidemark.profile;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Windows of which an output has more than a run does: their tables stay as they are, all of them,
 * so that no two speak of different rows. It is decided once, before any is written. Takes how much
 * the run has of each window, in any number of pieces.
 */
public final class StandingWindows
    extends PTransform<
        PCollection<KV<WindowKey, KV<Long, Long>>>, PCollection<KV<WindowKey, String>>> {
  private static final long serialVersionUID = 1;

  /** What is said of a window that the run writes anew, and that was found whole before. */
  private static final String WHOLE = "";

  /** The same of a window that the run has only looked back at, and found no row of. */
  private static final String NOTHING = "no rows";

  /** Rows, and those of them with a label, by their window of all versions. */
  public static final KvCoder<WindowKey, KV<Long, Long>> HELD =
      KvCoder.of(new WindowKey.KeyCoder(), KvCoder.of(VarLongCoder.of(), VarLongCoder.of()));

  private final Fleet<Rule> rules;
  private final transient PCollectionView<Map<String, LogSpans>> log;

  private StandingWindows(Fleet<Rule> rules, PCollectionView<Map<String, LogSpans>> log) {
    this.rules = rules;
    this.log = log;
  }

  /**
   * @param asked which windows the run can speak for
   */
  public static StandingWindows in(String output, Fleet<Reach> asked, LogEdges edges) {
    TreeMap<String, Rule> rules = new TreeMap<>();
    for (String model : asked.models()) {
      rules.put(model, new Rule(output, model, edges.windows().of(model), asked.of(model)));
    }
    return new StandingWindows(Fleet.of(rules), edges.log());
  }

  /** By their window of all versions: why they stay, or that they were whole. */
  @Override
  public PCollection<KV<WindowKey, String>> expand(
      PCollection<KV<WindowKey, KV<Long, Long>>> pieces) {
    ParDo.SingleOutput<KV<WindowKey, Iterable<KV<Long, Long>>>, KV<WindowKey, String>> compare =
        ParDo.of(new CompareFn(rules, log));
    return pieces
        .apply("GroupByWindow", GroupByKey.create())
        .apply("CompareWithWritten", log == null ? compare : compare.withSideInputs(log))
        .setCoder(KvCoder.of(new WindowKey.KeyCoder(), StringUtf8Coder.of()));
  }

  /** Those that stay though the run has rows of them or was asked for them, with the reason. */
  public static PTransform<PCollection<KV<WindowKey, String>>, PCollection<KV<WindowKey, String>>>
      only() {
    return Filter.by(
        window -> !window.getValue().equals(WHOLE) && !window.getValue().equals(NOTHING));
  }

  /** For {@link WithoutStanding} and {@link MarkWindows}. */
  public static View.AsMap<WindowKey, String> view() {
    return View.asMap();
  }

  /** Whether a window stays. */
  static boolean stays(Map<WindowKey, String> standing, WindowKey window) {
    return !standing.getOrDefault(window.ofAll(), WHOLE).equals(WHOLE);
  }

  /** Which windows stay. */
  record Rule(String output, String model, WindowSpec window, Reach asked)
      implements java.io.Serializable {

    /**
     * @param mine what the run has of the window
     * @param log where it has rows; null where both bounds were asked for
     * @return null where there is nothing to say
     */
    String of(long start, Held mine, LogSpans log) throws IOException {
      long end = window.endOf(start);
      WindowCompleteness bounds = new WindowCompleteness(asked.from(), asked.to());
      boolean covered = asked.covers(start, end) && bounds.whole(start, end, log);
      if (covered && bounds.bounded() && asked.joins()) {
        return null; // the run says what there is
      }
      WrittenWindow written = WrittenWindow.read(output, model, start);
      Held before = written.held();
      if (asked.replaces(start, end, covered, mine, before, written.whole())) {
        return !covered && written.whole() ? WHOLE : null;
      }
      if (mine.rows() == 0 && !asked.reports(start)) {
        return NOTHING;
      }
      if (mine.rows() < before.rows()) {
        return mine.rows() + " rows, " + before.rows() + " are there";
      }
      return mine.labelled() < before.labelled()
          ? mine.labelled() + " labels, " + before.labelled() + " are there"
          : "cut by the bounds";
    }
  }

  private static final class CompareFn
      extends DoFn<KV<WindowKey, Iterable<KV<Long, Long>>>, KV<WindowKey, String>> {
    private static final long serialVersionUID = 1;

    private final Fleet<Rule> rules;
    private final PCollectionView<Map<String, LogSpans>> log;

    CompareFn(Fleet<Rule> rules, PCollectionView<Map<String, LogSpans>> log) {
      this.rules = rules;
      this.log = log;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      Held mine = Held.NONE;
      for (KV<Long, Long> piece : context.element().getValue()) {
        mine = mine.plus(new Held(piece.getKey(), piece.getValue()));
      }
      WindowKey window = context.element().getKey();
      Rule rule = rules.of(window.model());
      LogSpans spans =
          log == null ? null : LogSpans.of(window.model(), context.sideInput(log), rule.window());
      String said = rule.of(window.start(), mine, spans);
      if (said != null) {
        context.output(KV.of(window, said));
      }
    }
  }
}
