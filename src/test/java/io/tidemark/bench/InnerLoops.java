package io.tidemark.bench;

import io.tidemark.stats.CategorySummary;
import io.tidemark.stats.CategoryTally;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.NumericSummary;
import io.tidemark.stats.NumericTally;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a value costs, in nanoseconds: run by {@code scripts/bench loops}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class InnerLoops {
  private static final int BATCH = 2048;
  private static final int BATCHES = 64;
  private static final int VALUES = BATCH * BATCHES;
  private static final int EDGES = 45;
  private static final int SHOWN_VALUES = 2048;

  /** Normal: all values differ. Cents: ten thousand do. Counts: nine do. */
  @Param({"normal", "cents", "counts"})
  public String values;

  private final double[] numbers = new double[VALUES];
  private final String[] table = new String[8];
  private final int[] codes = new int[VALUES];
  private final int[] rows = new int[BATCH];
  private CutPoints cuts;
  private Dictionary dictionary;
  private NumericSummary summary;
  private NumericTally tally;
  private CategorySummary categories;
  private CategoryTally categoryTally;

  @Setup(Level.Trial)
  public void draw() {
    Random random = new Random(1);
    for (int i = 0; i < VALUES; i++) {
      numbers[i] =
          switch (values) {
            case "normal" -> 50 + 10 * random.nextGaussian();
            case "cents" -> random.nextInt(10_000) / 100.0;
            default -> random.nextInt(9);
          };
      codes[i] = random.nextInt(table.length);
    }
    double[] edges = new double[EDGES];
    for (int i = 0; i < EDGES; i++) {
      edges[i] = i * 100.0 / EDGES;
    }
    cuts = new CutPoints(edges);
    for (int i = 0; i < table.length; i++) {
      table[i] = "value_" + i;
    }
    for (int i = 0; i < BATCH; i++) {
      rows[i] = i;
    }
    dictionary = Dictionary.of(List.of(table));
    summary = new NumericSummary(cuts, SHOWN_VALUES);
    tally = new NumericTally(new NumericSummary(cuts, SHOWN_VALUES), new NumericTally.Scratch());
    categories = new CategorySummary(dictionary, 100);
    categoryTally = new CategoryTally(new CategorySummary(dictionary, 100));
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public int cutPointSearch() {
    int sum = 0;
    for (double x : numbers) {
      sum += cuts.cell(x);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public NumericSummary numberByNumber() {
    for (double x : numbers) {
      summary.add(x);
    }
    return summary;
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public NumericTally numbersByBatch() {
    for (int at = 0; at < VALUES; at += BATCH) {
      tally.add(numbers, at, at + BATCH);
    }
    return tally;
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public CategorySummary textByText() {
    for (int code : codes) {
      categories.add(table[code]);
    }
    return categories;
  }

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public CategoryTally textsByBatch() {
    for (int at = 0; at < VALUES; at += BATCH) {
      categoryTally.add(table, codes, rows, 0, BATCH);
    }
    return categoryTally;
  }
}
