package io.tidemark.ingest.topic;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;

/**
 * Where a reader of a topic stands, as a checkpoint holds it.
 *
 * @param topic its name
 * @param id the broker's; "": it gives none
 * @param anew how often the topic was made anew, and read on
 * @param reached event time that the reader has told
 * @param places by partition
 * @param complete runs when the checkpoint is complete; no state
 */
record TopicMark(
    String topic,
    String id,
    int anew,
    long reached,
    SortedMap<Integer, Place> places,
    Runnable complete)
    implements CheckpointMark {

  /**
   * Where one partition stands.
   *
   * @param offset of the next record
   * @param clock event time
   */
  record Place(long offset, PartitionWatermark.State clock) {}

  /** As it comes out of a checkpoint. */
  static TopicMark restored(
      String topic, String id, int anew, long reached, TreeMap<Integer, Place> places) {
    return new TopicMark(topic, id, anew, reached, places, () -> {});
  }

  @Override
  public void finalizeCheckpoint() {
    complete.run();
  }
}
