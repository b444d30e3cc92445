package io.tidemark.store;

import io.tidemark.flow.ByteOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;

/** Avro binary form of a generated record, for the small records between stages. */
public final class RecordCoder<T extends SpecificRecord> extends CustomCoder<T> {
  private static final long serialVersionUID = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final Class<T> type;

  private transient Schema schema;

  private RecordCoder(Class<T> type) {
    this.type = type;
  }

  public static <T extends SpecificRecord> RecordCoder<T> of(Class<T> type) {
    return new RecordCoder<>(type);
  }

  @Override
  public void encode(T value, OutputStream out) throws IOException {
    ByteOutput bytes = new ByteOutput(256);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new SpecificDatumWriter<T>(schema()).write(value, encoder);
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public T decode(InputStream in) throws IOException {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(BYTES.decode(in), null);
    return new SpecificDatumReader<T>(schema()).read(null, decoder);
  }

  private Schema schema() {
    if (schema == null) {
      schema = org.apache.avro.specific.SpecificData.get().getSchema(type);
    }
    return schema;
  }

  @Override
  public void verifyDeterministic() {} // no maps in the stored records

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordCoder<?> coder && coder.type == type;
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }
}
