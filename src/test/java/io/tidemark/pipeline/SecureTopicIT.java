package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cli.SpecFiles;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.spec.MonitoringSpec;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that asks for TLS and a password; and that the password gets nowhere. */
class SecureTopicIT {
  private static final String PASSWORD = "open-sesame-4711";
  private static final String STORE_PASSWORD = "of-the-store-0815";

  @TempDir static Path folder;
  private static Path place;
  private static int sasl;
  private static Log log;

  @BeforeAll
  static void start() throws Exception {
    place = folder.resolve("kafka");
    int plain = Servers.port();
    sasl = Servers.port();
    int tls = sasl + 1;
    keys("broker");
    keys("stranger");
    Path added =
        properties(
            "broker",
            "listeners=PLAINTEXT://localhost:%d,CONTROLLER://localhost:%d"
                    .formatted(plain, plain + 1)
                + ",SASL_SSL://localhost:%d,SSL://localhost:%d".formatted(sasl, tls),
            "advertised.listeners=PLAINTEXT://localhost:%d".formatted(plain)
                + ",SASL_SSL://localhost:%d,SSL://localhost:%d".formatted(sasl, tls),
            "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"
                + ",SASL_SSL:SASL_SSL,SSL:SSL",
            "sasl.enabled.mechanisms=PLAIN",
            "listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule"
                + " required user_tidemark=\""
                + PASSWORD
                + "\";",
            "ssl.keystore.type=PKCS12",
            "ssl.keystore.location=" + folder.resolve("broker.p12"),
            "ssl.keystore.password=" + STORE_PASSWORD);
    String broker =
        Servers.broker(
            place,
            Map.of(
                "TIDEMARK_KAFKA_PORT", Integer.toString(plain),
                "TIDEMARK_KAFKA_PROPERTIES", added.toString()));
    log = Log.simulate(folder.resolve("log"), "jsonl", 3000);
    Servers.script(Map.of(), "kafka", "topic", "events", "2", place.toString());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (Path file : Cli.files(log.events())) {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        byte[] value = line.getBytes(StandardCharsets.ISO_8859_1);
        records.add(new ProducerRecord<>("events", records.size() % 2, null, value));
      }
    }
    Servers.send(broker, records);
  }

  @AfterAll
  static void stop() throws Exception {
    Servers.stopBroker(place);
  }

  /** A key pair, and a store of its certificate for those who are to trust it. */
  private static void keys(String name) throws Exception {
    Path own = folder.resolve(name + ".p12");
    Path certificate = folder.resolve(name + ".pem");
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "RSA",
        "-dname",
        "CN=" + name,
        "-ext",
        "SAN=dns:localhost",
        "-validity",
        "2",
        "-keystore",
        own.toString());
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        name,
        "-file",
        certificate.toString(),
        "-keystore",
        own.toString());
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        name,
        "-file",
        certificate.toString(),
        "-keystore",
        folder.resolve(name + "-trusted.p12").toString());
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
    command.add("-J-XX:TieredStopAtLevel=1");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static Path properties(String name, String... lines) throws Exception {
    return Files.write(folder.resolve(name + ".properties"), List.of(lines));
  }

  private static Path trusting(String name, String whom, String... more) throws Exception {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "ssl.truststore.type=PKCS12",
                "ssl.truststore.location=" + folder.resolve(whom + "-trusted.p12"),
                "ssl.truststore.password=" + STORE_PASSWORD,
                "default.api.timeout.ms=15000",
                "request.timeout.ms=10000"));
    lines.addAll(List.of(more));
    return properties(name, lines.toArray(new String[0]));
  }

  private static String[] login(String credentials) {
    return new String[] {
      "security.protocol=SASL_SSL",
      "sasl.mechanism=PLAIN",
      "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required "
          + credentials
    };
  }

  private static String uri(int port, Path properties) {
    return "kafka://localhost:" + port + "/events?until=latest&properties=" + properties;
  }

  private static Cli.Result monitor(String events, Path output) {
    return Cli.run(
        "monitor",
        "--spec=" + log.spec,
        "--events=" + events,
        "--baseline=" + log.baseline,
        "--output=" + output);
  }

  private static void assertKeptSecret(String text) {
    assertThat(text).doesNotContain(PASSWORD, "sesame", STORE_PASSWORD);
  }

  private static void assertKeptSecret(Path output) throws Exception {
    assertThat(Cli.files(output)).isNotEmpty();
    for (Path file : Cli.files(output)) {
      assertKeptSecret(Files.readString(file, StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void readsWhatALoginOpensAndKeepsThePasswordToItself() throws Exception {
    Path right =
        trusting("right", "broker", login("username=\"tidemark\" password=\"" + PASSWORD + "\";"));
    Path files = folder.resolve("of-files");
    assertThat(log.monitor(log.events(), files).code()).isZero();
    Path run = folder.resolve("of-topic");
    Cli.Result result = monitor(uri(sasl, right), run);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(Log.results(run, "dead-letters")).isEqualTo(Log.results(files, "dead-letters"));
    assertKeptSecret(result.out() + result.err());
    assertKeptSecret(run);

    // What the job itself carries to its workers.
    MonitoringSpec spec = SpecFiles.one(log.spec.toString());
    ByteArrayOutputStream job = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(job)) {
      out.writeObject(new ArrayList<>(EventFiles.plan(uri(sasl, right), spec).splits()));
    }
    String carried = job.toString(StandardCharsets.ISO_8859_1);
    assertThat(carried).contains("right.properties");
    assertKeptSecret(carried);
  }

  @Test
  void aTalkativeLogOnFlinkDoesNotHoldThePassword() throws Exception {
    Path right =
        trusting("logged", "broker", login("username=\"tidemark\" password=\"" + PASSWORD + "\";"));
    // What the log holds of the broker does not depend on what is done with the rows.
    Path spec =
        Files.writeString(
            folder.resolve("logged.yaml"),
            Files.readString(log.spec).replaceAll("segments: .*|snapshot: .*", "")
                + "snapshot: off\nslices: off\nlabel_issues: off\n");
    Path run = folder.resolve("of-logged");
    Path said = folder.resolve("said.log");
    Process monitor =
        Servers.tidemark(
            said,
            Map.of("TIDEMARK_LOG", "debug"),
            List.of(
                "monitor",
                "--spec=" + spec,
                "--events=" + uri(sasl, right),
                "--baseline=" + log.baseline,
                "--output=" + run,
                "--runner=FlinkRunner",
                "--parallelism=1"));
    int code = monitor.waitFor();
    String text = Files.readString(said, StandardCharsets.ISO_8859_1);
    assertThat(code).as(() -> text.substring(Math.max(0, text.length() - 5000))).isZero();
    assertThat(text).contains("sasl.jaas.config = [hidden]");
    assertKeptSecret(text);
    assertKeptSecret(run);
  }

  @Test
  void tlsAloneNeedsNoLogin() throws Exception {
    Path trusting = trusting("tls", "broker", "security.protocol=SSL");
    Cli.Result result = monitor(uri(sasl + 1, trusting), folder.resolve("of-tls"));
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void saysWhatIsWrongAndNotThePassword() throws Exception {
    refused(
        trusting("wrong", "broker", login("username=\"tidemark\" password=\"sesame-closed\";")),
        "Authentication failed: Invalid username or password");
    refused(
        trusting(
            "strange", "stranger", login("username=\"tidemark\" password=\"" + PASSWORD + "\";")),
        "unable to find valid certification path");
    refused(
        trusting("unquoted", "broker", login("username=tidemark password=open sesame;")),
        "sasl.jaas.config cannot be read");
    refused(
        trusting("unended", "broker", login("username=tidemark password=\"" + PASSWORD + "\"")),
        "sasl.jaas.config cannot be read");
    refused(
        trusting("plain", "broker", "default.api.timeout.ms=3000", "request.timeout.ms=2000"),
        "no broker answers; see that it runs and what properties it");
    refused(
        properties("nostore", "security.protocol=SSL", "ssl.truststore.location=no-such.p12"),
        "no-such.p12");
    refused(folder.resolve("no-such.properties"), "not readable as a file of properties");
  }

  private static void refused(Path properties, String message) throws Exception {
    Path output = folder.resolve("refused");
    Cli.Result result = monitor(uri(sasl, properties), output);
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err())
        .contains("kafka://localhost:" + sasl + "/events: ", message)
        .doesNotContain("\tat ");
    assertKeptSecret(result.out() + result.err());
    assertThat(output).doesNotExist();
  }
}
