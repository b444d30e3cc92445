package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader of scripts/reader-run finds what is not whole of a snapshot of two parts. */
class LatestReaderTest {
  @TempDir static Path folder;

  private static Path whole;

  @TempDir Path copy;

  private Path model;
  private Path period;
  private List<Path> parts;

  @BeforeAll
  static void snapshot() throws Exception {
    Log log = Log.of(folder, ReaderRun.spec(60_000, 1), 400, "--windows=4");
    assertThat(log.monitor(log.events(), folder.resolve("out")).code()).isZero();
    whole = folder.resolve("out/snapshots/loans");
  }

  @BeforeEach
  void copy() throws Exception {
    model = copy.resolve("loans");
    for (Path file : Cli.files(whole)) {
      Path to = model.resolve(whole.relativize(file));
      Files.createDirectories(to.getParent());
      Files.copy(file, to);
    }
    period = model.resolve(Files.readString(model.resolve("LATEST")).strip());
    parts = Cli.files(period).stream().filter(file -> file.toString().endsWith("parquet")).toList();
    assertThat(parts).hasSize(2);
  }

  private List<String> wrong() throws Exception {
    return new LatestReader(model).look().wrong();
  }

  @Test
  void takesWhatIsWhole() throws Exception {
    LatestReader.Look look = new LatestReader(model).look();
    assertThat(look.wrong()).isEmpty();
    assertThat(look.period()).isEqualTo(period.getFileName().toString());
    assertThat(look.manifest()).isNotNull();
    assertThat(new LatestReader(folder).look().period()).isNull();
  }

  @Test
  void findsPartsThatLack() throws Exception {
    Files.delete(parts.get(1));
    assertThat(wrong()).anyMatch(line -> line.endsWith("is not there"));
  }

  @Test
  void findsPartsThatAreCutOff() throws Exception {
    byte[] content = Files.readAllBytes(parts.get(0));
    Files.write(parts.get(0), Arrays.copyOf(content, content.length - 100));
    assertThat(wrong())
        .anyMatch(line -> line.contains(" bytes, "))
        .anyMatch(line -> line.endsWith("is of another SHA-256"))
        .anyMatch(line -> line.contains("is no Parquet"));
  }

  @Test
  void findsPartsOfOtherRows() throws Exception {
    Files.write(parts.get(1), Files.readAllBytes(parts.get(0)));
    assertThat(wrong()).anyMatch(line -> line.contains(" rows, "));
  }

  @Test
  void findsManifestsThatAreCutOff() throws Exception {
    String text = Files.readString(period.resolve("manifest.json"));
    Files.writeString(period.resolve("manifest.json"), text.substring(0, text.length() / 2));
    assertThat(wrong()).hasSize(1).first().asString().contains("no manifest");
    Files.writeString(period.resolve("manifest.json"), text.replaceFirst("\"rows\" : ", "$01"));
    assertThat(wrong()).anyMatch(line -> line.contains(" are said"));
  }

  @Test
  void findsPeriodsThatLack() throws Exception {
    Files.writeString(model.resolve("LATEST"), "2031");
    assertThat(wrong()).containsExactly("LATEST is \"2031\"");
  }

  @Test
  void findsOlderDescriptionsOfPartsThatAreGone() throws Exception {
    Path croissant = period.resolve("croissant.json");
    String text = Files.readString(croissant);
    Files.writeString(croissant, text.replace("part-00001", "part-00007"));
    assertThat(wrong()).singleElement().asString().contains("part-00007");
    Files.delete(croissant);
    assertThat(wrong()).singleElement().asString().contains("no croissant.json");
  }
}
