package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What every mergeable state promises: the same rows give the same bytes, in whatever order, split
 * into whatever parts, merged in whatever tree, with or without a trip through its encoding.
 */
public record MergeLaws<S, R>(
    Supplier<S> empty,
    BiConsumer<S, R> add,
    BiConsumer<S, S> merge,
    Writer<S> write,
    Reader<S> read) {

  public interface Writer<S> {
    void write(S state, DataOutput out) throws IOException;
  }

  public interface Reader<S> {
    S read(DataInput in) throws IOException;
  }

  public void hold(List<R> rows, long seed) {
    S whole = of(rows);
    byte[] expected = encode(whole);
    Random random = new Random(seed);

    List<R> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    S permuted = of(shuffled);
    assertThat(encode(permuted)).as("permuted").isEqualTo(expected);
    assertThat(permuted).isEqualTo(whole).hasSameHashCodeAs(whole);

    assertThat(encode(decode(expected))).as("decoded").isEqualTo(expected);
    assertThat(decode(expected)).isEqualTo(whole).hasSameHashCodeAs(whole);

    S withEmpty = of(rows);
    merge.accept(withEmpty, empty.get());
    assertThat(encode(withEmpty)).as("empty merged in").isEqualTo(expected);
    S intoEmpty = empty.get();
    merge.accept(intoEmpty, whole);
    assertThat(encode(intoEmpty)).as("merged into empty").isEqualTo(expected);

    S merged = mergeTree(parts(shuffled, 1 + random.nextInt(6), random), random);
    assertThat(encode(merged)).as("split and merged").isEqualTo(expected);
    assertThat(merged).isEqualTo(whole).hasSameHashCodeAs(whole);
    assertThat(encode(whole)).as("the argument of a merge").isEqualTo(expected);

    List<R> twice = new ArrayList<>(rows);
    twice.addAll(rows);
    S self = of(rows);
    merge.accept(self, self);
    assertThat(encode(self)).as("merged with itself").isEqualTo(encode(of(twice)));
  }

  public S of(List<R> rows) {
    S state = empty.get();
    rows.forEach(row -> add.accept(state, row));
    return state;
  }

  private List<S> parts(List<R> rows, int count, Random random) {
    List<S> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(empty.get());
    }
    rows.forEach(row -> add.accept(parts.get(random.nextInt(count)), row));
    return parts;
  }

  private S mergeTree(List<S> parts, Random random) {
    while (parts.size() > 1) {
      S from = parts.remove(random.nextInt(parts.size()));
      S into = parts.get(random.nextInt(parts.size()));
      byte[] before = encode(from);
      merge.accept(into, random.nextBoolean() ? from : decode(before));
      assertThat(encode(from)).as("the argument of a merge").isEqualTo(before);
    }
    return parts.get(0);
  }

  public byte[] encode(S state) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      write.write(state, new DataOutputStream(out));
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public S decode(byte[] bytes) {
    try {
      ByteArrayInputStream in = new ByteArrayInputStream(bytes);
      S state = read.read(new DataInputStream(in));
      assertThat(in.available()).as("bytes left over").isZero();
      return state;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
