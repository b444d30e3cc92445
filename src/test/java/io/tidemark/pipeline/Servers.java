package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Runs the scripts that start servers. */
final class Servers {
  private Servers() {}

  /** What a script says on its standard output; it must end well. */
  static String script(Map<String, String> environment, String name, String... arguments)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(Path.of("scripts", name).toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().keySet().removeIf(each -> each.startsWith("TIDEMARK_"));
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as(name + " " + String.join(" ", arguments) + "\n" + said)
        .isZero();
    return said.strip();
  }

  /** Starts a broker with what it holds in a folder; its address. */
  static String broker(Path folder) throws Exception {
    Map<String, String> port = Map.of("TIDEMARK_KAFKA_PORT", Integer.toString(port()));
    return script(port, "kafka", "start", folder.toString());
  }

  static void topic(Path broker, String name, int partitions) throws Exception {
    String count = Integer.toString(partitions);
    script(Map.of(), "kafka", "topic", name, count, broker.toString());
  }

  /** For a topic of a broker that asks for no login. */
  static KafkaProducer<byte[], byte[]> producer(String broker) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static void stopBroker(Path folder) throws Exception {
    script(Map.of(), "kafka", "stop", folder.toString());
  }

  /**
   * Starts a cluster of two processes; its address.
   *
   * @param metricsPort of the JobManager; the next is the TaskManager's
   */
  static String cluster(Path folder, int metricsPort) throws Exception {
    Map<String, String> ports =
        Map.of(
            "TIDEMARK_FLINK_PORT", Integer.toString(port()),
            "TIDEMARK_FLINK_METRICS_PORT", Integer.toString(metricsPort));
    return script(ports, "flink-cluster", "start", folder.toString());
  }

  static void stopCluster(Path folder) throws Exception {
    script(Map.of(), "flink-cluster", "stop", folder.toString());
  }

  /** A port that is free, as the next is. */
  static int port() throws IOException {
    while (true) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket next =
              new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
        return next.getLocalPort() - 1;
      } catch (IOException | IllegalArgumentException e) {
        // the next port is taken
      }
    }
  }

  /**
   * Waits for something, ten minutes at most.
   *
   * @param log shown where it does not come
   */
  static void until(Path log, Callable<Boolean> done) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
    while (!done.call()) {
      assertThat(System.nanoTime()).as(() -> text(log)).isLessThan(end);
      Thread.sleep(250);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
