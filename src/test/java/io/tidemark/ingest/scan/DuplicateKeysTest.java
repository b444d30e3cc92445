package io.tidemark.ingest.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stats.Hash128;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuplicateKeysTest {
  private static Hash128 key(long word) {
    return new Hash128(word * 31, word);
  }

  private static DuplicateKeys of(List<Long> words) {
    DuplicateKeys keys = new DuplicateKeys();
    words.forEach(word -> keys.add(key(word)));
    return keys;
  }

  /** Few and many, so that they are looked at in one bucket and in several. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 5000, 100_000})
  void findsWhatCameMoreThanOnce(int count) {
    Random random = new Random(7);
    List<Long> words = new ArrayList<>(List.of(0L, -1L, Long.MIN_VALUE));
    Map<Long, Integer> times = new HashMap<>();
    for (int i = 0; i < count; i++) {
      words.add(random.nextInt(4) > 0 ? random.nextLong() : words.get(random.nextInt(i + 3)));
    }
    words.forEach(word -> times.merge(word, 1, Integer::sum));
    DuplicateKeys all = new DuplicateKeys();
    all.add(of(words.subList(0, words.size() / 2)).packed());
    all.add(of(words.subList(words.size() / 2, words.size())).packed());
    DuplicateKeys repeated = all.repeated();
    DuplicateKeys.Lookup lookup = DuplicateKeys.Lookup.of(repeated.packed());
    long several = times.values().stream().filter(n -> n > 1).count();
    assertThat(repeated.size()).isEqualTo((int) several);
    times.forEach((word, n) -> assertThat(lookup.contains(key(word))).isEqualTo(n > 1));
  }

  @Test
  void everyRowMayHaveCopies() {
    List<Long> words = new ArrayList<>();
    for (long i = 0; i < 20_000; i++) {
      words.add(Hash128.finish(i % 5000));
    }
    assertThat(of(words).repeated().size()).isEqualTo(5000);
  }
}
