package io.tidemark.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is sent without anything depending on it. */
class MessengerTest {
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final Backoff NONE = new Backoff(1, 1, 3);

  private static Messenger to(Receiver receiver) {
    return Messenger.to(Destination.ofLineage(receiver.uri()), NONE);
  }

  @Test
  void triesAgainWhereThatMayHelp() throws Exception {
    try (Receiver receiver = Receiver.start();
        Messenger messenger = to(receiver)) {
      receiver.answers(request -> request.attempt() < 3 ? 503 : 200);
      assertThat(messenger.sendOnce("a", BODY)).contains("answered 503");
      assertThat(messenger.send("a", BODY)).isEmpty();
      assertThat(receiver.requests()).hasSize(3);
      assertThat(receiver.requests().get(0).type()).isEqualTo("application/json");
      assertThat(receiver.requests().get(0).signature()).isNull();
      receiver.answers(request -> 401);
      assertThat(messenger.send("a", BODY)).contains("answered 401");
      assertThat(receiver.requests()).hasSize(4);
    }
  }

  @Test
  void nobodyThereCostsOnePatience() throws Exception {
    try (Receiver receiver = Receiver.start();
        Messenger messenger = to(receiver)) {
      receiver.close();
      assertThat(messenger.send("a", BODY)).contains("connection refused");
      assertThat(messenger.send("b", BODY)).contains("not tried after others: connection refused");
    }
  }

  @Test
  void saysWhatIsWrongWithAnAddress() {
    for (String uri : new String[] {"kafka://h:1/t", "file:///x", "https://u:secret@h/"}) {
      assertThatThrownBy(() -> Destination.ofLineage(uri))
          .isInstanceOf(AlertsException.class)
          .hasMessageStartingWith("--lineage: ")
          .hasMessageNotContaining("secret")
          .hasMessageNotContaining("--alerts");
    }
  }
}
