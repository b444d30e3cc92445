package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.ingest.row.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputFilesTest {
  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private void touch(String... names) throws Exception {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
    }
  }

  private List<String> named(String uri) {
    return InputFiles.of(uri).stream()
        .map(file -> folder.relativize(Path.of(file.resourceId().toString())).toString())
        .toList();
  }

  @Test
  void aFolderStandsForAllFilesBelowItButForWhatWritersLeave() throws Exception {
    touch("b.parquet", "a.parquet", "dt=2/region=eu/p.parquet", "dt=1/p.parquet", "_p=1/p.parquet");
    touch("_SUCCESS", "_metadata", ".a.parquet.crc", "a.parquet.crc", "c.parquet.tmp");
    touch("_temporary/0/p.parquet", ".hidden/p.parquet", "d.csv._COPYING_", "e.inprogress");
    assertThat(named(folder.toString()))
        .containsExactly(
            "_p=1/p.parquet",
            "a.parquet",
            "b.parquet",
            "dt=1/p.parquet",
            "dt=2/region=eu/p.parquet");
    assertThat(named(folder + "/*")).containsExactly("a.parquet", "b.parquet");
    assertThat(named(folder + "/dt=*/**"))
        .containsExactly("dt=1/p.parquet", "dt=2/region=eu/p.parquet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space.csv", "grün-größe 数据.csv", "a[1].csv", "{b}.csv", "st*r.csv", "q?.csv",
        "quo'te\".csv", "back\\slash.csv", "_named.csv", ".hidden.csv", "x.tmp", "per%20cent#.csv"
      })
  void aFileThatIsNamedByItselfIsReadWhateverItsName(String name) throws Exception {
    touch(name, "other.csv");
    assertThat(named(folder.resolve(name).toString())).containsExactly(name);
  }

  @Test
  void aFoldersNameMayBeAPattern() throws Exception {
    touch("f[1]/{x}/a.csv", "f1/b.csv");
    assertThat(named(folder.resolve("f[1]").toString())).containsExactly("f[1]/{x}/a.csv");
  }

  @Test
  void followsLinksAndSaysWhichLeadNowhere() throws Exception {
    touch("data/a.csv");
    Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("data"));
    assertThat(named(folder.resolve("linked").toString())).containsExactly("linked/a.csv");
    Files.createSymbolicLink(folder.resolve("data/b.csv"), folder.resolve("gone.csv"));
    assertThatThrownBy(() -> InputFiles.of(folder.resolve("data").toString()))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("b.csv: is a link to a file that is gone");
    Files.delete(folder.resolve("data/b.csv"));
    Files.createSymbolicLink(folder.resolve("data/loop"), folder.resolve("data"));
    assertThatThrownBy(() -> InputFiles.of(folder.resolve("data").toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be listed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nowhere",
        "nowhere/*.csv",
        "[",
        "a[",
        "{a",
        "kafka://h:1/t",
        "s3://bucket/x",
        "foo://x/y",
        "/dev/null"
      })
  void refusesWhatNamesNoFile(String uri) {
    assertThatThrownBy(() -> InputFiles.of(uri)).isInstanceOf(InputException.class);
  }
}
