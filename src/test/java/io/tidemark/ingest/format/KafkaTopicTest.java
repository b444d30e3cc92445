package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.scan.KafkaPlan;
import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaTopicTest {
  @TempDir Path folder;

  @Test
  void readsServersTopicAndParameters() {
    KafkaTopic plain = KafkaTopic.of("--events", "kafka://h:9092/my.topic_1-x");
    assertThat(plain)
        .isEqualTo(
            new KafkaTopic(
                "h:9092", "my.topic_1-x", "", null, false, Duration.ofSeconds(10), null, false));
    String uri =
        "kafka://a:1,[::1]:2/t?properties=/etc/k=1.properties&until=latest&delay=PT0S&idle=PT1M&lost=skip";
    KafkaTopic full = KafkaTopic.of("--events", uri.replace("[::1]", "b"));
    assertThat(full)
        .isEqualTo(
            new KafkaTopic(
                "a:1,b:2",
                "t",
                "/etc/k=1.properties",
                null,
                true,
                Duration.ZERO,
                Duration.ofMinutes(1),
                true));
    assertThat(full.shown()).isEqualTo("kafka://a:1,b:2/t");
  }

  @ParameterizedTest
  @CsvSource({
    "kafka://h:9092, give kafka://host:port/topic",
    "kafka://h:9092/, give kafka://host:port/topic",
    "kafka:///t, give kafka://host:port/topic",
    "kafka://h/t, give kafka://host:port/topic",
    "kafka://user:secret@h:1/t, give kafka://host:port/topic",
    "kafka://h:1/a/b, is no name of a topic",
    "kafka://h:1/a b, is no name of a topic",
    "kafka://h:1/t?until=now, must be until=latest",
    "kafka://h:1/t?until=latest&until=latest, names until twice",
    "kafka://h:1/t?password=secret, is none of until=latest",
    "kafka://h:1/t?properties=, is none of until=latest",
    "kafka://h:1/t?delay=5, delay must be a duration such as PT10S",
    "kafka://h:1/t?delay=-PT1S, delay must be a duration such as PT10S",
    "kafka://h:1/t?idle=soon, idle must be a duration such as PT10S",
    "kafka://h:1/t?lost=keep, must be lost=skip",
    "kafka://h:1/t?until, is none of until=latest",
    "kafka://h:1/t?schema-id=3, schema-id is of values in Avro",
    "kafka://h:1/t?schema=no-such.avsc, 'schema=no-such.avsc: no such file'",
    "kafka://h:1/t?schema=schemas/dead_letter.avsc&schema-id=x, must be a number",
    "kafka://h:1/t?schema=schemas/dead_letter.avsc&schema-id=2147483648, must be a number"
  })
  void saysWhatIsWrong(String uri, String message) {
    assertThatThrownBy(() -> KafkaTopic.of("--events", uri))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--events=" + uri.replaceAll("user:secret|secret:?", "..."))
        .hasMessageNotContaining("secret")
        .hasMessageContaining(message);
  }

  @Test
  void holdsTheSchemaItself() throws Exception {
    Path file = folder.resolve("row.avsc");
    Files.writeString(file, "{'type': 'record', 'name': 'R', 'fields': []}".replace('\'', '"'));
    String uri = "kafka://h:1/t?schema=" + file;
    KafkaTopic bare = KafkaTopic.of("--events", uri);
    KafkaTopic any = KafkaTopic.of("--events", uri + "&schema-id=any");
    KafkaTopic seven = KafkaTopic.of("--events", uri + "&schema-id=7");
    Files.delete(file);
    assertThat(bare.schema().parsed().getName()).isEqualTo("R");
    assertThat(bare.schema().header()).isEqualTo(TopicSchema.NONE);
    assertThat(any.schema().header()).isEqualTo(TopicSchema.ANY);
    assertThat(seven.schema().header()).isEqualTo(7);
    assertThat(seven.shown()).isEqualTo("kafka://h:1/t");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"string\"', is of type string; a row is a record",
    "{, is no Avro schema: ",
    "'', is no Avro schema: ",
    "'{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"f\", \"type\": \"X\"}]}', "
        + "is no Avro schema: "
  })
  void saysWhatIsWrongWithASchema(String text, String message) throws Exception {
    Path file = Files.writeString(folder.resolve("row.avsc"), text);
    assertThatThrownBy(() -> KafkaTopic.of("--events", "kafka://h:1/t?schema=" + file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("?schema=" + file + ": schema=" + file + ": " + message);
  }

  @Test
  void specAndUriAreToSayTheSame() throws Exception {
    Path file = folder.resolve("row.avsc");
    Files.writeString(
        file,
        "{'type': 'record', 'name': 'R', 'fields': [{'name': 't', 'type': 'long'}]}"
            .replace('\'', '"'));
    MonitoringSpec spec =
        SpecReader.read(
            "test",
            """
            model: m
            task: binary
            events: {time: t, prediction: {score: p, positive: 1}}
            features: {n: numeric}
            window: {size: P1D}
            """);
    EventColumns all = EventColumns.all(spec);
    KafkaTopic json = KafkaTopic.of("--events", "kafka://h:1/t");
    KafkaTopic avro = KafkaTopic.of("--events", "kafka://h:1/t?schema=" + file);
    assertThat(KafkaPlan.check(json, null, all)).isEmpty();
    assertThat(KafkaPlan.check(json, Format.JSONL, all)).isEmpty();
    refused(
        json, Format.AVRO, all, "the spec says avro, and values in Avro need their schema: add");
    refused(json, Format.CSV, all, "JSON, or Avro with &schema=FILE.avsc, and the spec says csv");
    refused(avro, Format.JSONL, all, "values with schema=FILE are Avro, and the spec says jsonl;");
    refused(avro, null, all, "kafka://h:1/t: lacks p; it has t");
    assertThat(KafkaPlan.check(avro, Format.AVRO, EventColumns.keysOnly(spec))).isEmpty();
  }

  private static void refused(
      KafkaTopic topic, Format declared, EventColumns columns, String message) {
    assertThatThrownBy(() -> KafkaPlan.check(topic, declared, columns))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("kafka://h:1/t: ")
        .hasMessageContaining(message);
  }

  @Test
  void takesClientPropertiesFromAFile() throws Exception {
    Path file = folder.resolve("client.properties");
    String uri = "kafka://localhost:1/t?properties=" + file;
    assertThatThrownBy(() -> KafkaTopic.of("--events", uri).consumer())
        .hasMessageContaining("not readable as a file of properties");
    Files.writeString(file, "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n");
    assertThatThrownBy(() -> KafkaTopic.of("--events", uri).consumer())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no client can be made: ");
    Files.writeString(file, "client.id=tidemark-test\n");
    KafkaTopic.of("--events", uri).consumer().close();
  }
}
