package io.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.schema.CellChange;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.Mover;
import io.tidemark.schema.Place;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A finding as checkpoints hold it, and as later runs and receivers of alerts read it. */
class StoredFormsTest {
  private static final Instant DAY = Instant.parse("2024-01-01T00:00:00Z");

  private static Finding finding() {
    return Finding.newBuilder()
        .setId("i")
        .setModel("m")
        .setModelVersion("")
        .setWindowStart(DAY)
        .setWindowEnd(DAY.plusSeconds(3600))
        .setRevision(300)
        .setComplete(true)
        .setSegment("c=é")
        .setKind(FindingKind.concept_drift)
        .setSubject("x")
        .setMethod("ddm")
        .setValue(.5)
        .setNBaseline(1)
        .setNWindow(2)
        .setAlarm(true)
        .setExceeded(true)
        .setReason("because")
        .setTopMovers(List.of(new Mover("b", .25, .75)))
        .setAt(new Place(DAY.plusNanos(1000), "id", 7L))
        .setTopCells(List.of(new CellChange("c", .5, .5, null, 1.0, 0.0, -1.0)))
        .build();
  }

  @Test
  void findingInState() throws IOException {
    Finding read =
        Golden.holds(
            RecordCoder.of(Finding.class),
            finding(),
            """
            91010269026d0080808982e2f586068090a6ebfcf58606d8040108633dc3a91202780664646d0200
            0000000000e03f0000000000020401010e62656361757365020262000000000000d03f0000000000
            00e83f000282808982e2f58606020469640e000000020263000000000000e03f000000000000e03f
            0002000000000000f03f0000000000000000000000000000f0bf00\
            """);
    assertThat(read).isEqualTo(finding());
  }

  @Test
  void aLineIsReadAsItWasWritten() throws IOException {
    assertThat(JsonLines.read(JsonLines.line(finding()), Finding.class)).isEqualTo(finding());
  }

  @Test
  void findingAsALine() {
    assertThat(JsonLines.line(finding()))
        .isEqualTo(
            """
            {"id":"i","model":"m","model_version":"","window_start":"2024-01-01T00:00:00\
            Z","window_end":"2024-01-01T01:00:00Z","revision":300,"complete":true,"segme\
            nt":"c=é","kind":"concept_drift","subject":"x","method":"ddm","value":0.5,"l\
            ower_threshold":null,"threshold":null,"effect":null,"p_value":null,"adjusted\
            _p":null,"n_baseline":1,"n_window":2,"alarm":true,"exceeded":true,"reason":"\
            because","top_movers":[{"bin":"b","baseline":0.25,"window":0.75}],"at":{"tim\
            e":"2024-01-01T00:00:00.000001Z","id":"id","index":7},"change":null,"change_\
            by_inputs":null,"change_by_relation":null,"top_cells":[{"cell":"c","baseline\
            ":0.5,"window":0.5,"baseline_error":null,"window_error":1.0,"by_inputs":0.0,\
            "by_relation":-1.0}]}\
            """);
  }
}
