package io.tidemark.pipeline;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.labels.Coverage;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.MarkWindows;
import io.tidemark.profile.StandingWindows;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WithoutStanding;
import io.tidemark.spec.WindowSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * The windows whose tables a run leaves as they are, because it has less of them than is there.
 *
 * @param edges where the log begins and ends
 * @param view null: none are left as they are
 */
public record Standing(LogEdges edges, PCollectionView<Map<WindowKey, String>> view) {
  private static final int SHOWN = 3;

  /**
   * Compares what a run has with what is there, before it writes any of it.
   *
   * @param windows the run's, those without rows too
   * @param covered how many of their rows have labels; empty: nothing says what the truth was
   */
  static Standing below(
      String output,
      Fleet<ModelRun> models,
      LogEdges edges,
      PCollection<KV<WindowKey, WindowProfile>> windows,
      Optional<PCollection<KV<WindowKey, Coverage>>> covered,
      JobResults results) {
    PCollection<KV<WindowKey, KV<Long, Long>>> rows =
        windows.apply("RowsOfWindow", MapElements.via(new Rows())).setCoder(StandingWindows.HELD);
    PCollectionList<KV<WindowKey, KV<Long, Long>>> pieces = PCollectionList.of(rows);
    if (covered.isPresent()) {
      pieces =
          pieces.and(
              covered
                  .get()
                  .apply("LabelsOfWindow", MapElements.via(new Labelled()))
                  .setCoder(StandingWindows.HELD));
    }
    PCollection<KV<WindowKey, String>> standing =
        pieces
            .apply("HeldOfWindow", Flatten.pCollections())
            .apply(
                "StandingWindows", StandingWindows.in(output, models.map(ModelRun::reach), edges));
    Fleet<Long> first = models.map(Standing::first);
    results.standing(
        standing
            .apply("WhatStands", StandingWindows.only())
            .apply(
                "WouldBeWritten",
                Filter.by(window -> window.getKey().start() >= first.of(window.getKey().model())))
            .apply("SayWhatStands", MapElements.via(new Said()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of())));
    return new Standing(edges, standing.apply("ViewStanding", StandingWindows.view()));
  }

  /** Start of the first window of a model that would be written. */
  private static long first(ModelRun model) {
    boolean all = PerformanceBranch.applies(model.spec()) || !model.range().looksBack();
    return all ? Long.MIN_VALUE : model.range().statistics().from();
  }

  /** Windows without those that stay. */
  <V> WithoutStanding<KV<WindowKey, V>> leftOut() {
    return leftOutBy(KV::getKey);
  }

  <T> WithoutStanding<T> leftOutBy(SerializableFunction<T, WindowKey> window) {
    return WithoutStanding.of(view, window);
  }

  /**
   * Says which windows are complete.
   *
   * @param rows how many of a window
   * @param revision rows behind what there is of a window
   */
  <V> MarkWindows<V> mark(
      SerializableFunction<V, Long> rows, SerializableFunction<V, Long> revision) {
    return MarkWindows.of(edges, view, rows, revision);
  }

  /** What to tell of a run's windows that stayed; "" where none did. */
  public static String text(List<String> stood) {
    if (stood.isEmpty()) {
      return "";
    }
    List<String> sorted = stood.stream().sorted().toList();
    boolean one = sorted.size() == 1;
    return "  "
        + (one ? "1 window stays as it is" : sorted.size() + " windows stay as they are")
        + ", because this run has less of "
        + (one ? "it" : "them")
        + ": "
        + String.join("; ", sorted.subList(0, Math.min(SHOWN, sorted.size())))
        + (sorted.size() > SHOWN ? "; ..." : "")
        + ". What a run has is taken for all there is where --from and --to cover a window and its"
        + " labels are given.";
  }

  private static final class Rows
      extends SimpleFunction<KV<WindowKey, WindowProfile>, KV<WindowKey, KV<Long, Long>>> {
    private static final long serialVersionUID = 1;

    @Override
    public KV<WindowKey, KV<Long, Long>> apply(KV<WindowKey, WindowProfile> window) {
      return KV.of(window.getKey().ofAll(), KV.of(window.getValue().rows(), 0L));
    }
  }

  private static final class Labelled
      extends SimpleFunction<KV<WindowKey, Coverage>, KV<WindowKey, KV<Long, Long>>> {
    private static final long serialVersionUID = 1;

    @Override
    public KV<WindowKey, KV<Long, Long>> apply(KV<WindowKey, Coverage> window) {
      long labelled = window.getValue().counts().labelled();
      return KV.of(window.getKey().ofAll(), KV.of(0L, labelled));
    }
  }

  private static final class Said
      extends SimpleFunction<KV<WindowKey, String>, KV<String, String>> {
    private static final long serialVersionUID = 1;

    @Override
    public KV<String, String> apply(KV<WindowKey, String> window) {
      WindowKey key = window.getKey();
      return KV.of(key.model(), WindowSpec.instant(key.start()) + " (" + window.getValue() + ")");
    }
  }
}
