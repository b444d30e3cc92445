package io.tidemark.slices;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Held;
import io.tidemark.profile.LabelledWindow;
import io.tidemark.profile.StoredWindows;
import io.tidemark.schema.StoredCodedRows;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves of a window for those that come after it. */
class StoredCodesTest {
  private static final WindowKey WINDOW = new WindowKey("m", "", 0);

  @TempDir Path output;

  private StoredWindows<LabelledWindow<CodedRowSample>, Void> stored(String text) {
    MonitoringSpec spec = SpecReader.read("test", text);
    SliceSettings settings = CodedRowSampleTest.settings(text);
    return StoredCodes.windows(
        spec,
        CodedRowSampleTest.broadcast(settings),
        new TreeMap<>(Map.of("", "b")),
        spec.window(),
        Redaction.of(spec, null),
        output.toString());
  }

  private void write() throws IOException {
    CodedRowSample sample =
        CodedRowSampleTest.gathered(
            CodedRowSampleTest.settings(CodedRowSampleTest.BINARY),
            CodedRowSampleTest.row("1", .2, "a", "1"),
            CodedRowSampleTest.row("2", 9, null, "0"),
            CodedRowSampleTest.row("3", 1, "b", null));
    stored(CodedRowSampleTest.BINARY)
        .write(new TreeMap<>(Map.of(WINDOW, new LabelledWindow<>(sample, true))));
  }

  private String folder() {
    return WindowFolders.folder(output.toString(), StoredCodes.TABLE, "m", 0L);
  }

  @Test
  void bytesBelowTheOutput() throws IOException {
    write();
    byte[] file = WindowFolders.read(folder(), "avro").get(0);
    Golden.holds(
        RecordCoder.of(StoredCodedRows.class),
        AvroFiles.read(file, StoredCodedRows.class).get(0),
        """
        4c02026d00008080bbdd830501060420376630386131333435656666353238320002540000000000
        000003000000000000000200000002497692bff289820e02050171fbbbfe8a7b7c71000200
        """);
    LabelledWindow<CodedRowSample> kept = stored(CodedRowSampleTest.BINARY).read(0).get(WINDOW);
    assertThat(kept.complete()).isTrue();
    assertThat(kept.held()).isEqualTo(new Held(3, 2));
    assertThat(kept.state().size()).isEqualTo(2);
  }

  /** Codes of other features are of no use. */
  @Test
  void passesOverWhatDoesNotFit() throws IOException {
    write();
    String other = CodedRowSampleTest.BINARY.replace(", c: categorical", "");
    assertThat(stored(other).read(0)).isEmpty();
  }
}
