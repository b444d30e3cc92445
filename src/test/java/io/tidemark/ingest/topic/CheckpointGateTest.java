package io.tidemark.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckpointGateTest {
  private final CheckpointGate gate = new CheckpointGate();

  @Test
  void holdsUntilTheCheckpointIsComplete() {
    gate.complete(gate.take());
    long second = gate.take();
    assertThat(gate.hold(Set.of(3))).isTrue();
    assertThat(gate.release()).isEmpty();
    gate.complete(second);
    assertThat(gate.release()).containsExactly(3);
    assertThat(gate.release()).isEmpty();
  }

  @Test
  void theSameOnesDoNotWaitForALaterCheckpoint() {
    long first = gate.take();
    gate.hold(Set.of(1));
    gate.take();
    assertThat(gate.hold(Set.of(1))).isFalse();
    gate.complete(first);
    assertThat(gate.release()).containsExactly(1);
  }

  @Test
  void oneMoreLetsAllWaitForIt() {
    long first = gate.take();
    gate.hold(Set.of(1));
    long second = gate.take();
    assertThat(gate.hold(Set.of(1, 2))).isTrue();
    gate.complete(first);
    assertThat(gate.release()).isEmpty();
    gate.complete(second);
    assertThat(gate.release()).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void aLaterCheckpointHoldsWhatAnEarlierDecidedAndTheEndsMayComeInAnyOrder() {
    long first = gate.take();
    gate.hold(Set.of(1));
    gate.complete(gate.take());
    gate.complete(first);
    assertThat(gate.release()).containsExactly(1);
  }
}
