package io.tidemark.retrain;

import io.tidemark.Golden;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a checkpoint holds of a model that is to be trained again, until that is an alert. */
class StoredFormsTest {
  @Test
  void trigger() throws IOException {
    Trigger trigger = new Trigger("é", -1, 86_400_000_000L, 300, "i-1", "{\"kind\":\"retrain\"}");
    Golden.same(
        Golden.holds(
            new Trigger.TriggerCoder(),
            trigger,
            """
            02c3a9 ffffffffffffffffff01 80c0ddeec102 ac02 03692d31
            127b226b696e64223a227265747261696e227d\
            """),
        trigger);
  }
}
