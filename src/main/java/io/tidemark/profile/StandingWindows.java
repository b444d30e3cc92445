package io.tidemark.profile;

import io.tidemark.spec.WindowSpec;
import java.io.IOException;
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
    extends PTransform<PCollection<KV<Long, KV<Long, Long>>>, PCollection<KV<Long, String>>> {
  private static final long serialVersionUID = 1;

  /** What is said of a window that the run writes anew, and that was found whole before. */
  private static final String WHOLE = "";

  /** The same of a window that the run has only looked back at, and found no row of. */
  private static final String NOTHING = "no rows";

  /** Rows, and those of them with a label, by the start of their window. */
  public static final KvCoder<Long, KV<Long, Long>> HELD =
      KvCoder.of(VarLongCoder.of(), KvCoder.of(VarLongCoder.of(), VarLongCoder.of()));

  private final Rule rule;
  private final transient PCollectionView<LogSpans> log;

  private StandingWindows(Rule rule, PCollectionView<LogSpans> log) {
    this.rule = rule;
    this.log = log;
  }

  public static StandingWindows in(String output, String model, Reach asked, LogEdges edges) {
    return new StandingWindows(new Rule(output, model, edges.window(), asked), edges.log());
  }

  /** By their start: why they stay, or that they were whole. */
  @Override
  public PCollection<KV<Long, String>> expand(PCollection<KV<Long, KV<Long, Long>>> pieces) {
    ParDo.SingleOutput<KV<Long, Iterable<KV<Long, Long>>>, KV<Long, String>> compare =
        ParDo.of(new CompareFn(rule, log));
    return pieces
        .apply("GroupByWindow", GroupByKey.create())
        .apply("CompareWithWritten", log == null ? compare : compare.withSideInputs(log))
        .setCoder(KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of()));
  }

  /** Those that stay though the run has rows of them or was asked for them, with the reason. */
  public static PTransform<PCollection<KV<Long, String>>, PCollection<KV<Long, String>>> only() {
    return Filter.by(
        window -> !window.getValue().equals(WHOLE) && !window.getValue().equals(NOTHING));
  }

  /** For {@link WithoutStanding} and {@link MarkWindows}. */
  public static View.AsMap<Long, String> view() {
    return View.asMap();
  }

  /** Whether a window stays. */
  static boolean stays(java.util.Map<Long, String> standing, long start) {
    return !standing.getOrDefault(start, WHOLE).equals(WHOLE);
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
      extends DoFn<KV<Long, Iterable<KV<Long, Long>>>, KV<Long, String>> {
    private static final long serialVersionUID = 1;

    private final Rule rule;
    private final PCollectionView<LogSpans> log;

    CompareFn(Rule rule, PCollectionView<LogSpans> log) {
      this.rule = rule;
      this.log = log;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      Held mine = Held.NONE;
      for (KV<Long, Long> piece : context.element().getValue()) {
        mine = mine.plus(new Held(piece.getKey(), piece.getValue()));
      }
      long start = context.element().getKey();
      String said = rule.of(start, mine, log == null ? null : context.sideInput(log));
      if (said != null) {
        context.output(KV.of(start, said));
      }
    }
  }
}
