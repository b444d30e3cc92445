package io.tidemark.profile;

import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedSet;
import java.util.TreeSet;

/** The different words of a column while they are few: the first of them in their order. */
final class WordSet {
  private static final int MOST = 64;

  private final TreeSet<String> words = new TreeSet<>();
  private boolean more;
  private String last;

  void add(String word) {
    if (word == null || word.equals(last)) {
      return;
    }
    last = word;
    if (words.add(word) && words.size() > MOST) {
      words.pollLast();
      more = true;
    }
  }

  void merge(WordSet other) {
    more |= other.more;
    other.words.forEach(this::add);
    last = null;
  }

  SortedSet<String> words() {
    return words;
  }

  /** Whether there were others. */
  boolean more() {
    return more;
  }

  void write(DataOutput out) throws IOException {
    Varint.write(words.size() << 1 | (more ? 1 : 0), out);
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      Varint.write(bytes.length, out);
      out.write(bytes);
    }
  }

  static WordSet read(DataInput in) throws IOException {
    WordSet set = new WordSet();
    int header = Varint.readInt(2 * MOST + 1, in);
    set.more = (header & 1) == 1;
    for (int i = 0; i < header >> 1; i++) {
      byte[] bytes = new byte[Varint.readInt(Integer.MAX_VALUE, in)];
      in.readFully(bytes);
      set.words.add(new String(bytes, StandardCharsets.UTF_8));
    }
    return set;
  }
}
