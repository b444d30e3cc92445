package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stats.Hash128;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowHashTest {
  @Test
  void copiesAreOfOneIdVersionAndWindow() {
    Set<Hash128> keys = new HashSet<>();
    int rows = 0;
    for (String id : List.of("a", "b", "Aa", "BB")) {
      for (String version : List.of("", "1", "Aa", "BB", "AaAa", "BBBB")) { // alike to hashCode()
        for (long window : new long[] {0, 1, 3_600_000_000L}) {
          Hash128 ofVersion = RowHash.ofVersion(version);
          Hash128 key = RowHash.copyKey(RowHash.ofId(id), ofVersion, window);
          assertThat(key).isEqualTo(RowHash.copyKey(RowHash.ofId(id), ofVersion, window));
          keys.add(key);
          rows++;
        }
      }
    }
    assertThat(keys).hasSize(rows);
    assertThat(keys.stream().map(Hash128::high).distinct()).hasSize(rows);
    assertThat(keys.stream().map(Hash128::low).distinct()).hasSize(rows);
  }

  @Test
  void rememberedVersionsAreThoseAskedFor() {
    VersionHash versions = new VersionHash();
    for (String version : List.of("", "Aa", "BB", "Aa", "Aa", "")) {
      assertThat(versions.of(version)).isEqualTo(RowHash.ofVersion(version));
    }
  }
}
