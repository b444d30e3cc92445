package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.ingest.row.InputException;
import io.tidemark.spec.Format;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatReadersTest {
  @Test
  void everyFormatHasOneReader() {
    assertThat(FormatReaders.ALL.stream().map(FormatReader::format))
        .containsExactly(Format.values());
  }

  @Test
  void aSuffixIsOfOneFormat() {
    List<String> suffixes = new ArrayList<>();
    FormatReaders.ALL.forEach(reader -> suffixes.addAll(reader.suffixes()));
    assertThat(suffixes).doesNotHaveDuplicates().allMatch(suffix -> suffix.startsWith("."));
  }

  @ParameterizedTest
  @CsvSource({
    "a/b.parquet, PARQUET",
    "b.avro, AVRO",
    "b.JSON.GZ, JSONL",
    "b.ndjson, JSONL",
    "b.csv.gz, CSV"
  })
  void aNameSaysItsFormat(String name, Format format) {
    assertThat(FormatReaders.byName(name).format()).isEqualTo(format);
  }

  @Test
  void messagesNameThemAll() {
    assertThat(FormatReaders.titles())
        .startsWith("Parquet, Avro, JSON lines")
        .endsWith(" or " + FormatReaders.ALL.get(FormatReaders.ALL.size() - 1).title());
  }

  @Test
  void formatsOfFilesAloneRefuseTopics() {
    assertThatThrownBy(() -> FormatReaders.of(Format.PARQUET).decoder(null, null, null))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Parquet");
  }
}
