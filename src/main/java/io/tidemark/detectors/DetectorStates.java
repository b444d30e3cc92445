package io.tidemark.detectors;

import io.tidemark.schema.DetectorState;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.DamagedFileException;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * The states that runs leave under their output: {@code
 * detectors/model=M/at=YYYYMMDDTHHMMSSZ/version=V/part-<hash>.avro}. A run goes on from the latest
 * that is not after its beginning and leaves one at its end, so the same run again starts from the
 * same.
 */
final class DetectorStates implements Serializable {
  private static final long serialVersionUID = 1;
  static final int FORMAT = 1;

  private final String output;
  private final String model;

  DetectorStates(String output, String model) {
    this.output = output;
    this.model = model;
  }

  private String folder(String at, String version) {
    return OutputFiles.path(
        output,
        "detectors",
        "model=" + OutputFiles.segment(model),
        at,
        "version=" + OutputFiles.segment(version));
  }

  /** A version's latest state that is not after a time, or empty. */
  Optional<DetectorState> latest(String version, long time) throws IOException {
    DetectorState latest = null;
    for (String path : OutputFiles.list(OutputFiles.path(folder("at=*", version), "*.avro"))) {
      DetectorState state = read(path);
      boolean before = state != null && WindowSpec.micros(state.getAt()) <= time;
      if (before && (latest == null || state.getAt().isAfter(latest.getAt()))) {
        latest = state;
      }
    }
    return Optional.ofNullable(latest);
  }

  /** Null where it was replaced meanwhile or is of another format. */
  private static DetectorState read(String path) throws IOException {
    Optional<byte[]> file = OutputFiles.read(path);
    if (file.isEmpty()) {
      return null;
    }
    List<DetectorState> states;
    try {
      states = AvroFiles.read(file.get(), DetectorState.class);
    } catch (IOException e) {
      throw new DamagedFileException(
          path, "delete it: the detectors go on from the state before it, or start anew");
    }
    boolean known = !states.isEmpty() && states.get(0).getFormatVersion() == FORMAT;
    return known ? states.get(0) : null;
  }

  void write(DetectorState state) throws IOException {
    WindowFolders.replace(
        folder(
            "at=" + WindowFolders.name(WindowSpec.micros(state.getAt())), state.getModelVersion()),
        "part",
        AvroFiles.bytes(DetectorState.getClassSchema(), List.of(state)),
        "avro");
  }
}
