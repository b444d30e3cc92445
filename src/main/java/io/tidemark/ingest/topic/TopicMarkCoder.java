package io.tidemark.ingest.topic;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;

/** A reader's state, after the number of its form: a later release reads what this one wrote. */
final class TopicMarkCoder extends CustomCoder<TopicMark> {
  private static final long serialVersionUID = 1;
  private static final int FORM = 1;

  @Override
  public void encode(TopicMark mark, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeByte(FORM);
    data.writeUTF(mark.topic());
    data.writeUTF(mark.id());
    data.writeInt(mark.anew());
    data.writeLong(mark.reached());
    data.writeInt(mark.places().size());
    for (Map.Entry<Integer, TopicMark.Place> each : mark.places().entrySet()) {
      PartitionWatermark.State clock = each.getValue().clock();
      data.writeInt(each.getKey());
      data.writeLong(each.getValue().offset());
      data.writeLong(clock.watermark());
      data.writeLong(clock.latest());
      data.writeLong(clock.disorder());
      data.writeInt(clock.learnt());
      data.writeLong(clock.seen());
    }
    data.flush();
  }

  @Override
  public TopicMark decode(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int form = data.readByte();
    if (form != FORM) {
      throw new CoderException("state of a topic's reader in form " + form + ", not " + FORM);
    }
    String topic = data.readUTF();
    String id = data.readUTF();
    int anew = data.readInt();
    long reached = data.readLong();
    TreeMap<Integer, TopicMark.Place> places = new TreeMap<>();
    for (int count = data.readInt(); count > 0; count--) {
      int partition = data.readInt();
      long offset = data.readLong();
      PartitionWatermark.State clock =
          new PartitionWatermark.State(
              data.readLong(), data.readLong(), data.readLong(), data.readInt(), data.readLong());
      places.put(partition, new TopicMark.Place(offset, clock));
    }
    return TopicMark.restored(topic, id, anew, reached, places);
  }

  @Override
  public void verifyDeterministic() {}
}
