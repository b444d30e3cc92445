package io.tidemark.stats.slices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.stats.Oracles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The top slices of the car loans by SliceLine's implementation in Python. */
class CarLoanSlicesTest {
  private final List<String> features = new ArrayList<>();
  private final List<List<String>> codes = new ArrayList<>();

  @Test
  void sameSlicesAndScores() throws Exception {
    JsonNode oracle = Oracles.json("oracles/sliceline/car_loan.json");
    JsonNode asked = oracle.at("/params");
    SliceLine search =
        new SliceLine(
            asked.at("/alpha").asDouble(),
            asked.at("/min_sup").asInt(),
            asked.at("/max_l").asInt(),
            asked.at("/k").asInt());
    WeakSlices found = search.search(read());
    assertThat(found.rows()).isEqualTo(oracle.at("/n").asInt());
    assertThat(found.meanError()).isEqualTo(oracle.at("/overall_error").asDouble(), within(1e-12));
    Map<Map<String, String>, WeakSlice> told = new TreeMap<>(byText());
    for (WeakSlice slice : found.slices()) {
      told.put(text(slice.name()), slice);
      slice.otherNames().forEach(name -> told.put(text(name), slice));
    }
    JsonNode top = oracle.at("/top_slices");
    assertThat(found.slices()).hasSize(top.size());
    for (int rank = 0; rank < top.size(); rank++) {
      JsonNode expected = top.get(rank);
      Map<String, String> predicates = new TreeMap<>();
      expected
          .at("/predicates")
          .fields()
          .forEachRemaining(one -> predicates.put(one.getKey(), one.getValue().asText()));
      WeakSlice slice = told.get(predicates);
      assertThat(slice).as("%s", predicates).isNotNull();
      double score = expected.at("/stats/slice_score").asDouble();
      assertThat(slice.score()).isEqualTo(score, within(1e-9));
      assertThat(found.slices().get(rank).score()).isEqualTo(score, within(1e-9));
      assertThat(slice.figures().size()).isEqualTo(expected.at("/size").asInt());
      assertThat(slice.figures().sum()).isEqualTo(expected.at("/stats/sum_slice_error").asDouble());
      assertThat(slice.figures().mean())
          .isEqualTo(expected.at("/error_rate").asDouble(), within(1e-12));
      assertThat(slice.adjusted()).isLessThan(1e-6);
    }
  }

  private static Comparator<Map<String, String>> byText() {
    return Comparator.comparing(Map::toString);
  }

  private Map<String, String> text(Conjunction name) {
    Map<String, String> text = new TreeMap<>();
    for (Predicate predicate : name.predicates()) {
      text.put(
          features.get(predicate.feature()), codes.get(predicate.feature()).get(predicate.code()));
    }
    return text;
  }

  private CodedRows read() throws IOException {
    List<String[]> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(Oracles.file("oracles/sliceline/car_loan_input.csv.gz"))),
                StandardCharsets.UTF_8))) {
      reader.lines().forEach(line -> lines.add(line.split(",", -1)));
    }
    String[] header = lines.remove(0);
    int error = header.length - 1;
    for (int feature = 0; feature < error; feature++) {
      int at = feature;
      features.add(header[feature]);
      codes.add(List.copyOf(new TreeSet<>(lines.stream().map(line -> line[at]).toList())));
    }
    CodedRows.Builder rows =
        CodedRows.builder(ErrorKind.MISTAKE, codes.stream().mapToInt(List::size).toArray());
    for (String[] line : lines) {
      rows.add(
          Double.parseDouble(line[error]),
          IntStream.range(0, error).map(one -> codes.get(one).indexOf(line[one])).toArray());
    }
    return rows.build();
  }
}
