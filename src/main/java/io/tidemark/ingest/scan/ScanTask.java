package io.tidemark.ingest.scan;

import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.FileSplit;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of a log that one worker reads one after the other. */
public record ScanTask(List<Piece> pieces) implements Serializable {

  /**
   * A piece and the models that read it.
   *
   * @param models in the order of their names
   */
  public record Piece(FileSplit split, List<String> models) implements Serializable {}

  /**
   * Pieces dealt out into tasks of about the same work; one that several models read is there once.
   * Few large tasks: each gathers its own states, and what leaves it is small.
   *
   * @param splits that each model reads
   * @param count of tasks at most
   */
  public static List<ScanTask> deal(Fleet<List<FileSplit>> splits, int count) {
    List<Piece> largestFirst = new ArrayList<>(pieces(splits));
    largestFirst.sort(Comparator.comparingLong((Piece piece) -> piece.split().weight()).reversed());
    List<List<Piece>> dealt = new ArrayList<>();
    long[] load = new long[Math.max(1, Math.min(count, largestFirst.size()))];
    for (int i = 0; i < load.length; i++) {
      dealt.add(new ArrayList<>());
    }
    for (Piece piece : largestFirst) {
      int lightest = 0;
      for (int i = 1; i < load.length; i++) {
        lightest = load[i] < load[lightest] ? i : lightest;
      }
      dealt.get(lightest).add(piece);
      load[lightest] += piece.split().weight();
    }
    List<ScanTask> tasks = new ArrayList<>();
    for (List<Piece> task : dealt) {
      if (!task.isEmpty()) {
        // Neighbouring pieces one after the other: rows of one window come together.
        task.sort(
            Comparator.comparing((Piece piece) -> piece.split().path())
                .thenComparingLong(piece -> piece.split().start()));
        tasks.add(new ScanTask(List.copyOf(task)));
      }
    }
    return tasks;
  }

  private static List<Piece> pieces(Fleet<List<FileSplit>> splits) {
    Map<FileSplit, List<String>> readers = new LinkedHashMap<>();
    for (String model : splits.models()) {
      for (FileSplit split : splits.of(model)) {
        readers.computeIfAbsent(split, any -> new ArrayList<>()).add(model);
      }
    }
    // The same names are one list: they travel once with a task.
    Map<List<String>, List<String>> known = new HashMap<>();
    List<Piece> pieces = new ArrayList<>();
    readers.forEach(
        (split, models) ->
            pieces.add(new Piece(split, known.computeIfAbsent(models, List::copyOf))));
    return pieces;
  }
}
