package io.tidemark.stats;

import java.io.DataInput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The sequential change detectors; each has one definition, River's. */
public enum DetectorMethod {
  ADWIN(Adwin.Parameters.DEFAULT, Adwin::read),
  DDM(Ddm.Parameters.DEFAULT, Ddm::read),
  EDDM(Eddm.Parameters.DEFAULT, Eddm::read),
  HDDM_A(HddmA.Parameters.DEFAULT, HddmA::read),
  HDDM_W(HddmW.Parameters.DEFAULT, HddmW::read),
  PAGE_HINKLEY(PageHinkley.Parameters.DEFAULT, PageHinkley::read);

  private interface Reader {
    Detector read(DataInput in) throws IOException;
  }

  private final Detector.Parameters defaults;
  private final Reader reader;

  DetectorMethod(Detector.Parameters defaults, Reader reader) {
    this.defaults = defaults;
    this.reader = reader;
  }

  /** The name in specs and findings. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<DetectorMethod> of(String id) {
    return Arrays.stream(values()).filter(method -> method.id().equals(id)).findFirst();
  }

  /** All names, for messages. */
  public static String ids() {
    return Arrays.stream(values()).map(DetectorMethod::id).collect(Collectors.joining(", "));
  }

  public Detector.Parameters defaults() {
    return defaults;
  }

  /** Parameters and state, as {@link Detector#write} leaves them behind the header. */
  Detector read(DataInput in) throws IOException {
    return reader.read(in);
  }
}
