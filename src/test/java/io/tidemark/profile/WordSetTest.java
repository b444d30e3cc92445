package io.tidemark.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordSetTest {
  @Test
  void isOrderFree() throws Exception {
    Random random = new Random(1);
    for (int size : new int[] {0, 1, 64, 65, 500}) {
      List<String> words = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        words.add("w" + i);
      }
      WordSet expected = new WordSet();
      words.forEach(expected::add);
      assertThat(expected.more()).isEqualTo(size > 64);
      Collections.shuffle(words, random);
      WordSet one = new WordSet();
      WordSet other = new WordSet();
      for (String word : words) {
        (random.nextBoolean() ? one : other).add(word);
      }
      one.merge(read(other));
      assertThat(one.words()).isEqualTo(expected.words());
      assertThat(one.more()).isEqualTo(expected.more());
    }
  }

  private static WordSet read(WordSet set) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    set.write(new DataOutputStream(bytes));
    return WordSet.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }
}
