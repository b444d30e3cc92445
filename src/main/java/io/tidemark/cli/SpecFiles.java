package io.tidemark.cli;

import io.tidemark.ingest.format.FileScheme;
import io.tidemark.pipeline.UsageException;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecException;
import io.tidemark.spec.SpecReader;
import io.tidemark.stats.PlainText;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Loads the spec files that a glob names. */
public final class SpecFiles {
  private SpecFiles() {}

  /** By their paths; the problems of all files come out together. */
  static Map<String, MonitoringSpec> load(String glob) throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    if (glob.isBlank()) {
      throw new UsageException("--spec: is empty; give a file");
    }
    FileScheme.check("--spec", glob);
    if (!glob.contains("://") && new java.io.File(glob).isDirectory()) {
      throw new UsageException("--spec=" + glob + ": is a folder; give a file, or '*.yaml' in it");
    }
    List<String> paths;
    try {
      paths = OutputFiles.list(glob);
    } catch (IOException | IllegalArgumentException e) { // a pattern may be no pattern
      paths = List.of();
    }
    if (paths.isEmpty() && new java.io.File(glob).isFile()) {
      paths = List.of(glob); // a name that would also be a pattern
    }
    if (paths.isEmpty()) {
      throw new UsageException("--spec=" + glob + ": no such file");
    }
    Map<String, MonitoringSpec> specs = new LinkedHashMap<>();
    Map<String, String> models = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (String path : paths) {
      try {
        MonitoringSpec spec = SpecReader.read(path, text(path));
        String other = models.put(spec.model(), path);
        if (other != null) {
          problems.add(PlainText.line(path + ":1: model: is that of " + other + " too"));
        }
        specs.put(path, spec);
      } catch (SpecException e) {
        problems.add(e.getMessage());
      } catch (IOException e) {
        problems.add(PlainText.line(path + ": cannot be read: " + e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new UsageException(String.join("\n", problems));
    }
    return specs;
  }

  private static String text(String path) throws IOException {
    byte[] bytes = OutputFiles.read(path).orElseThrow(() -> new IOException("it is gone"));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it is not UTF-8", e);
    }
  }

  /**
   * Refuses a place to write to that file systems would take for a pattern, or for the folder that
   * the command runs in.
   */
  static void checkPlace(String option, String path) {
    if (path.isBlank()) {
      throw new UsageException(option + ": is empty; give a path");
    }
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    FileScheme.check(option, path);
    for (String pattern : List.of("*", "?", "[", "]", "{", "}")) {
      if (path.contains(pattern)) {
        throw new UsageException(
            option + "=" + path + ": must not contain " + pattern + ", which stands for a pattern");
      }
    }
  }

  /** The same place from wherever it is named. */
  static String absolute(String path) {
    return path.contains("://") ? path : Path.of(path).toAbsolutePath().normalize().toString();
  }

  /** For commands that work on one model. */
  public static MonitoringSpec one(String glob) throws IOException {
    Map<String, MonitoringSpec> specs = load(glob);
    if (specs.size() != 1) {
      throw new UsageException("--spec=" + glob + ": names " + specs.size() + " specs; name one");
    }
    return specs.values().iterator().next();
  }
}
