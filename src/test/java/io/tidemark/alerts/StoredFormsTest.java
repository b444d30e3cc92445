package io.tidemark.alerts;

import io.tidemark.Golden;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a job's state holds of alerts until a receiver has taken them. */
class StoredFormsTest {
  @Test
  void alert() throws IOException {
    Alert alert = new Alert("i-1", "m", -1, 86_400_000_000L, 300, "drift of é", "{\"id\":\"i-1\"}");
    Golden.same(
        Golden.holds(
            new Alert.AlertCoder(),
            alert,
            """
            03692d31 016d ffffffffffffffffff01 80c0ddeec102 ac02 0b6472696674206f6620c3a9
            0c7b226964223a22692d31227d\
            """),
        alert);
  }
}
