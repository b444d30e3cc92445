package io.tidemark.stats;

import java.util.Locale;
import java.util.Optional;

/** The names of the sequential change detectors; each has one definition, River's. */
public enum DetectorMethod {
  ADWIN,
  DDM,
  EDDM,
  HDDM_A,
  HDDM_W,
  PAGE_HINKLEY;

  /** The name in specs and findings. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<DetectorMethod> of(String id) {
    for (DetectorMethod method : values()) {
      if (method.id().equals(id)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }

  public Detector.Parameters defaults() {
    return switch (this) {
      case ADWIN -> Adwin.Parameters.DEFAULT;
      case DDM -> Ddm.Parameters.DEFAULT;
      case EDDM -> Eddm.Parameters.DEFAULT;
      case HDDM_A -> HddmA.Parameters.DEFAULT;
      case HDDM_W -> HddmW.Parameters.DEFAULT;
      case PAGE_HINKLEY -> PageHinkley.Parameters.DEFAULT;
    };
  }
}
