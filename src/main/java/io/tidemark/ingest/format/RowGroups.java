package io.tidemark.ingest.format;

import io.tidemark.ingest.row.EventAssembler;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.spec.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.MessageType;

/** A Parquet file's row groups in their order, and the splits that they make. */
public record RowGroups(String path, List<Group> groups) {
  /** Row groups smaller than this go together: opening a file reads its whole footer. */
  private static final long LEAST_SPLIT = 4L << 20;

  /**
   * @param bytes packed
   * @param times between which its rows lie; null: nobody knows before they are read
   */
  public record Group(long bytes, long rows, TimeRange times) {}

  static RowGroups of(
      String path, MessageType schema, List<BlockMetaData> blocks, EventColumns columns) {
    Use time =
        columns.columns().stream()
            .filter(use -> use.kind() == EventColumns.Kind.TIME)
            .findFirst()
            .orElseThrow();
    ColumnDescriptor column = ParquetColumns.find(schema, time, path);
    List<Group> groups = new ArrayList<>();
    for (BlockMetaData block : blocks) {
      TimeRange times =
          column == null ? ofPath(path, columns) : times(block, column, columns.time());
      groups.add(new Group(block.getCompressedSize(), block.getRowCount(), times));
    }
    return new RowGroups(path, groups);
  }

  private static TimeRange times(BlockMetaData block, ColumnDescriptor column, EventTime time) {
    for (ColumnChunkMetaData values : block.getColumns()) {
      if (values.getPath().equals(ColumnPath.get(column.getPath()))) {
        return GroupTimes.of(values, block.getRowCount(), time);
      }
    }
    return null;
  }

  /** Rows whose file has no times have the one that its folder names. */
  private static TimeRange ofPath(String path, EventColumns columns) {
    EventAssembler row = new EventAssembler(columns, path);
    long time = row.event().timeMicros();
    return row.isTimed() && EventTime.isUsable(time) ? new TimeRange(time, time + 1) : null;
  }

  /** The splits of such groups; neighbours among them go together. */
  public List<FileSplit> splits(Predicate<Group> wanted) {
    boolean[] those = new boolean[groups.size()];
    for (int at = 0; at < those.length; at++) {
      those[at] = wanted.test(groups.get(at));
    }
    return splits(those);
  }

  /** The splits of these groups, by their place. */
  public List<FileSplit> splits(boolean[] wanted) {
    List<FileSplit> splits = new ArrayList<>();
    int start = 0;
    long size = 0;
    for (int at = 0; at < groups.size(); at++) {
      if (wanted[at]) {
        size += groups.get(at).bytes();
        boolean ends = at == groups.size() - 1 || !wanted[at + 1];
        if (size < LEAST_SPLIT && !ends) {
          continue;
        }
        splits.add(new FileSplit(path, Format.PARQUET, false, start, at + 1, size));
      }
      start = at + 1;
      size = 0;
    }
    return splits;
  }
}
