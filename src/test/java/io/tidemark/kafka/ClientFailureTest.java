package io.tidemark.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ClientFailureTest {
  private static final ByteArraySerializer OUT = new ByteArraySerializer();
  private static final ByteArrayDeserializer IN = new ByteArrayDeserializer();
  private static final List<Function<Properties, Object>> READS =
      List.of(client -> new KafkaConsumer<>(client, IN, IN));
  private static final List<Function<Properties, Object>> WRITES =
      List.of(client -> new KafkaProducer<>(client, OUT, OUT));
  private static final List<Function<Properties, Object>> BOTH =
      List.of(READS.get(0), WRITES.get(0));
  private static final List<Function<Properties, Object>> ALL =
      List.of(READS.get(0), WRITES.get(0), Admin::create);

  /**
   * @param given {@code name=value|name=value}
   */
  private static void says(List<Function<Properties, Object>> clients, String given, String words) {
    Properties client = new Properties();
    client.put("bootstrap.servers", "localhost:1");
    for (String each : given.split("\\|")) {
      client.put(each.replaceFirst("=.*", ""), each.replaceFirst("[^=]*=", ""));
    }
    for (Function<Properties, Object> make : clients) {
      Throwable thrown = catchThrowable(() -> make.apply(client));
      assertThat(thrown).as(given).isNotNull();
      assertThat(ClientFailure.of(thrown, client)).startsWith(words).doesNotContain("SECRET");
    }
  }

  @Test
  void aWrongClass() {
    says(ALL, "metric.reporters=no.such.One", "metric.reporters: class no.such.One is not on the");
    says(
        ALL,
        "metric.reporters=java.lang.String",
        "metric.reporters: class java.lang.String is not");
    says(BOTH, "interceptor.classes=no.such.One", "interceptor.classes: class no.such.One is not");
    says(BOTH, "interceptor.classes=java.lang.String", "interceptor.classes: class java.lang.Str");
    says(
        READS, "partition.assignment.strategy=no.such.One", "partition.assignment.strategy: class");
    says(
        WRITES, "partitioner.class=no.such.One", "Invalid value no.such.One for configuration par");
    says(
        ALL,
        "config.providers=file|config.providers.file.class=java.lang.String",
        "config.providers.file.class: class java.lang.String is not of the kind that is wanted");
    says(
        ALL,
        "security.protocol=SSL|ssl.engine.factory.class=java.lang.String",
        "ssl.engine.factory.class: class java.lang.String is not of the kind that is wanted,"
            + " org.apache.kafka.common.security.auth.SslEngineFactory");
  }

  @Test
  void aWrongValueOrFile() {
    says(ALL, "security.protocol=NONE", "Invalid value NONE for configuration security.protocol");
    says(READS, "fetch.max.bytes=much", "Invalid value much for configuration fetch.max.bytes: N");
    says(
        ALL,
        "security.protocol=SSL|ssl.keystore.location=/no/such.jks|ssl.keystore.password=SECRET",
        "/no/such.jks: there is no such file");
  }

  @Test
  void aWrongLogin() {
    String sasl = "security.protocol=SASL_PLAINTEXT|sasl.mechanism=PLAIN|sasl.jaas.config=";
    String plain = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u";
    says(ALL, sasl + "no.such.Module required;", "No LoginModule found for no.such.Module");
    says(ALL, sasl + plain + " password=\"SECRET\";", "sasl.jaas.config cannot be read: it is");
    says(ALL, sasl + plain + "\" password=\"SECRET\"", "sasl.jaas.config cannot be read: it is");
    says(
        ALL,
        sasl + "java.lang.String required password=\"SECRET\";",
        "sasl.jaas.config: class java.lang.String is not of the kind");
    says(
        ALL,
        "security.protocol=SASL_SSL|sasl.mechanism=PLAIN",
        "sasl.jaas.config is missing: it is");
  }
}
