package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {
  @TempDir Path folder;

  /** A name may begin as another does. */
  @Test
  void whatWasReceivedUnderANameIsItsOwn() throws Exception {
    try (ResultFiles files = ResultFiles.in(folder.toString(), "test")) {
      Pipeline pipeline =
          Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=DirectRunner").create());
      pipeline
          .apply(
              "Numbers",
              Create.of(KV.of("m", 7L))
                  .withCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of())))
          .apply("HandOverNumbers", files.receiveByModel("issues", VarLongCoder.of()));
      pipeline
          .apply(
              "Texts",
              Create.of(KV.of("m", "stays"))
                  .withCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of())))
          .apply("HandOverTexts", files.receiveByModel("issues-stay", StringUtf8Coder.of()));
      pipeline.run().waitUntilFinish();
      assertThat(files.takeByModel("issues", VarLongCoder.of()))
          .isEqualTo(Map.of("m", List.of(7L)));
      assertThat(files.takeByModel("issues-stay", StringUtf8Coder.of()))
          .isEqualTo(Map.of("m", List.of("stays")));
    }
  }
}
