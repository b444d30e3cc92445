package io.tidemark.ingest.row;

import io.tidemark.event.TextColumn;
import java.util.Arrays;

/** {@link Claims} on rows that come by column: a value is looked up once for many rows. */
public final class BatchClaims {
  private static final int[] NOBODY = {};

  private final Claims claims;
  private final int takers;

  /** By column, for the table of values that it has now. */
  private final String[][] tables;

  /** By column and code of the value. */
  private final int[][][] byCode;

  /** Takes rows that one taker wants. */
  public interface Rows {
    /**
     * @param which indices into the batch, ascending; theirs to change
     */
    void of(int taker, int[] which, int count);
  }

  public BatchClaims(Claims claims, int takers) {
    this.claims = claims;
    this.takers = takers;
    this.tables = new String[claims.columns().size()][];
    this.byCode = new int[claims.columns().size()][][];
  }

  /**
   * Hands a batch's rows to those who want them.
   *
   * @param telling the columns that tell whose a row is
   * @return how many nobody wants
   */
  public int hand(TextColumn[] telling, int rows, Rows out) {
    if (telling.length == 0) {
      for (int taker = 0; taker < takers; taker++) {
        int[] all = new int[rows];
        Arrays.setAll(all, row -> row);
        out.of(taker, all, rows);
      }
      return 0;
    }
    int[][] wanted = new int[takers][];
    int[] counts = new int[takers];
    int unclaimed = 0;
    for (int row = 0; row < rows; row++) {
      int at = row;
      boolean claimed = !claims.always().isEmpty();
      for (int taker : claims.always()) {
        add(taker, row, rows, wanted, counts);
      }
      for (int column : claims.firstColumns()) {
        for (int taker : byFirst(column, telling[column], row)) {
          if (claims.agrees(taker, other -> telling[other].text(at))) {
            add(taker, row, rows, wanted, counts);
            claimed = true;
          }
        }
      }
      unclaimed += claimed ? 0 : 1;
    }
    for (int taker = 0; taker < takers; taker++) {
      if (counts[taker] > 0) {
        out.of(taker, wanted[taker], counts[taker]);
      }
    }
    return unclaimed;
  }

  private static void add(int taker, int row, int rows, int[][] wanted, int[] counts) {
    if (wanted[taker] == null) {
      wanted[taker] = new int[rows];
    }
    wanted[taker][counts[taker]++] = row;
  }

  private int[] byFirst(int column, TextColumn values, int row) {
    int code = values.codes()[row];
    if (code < 0) {
      return NOBODY;
    }
    if (tables[column] != values.values()) {
      tables[column] = values.values();
      byCode[column] = new int[tables[column].length][];
    }
    int[] known = byCode[column][code];
    if (known == null) {
      known =
          claims.byFirst(column, tables[column][code]).stream().mapToInt(each -> each).toArray();
      byCode[column][code] = known;
    }
    return known;
  }
}
