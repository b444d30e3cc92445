package io.tidemark.pipeline;

import io.tidemark.flow.LongsCoder;
import io.tidemark.flow.WindowKey;
import io.tidemark.labels.PredictionCounts;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.KV;

/**
 * What a stage tells of a window and model version; a later revision stands for the one before.
 *
 * @param comparisons findings
 * @param alarms those of them that ring
 * @param predictions by whether they have a label
 */
record WindowTold(long revision, long comparisons, long alarms, PredictionCounts predictions) {

  /** The stage that tells of every window from the first with rows to the last. */
  static final String DRIFT = "drift";

  /** Nothing has been told yet. */
  static final WindowTold NOTHING = new WindowTold(Long.MIN_VALUE, 0, 0, PredictionCounts.NONE);

  /** Who tells: a stage's name, and the model version. */
  static final KvCoder<String, String> TELLER =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());

  /** By the window of all versions together. */
  static final KvCoder<WindowKey, KV<KV<String, String>, WindowTold>> BY_WINDOW =
      KvCoder.of(new WindowKey.KeyCoder(), KvCoder.of(TELLER, new ToldCoder()));

  static KV<WindowKey, KV<KV<String, String>, WindowTold>> of(
      String stage, WindowKey window, WindowTold told) {
    return KV.of(window.ofAll(), KV.of(KV.of(stage, window.version()), told));
  }

  /** What it adds to an account in which another one stands for it. */
  RunAccount since(WindowTold before) {
    RunAccount found =
        RunAccount.ofFindings(0, comparisons - before.comparisons, alarms - before.alarms);
    return found.plus(RunAccount.ofPredictions(predictions.minus(before.predictions)));
  }

  /** Eight longs. */
  static final class ToldCoder extends LongsCoder<WindowTold> {
    private static final long serialVersionUID = 1;

    ToldCoder() {
      super(8);
    }

    @Override
    protected long[] longs(WindowTold told) {
      PredictionCounts of = told.predictions;
      return new long[] {
        told.revision,
        told.comparisons,
        told.alarms,
        of.predictions(),
        of.inLog(),
        of.joined(),
        of.unlabelled(),
        of.disputed()
      };
    }

    @Override
    protected WindowTold of(long[] n) {
      return new WindowTold(n[0], n[1], n[2], new PredictionCounts(n[3], n[4], n[5], n[6], n[7]));
    }
  }
}
