package io.tidemark.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.alerts.DeliveryException.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookTest {
  private static final byte[] BODY = "{\"what\":\"é\"}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private Receiver receiver;

  @BeforeEach
  void start() throws Exception {
    receiver = Receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private DeliveryException failure() {
    try (Sender sender = Destination.of(receiver.uri(), null).open()) {
      return Assertions.catchThrowableOfType(
          DeliveryException.class, () -> sender.send("id", BODY));
    }
  }

  @Test
  void signsTheBodyWithTheKey() throws Exception {
    // RFC 4231's second case is known to every implementation.
    Path key = Files.writeString(folder.resolve("key"), "Jefe");
    byte[] body = "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8);
    Destination destination = Destination.of(receiver.uri() + "?token=t", key.toString());
    destination.check();
    try (Sender sender = destination.open()) {
      sender.send("1f", body);
    }
    assertThat(receiver.requests())
        .containsExactly(
            new Receiver.Request(
                "POST",
                "application/json",
                "1f",
                "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                "what do ya want for nothing?",
                1));
  }

  @Test
  void signsNothingWithoutAKey() throws Exception {
    try (Sender sender = Destination.of(receiver.uri(), null).open()) {
      sender.send("1f", BODY);
    }
    assertThat(receiver.requests().get(0).signature()).isNull();
    assertThat(receiver.requests().get(0).body()).isEqualTo("{\"what\":\"é\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "200, ",
    "204, ",
    "302, REFUSED",
    "400, REFUSED",
    "401, REFUSED",
    "404, REFUSED",
    "429, BUSY",
    "500, BUSY",
    "503, BUSY"
  })
  void knowsWhatToTryAgain(int status, Kind kind) {
    receiver.answers(request -> status);
    DeliveryException failure = failure();
    assertThat(failure == null ? null : failure.kind()).isEqualTo(kind);
    if (kind != null) {
      assertThat(failure).hasMessage("answered " + status);
    }
    assertThat(receiver.requests()).hasSize(1); // redirects are not followed
  }

  @Test
  void hearsHowLongToWait() {
    receiver.answers(request -> 503);
    receiver.asksToWait("7");
    assertThat(failure().retryAfterMillis()).isEqualTo(7000);
    Instant until = Instant.now().plusSeconds(100);
    receiver.asksToWait(DateTimeFormatter.RFC_1123_DATE_TIME.format(until.atZone(ZoneOffset.UTC)));
    assertThat(failure().retryAfterMillis()).isBetween(90_000L, 100_000L);
    receiver.asksToWait("soon");
    assertThat(failure().retryAfterMillis()).isZero();
  }

  @Test
  void saysThatNobodyAnswers() throws Exception {
    receiver.close();
    DeliveryException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.SILENT);
    assertThat(failure).hasMessage("connection refused");
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Sender sender =
            Webhook.of("http://localhost:" + mute.getLocalPort(), null)
                .open(Duration.ofMillis(500))) {
      assertThatThrownBy(() -> sender.send("id", BODY)).hasMessage("no answer in time");
    }
  }

  @Test
  void waitsTwiceAsLongEachTimeAndAsAskedWithinBounds() {
    DeliveryException plain = new DeliveryException(Kind.BUSY, "", 0);
    Backoff backoff = Backoff.USUAL;
    assertThat(backoff.millis(1, plain)).isEqualTo(1000);
    assertThat(backoff.millis(5, plain)).isEqualTo(16_000);
    assertThat(backoff.millis(1000, plain)).isEqualTo(300_000);
    assertThat(backoff.millis(1, new DeliveryException(Kind.BUSY, "", 5000))).isEqualTo(5000);
    assertThat(backoff.millis(1, new DeliveryException(Kind.BUSY, "", 1L << 40))).isEqualTo(60_000);
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://h/x, --alerts: begins with neither kafka:// nor https://; give",
    "'', --alerts: begins with neither kafka:// nor https://; give",
    "https:///secret, --alerts: the address names no host; give https://host/path",
    "https://h:0/secret, --alerts: the address names no host; give https://host/path",
    "https://u:secret@h/, '--alerts: the address may have no user and no ''#''; give'",
    "https://h/secret#x, '--alerts: the address may have no user and no ''#''; give'",
    "https://h/sec ret, --alerts: not readable as an address (Illegal character in path)",
    "kafka://h/t, '--alerts=kafka://h/t: give kafka://host:port/topic, with'",
    "kafka://h:1/t?until=latest, '''until'' is none of properties=FILE'"
  })
  void saysWhatIsWrong(String uri, String message) {
    assertThatThrownBy(() -> Destination.of(uri, null))
        .isInstanceOf(AlertsException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret");
  }

  @Test
  void checksKeyAndReceiverBeforehand() throws Exception {
    String uri = receiver.uri();
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> Destination.of(uri, folder + "/none").check())
        .isInstanceOf(AlertsException.class)
        .hasMessageEndingWith("/none: no such file");
    assertThatThrownBy(() -> Destination.of(uri, empty.toString()).check())
        .hasMessageEndingWith("/empty: the file is empty");
    assertThatThrownBy(() -> Destination.of("kafka://h:1/t", empty.toString()))
        .hasMessageStartingWith("--alerts-key: signs what a webhook gets");
    receiver.close();
    assertThatThrownBy(() -> Destination.of(uri, null).check())
        .isInstanceOf(AlertsException.class)
        .hasMessageContaining("nobody answers at http://localhost:")
        .hasMessageContaining("(connection refused)")
        .hasMessageNotContaining("hook");
    assertThatThrownBy(() -> Destination.of("http://nobody.invalid/", null).check())
        .hasMessageContaining("(unknown host)");
    assertThat(receiver.requests()).isEmpty();
  }
}
