package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
import io.tidemark.spec.WindowSpec;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** A record of what is kept of a window, of whichever table. */
record StoredWindow(
    int version,
    WindowKey key,
    long end,
    boolean complete,
    Held held,
    String fits,
    boolean sealed,
    int stateVersion,
    byte[] state) {

  static StoredWindow of(SpecificRecord record) {
    ByteBuffer state = (ByteBuffer) get(record, "state");
    byte[] bytes = new byte[state.remaining()];
    state.duplicate().get(bytes);
    return new StoredWindow(
        (int) get(record, "format_version"),
        new WindowKey(
            get(record, "model").toString(),
            get(record, "model_version").toString(),
            WindowSpec.micros((Instant) get(record, "window_start"))),
        WindowSpec.micros((Instant) get(record, "window_end")),
        (boolean) get(record, "complete"),
        new Held((long) get(record, "rows"), (long) get(record, "labelled")),
        get(record, "fits").toString(),
        (boolean) get(record, "sealed"),
        (int) get(record, "state_version"),
        bytes);
  }

  SpecificRecord record(Class<? extends SpecificRecord> type) {
    Schema schema = SpecificData.get().getSchema(type);
    SpecificRecord record = (SpecificRecord) SpecificData.newInstance(type, schema);
    put(record, "format_version", version);
    put(record, "model", key.model());
    put(record, "model_version", key.version());
    put(record, "window_start", WindowSpec.instant(key.start()));
    put(record, "window_end", WindowSpec.instant(end));
    put(record, "complete", complete);
    put(record, "rows", held.rows());
    put(record, "labelled", held.labelled());
    put(record, "fits", fits);
    put(record, "sealed", sealed);
    put(record, "state_version", stateVersion);
    put(record, "state", ByteBuffer.wrap(state));
    return record;
  }

  private static Object get(SpecificRecord record, String field) {
    return record.get(record.getSchema().getField(field).pos());
  }

  private static void put(SpecificRecord record, String field, Object value) {
    record.put(record.getSchema().getField(field).pos(), value);
  }
}
