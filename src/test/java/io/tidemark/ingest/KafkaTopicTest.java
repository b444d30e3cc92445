package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        .isEqualTo(new KafkaTopic("h:9092", "my.topic_1-x", "", false, Duration.ofSeconds(10)));
    String uri = "kafka://a:1,[::1]:2/t?properties=/etc/k=1.properties&until=latest&delay=PT0S";
    KafkaTopic full = KafkaTopic.of("--events", uri.replace("[::1]", "b"));
    assertThat(full)
        .isEqualTo(new KafkaTopic("a:1,b:2", "t", "/etc/k=1.properties", true, Duration.ZERO));
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
    "kafka://h:1/t?until, is none of until=latest"
  })
  void saysWhatIsWrong(String uri, String message) {
    assertThatThrownBy(() -> KafkaTopic.of("--events", uri))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--events=" + uri + ": ")
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
