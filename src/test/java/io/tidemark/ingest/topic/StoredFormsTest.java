package io.tidemark.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.event.InferenceEvent;
import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;

/** What checkpoints hold of what a topic gave; of its reader, see TopicMarkTest. */
class StoredFormsTest {
  private static final InferenceEvent ROW =
      new InferenceEvent(
          "a", 1, "", new double[] {.5}, new String[] {"b"}, null, new String[] {null});
  private static final StateShape SHAPE =
      new StateShape(new TreeMap<>(Map.of("task", "binary", "window.size", "PT1H")));

  @Test
  void rowsOfAPoll() throws IOException {
    DeadLetter letter = new DeadLetter("late", "why", "kafka://host/t-1", 3L, "{}", null);
    StreamRows rows =
        new StreamRows(
            new TreeMap<>(Map.of("m", List.of(ROW))),
            List.of(),
            List.of(KV.of("m", letter)),
            new TreeMap<>(Map.of("m", 2L)),
            3);
    StreamRows read =
        Golden.holds(
            new StreamRows.RowsCoder(),
            rows,
            """
            00000001016d000000010261000000000000000101013fe000000000000001026200010000000000
            0000000001016d20086c61746506776879206b61666b613a2f2f686f73742f742d310602047b7d00
            00000001016d0203\
            """);
    Golden.same(read, rows);
    List<InferenceEvent> events =
        Golden.holds(
            new StreamRows.EventsCoder(),
            List.of(ROW),
            """
            000000010261000000000000000101013fe000000000000001026200010000\
            """);
    Golden.same(events, List.of(ROW));
  }

  /** The source is in savepoints, too, and the job that goes on reads with it. */
  @Test
  void sourceOfATopic() throws IOException {
    KafkaStream source =
        new KafkaStream(
            new TreeMap<>(Map.of("m", SHAPE)), "events", new byte[] {1}, "key 1", 4, 1, 2);
    KafkaStream read =
        Golden.holds(
            SerializableCoder.of(KafkaStream.class),
            source,
            """
            aced000573720024696f2e746964656d61726b2e696e676573742e746f7069632e4b61666b615374
            7265616d0000000000000003020007490005696e64657849000a706172746974696f6e7349000772
            6561646572735b00036b65797400025b424c00076b65794e616d657400124c6a6176612f6c616e67
            2f537472696e673b4c00046e616d6571007e00024c00067368617065737400134c6a6176612f7574
            696c2f547265654d61703b787200266f72672e6170616368652e6265616d2e73646b2e696f2e556e
            626f756e646564536f75726365b04e00a99b2fed770200007872001d6f72672e6170616368652e62
            65616d2e73646b2e696f2e536f75726365108bfa10598ce7d3020000787000000001000000040000
            0002757200025b42acf317f8060854e0020000787000000001017400056b65792031740006657665
            6e7473737200116a6176612e7574696c2e547265654d61700cc1f63e2d256ae60300014c000a636f
            6d70617261746f727400164c6a6176612f7574696c2f436f6d70617261746f723b78707077040000
            00017400016d73720023696f2e746964656d61726b2e696e676573742e746f7069632e5374617465
            536861706500000000000000010200014c0005706172747371007e000378707371007e000b707704
            000000027400047461736b74000662696e61727974000b77696e646f772e73697a65740004505431
            487878\
            """);
    Golden.same(read, source);
  }

  /** {@code jobs/M.json}. */
  @Test
  void shapeOfAJob() {
    String json =
        """
        {
          "check" : "da803859cce4f81d",
          "task" : "binary",
          "window.size" : "PT1H"
        }
        """;
    assertThat(SHAPE.json()).isEqualTo(json);
    assertThat(StateShape.ofJson(json)).isEqualTo(SHAPE);
  }
}
