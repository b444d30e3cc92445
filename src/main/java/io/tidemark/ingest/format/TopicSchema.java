package io.tidemark.ingest.format;

import io.tidemark.ingest.row.DecodeFailure;
import io.tidemark.ingest.row.InputException;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * How the values of a topic in Avro are to be read. Whether they have a header is said, not
 * guessed: a header may decode as a record's first fields, and then a value would be read as
 * another row than was written.
 *
 * @param json the schema of a record
 * @param header the schema id that the header before each record must name, {@link #ANY}, or {@link
 *     #NONE}: the values are bare records
 */
public record TopicSchema(String json, int header) implements Serializable {
  public static final int NONE = -1;
  static final int ANY = -2;

  /**
   * @param given the option and the URI, for messages
   * @param file null: values are JSON
   * @param id as the URI gives it, or null
   * @return null where values are JSON
   * @throws InputException with a message for the user
   */
  static TopicSchema of(String given, String file, String id) {
    if (file == null) {
      if (id != null) {
        throw new InputException(
            given + ": schema-id is of values in Avro; give their schema too: &schema=FILE.avsc");
      }
      return null;
    }
    return new TopicSchema(parsed(given, file).toString(), header(given, id));
  }

  private static int header(String given, String id) {
    if (id == null) {
      return NONE;
    }
    if (id.equals("any")) {
      return ANY;
    }
    if (id.matches("[0-9]{1,10}") && Long.parseLong(id) <= Integer.MAX_VALUE) {
      return Integer.parseInt(id);
    }
    throw new InputException(given + ": schema-id must be a number of the registry's, or any");
  }

  private static Schema parsed(String given, String file) {
    String where = given + ": schema=" + file + ": ";
    Optional<byte[]> text;
    try {
      text = OutputFiles.read(file);
    } catch (IOException e) {
      throw new InputException(where + "cannot be read: " + DecodeFailure.reason(e));
    }
    if (text.isEmpty()) {
      throw new InputException(where + "no such file");
    }
    Schema schema;
    try {
      schema = parsed(new String(text.get(), StandardCharsets.UTF_8));
    } catch (AvroRuntimeException e) {
      throw new InputException(where + "is no Avro schema: " + DecodeFailure.reason(e));
    }
    if (schema.getType() != Schema.Type.RECORD) {
      throw new InputException(
          where + "is of type " + schema.getType().getName() + "; a row is a record");
    }
    return schema;
  }

  private static Schema parsed(String json) {
    return new Schema.Parser().parse(json);
  }

  public Schema parsed() {
    return parsed(json);
  }
}
