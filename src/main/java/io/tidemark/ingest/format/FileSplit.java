package io.tidemark.ingest.format;

import io.tidemark.spec.Format;
import java.io.Serializable;

/**
 * A piece of a file, or of a partition of a topic, that one task reads.
 *
 * @param path of a topic: its URI without parameters, the partition behind its name
 * @param start text: first byte; Parquet: first row group; topic: first offset
 * @param end exclusive; a line belongs to the split that its first byte is in
 * @param weight about how much work it is, in bytes
 * @param topic null: it is a file
 * @param topicId of the topic when the run was planned; "": not known
 */
public record FileSplit(
    String path,
    Format format,
    boolean gzip,
    long start,
    long end,
    long weight,
    KafkaTopic topic,
    String topicId)
    implements Serializable {

  /** Of a file. */
  public FileSplit(String path, Format format, boolean gzip, long start, long end, long weight) {
    this(path, format, gzip, start, end, weight, null, "");
  }
}
