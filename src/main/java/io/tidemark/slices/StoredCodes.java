package io.tidemark.slices;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.flow.Fleet;
import io.tidemark.profile.LabelledWindow;
import io.tidemark.profile.StoredWindows;
import io.tidemark.profile.WindowFit;
import io.tidemark.schema.StoredCodedRows;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The form of the windows' coded rows below the output.
 *
 * @param baselines hash of the baseline of each model version, and of the others under ""
 */
record StoredCodes(
    MonitoringSpec spec,
    Broadcast<Fleet<SliceSettings>> settings,
    TreeMap<String, String> baselines)
    implements StoredWindows.Form<LabelledWindow<CodedRowSample>> {

  static final String TABLE = "coded-rows";

  static StoredWindows<LabelledWindow<CodedRowSample>, Void> windows(
      MonitoringSpec spec,
      Broadcast<Fleet<SliceSettings>> settings,
      TreeMap<String, String> baselines,
      WindowSpec period,
      Redaction redaction,
      String output) {
    StoredCodes form = new StoredCodes(spec, settings, baselines);
    boolean hidden = StoredWindows.hidesDeclared(spec, redaction); // in codes, errors or hashes
    Redaction kept = hidden ? redaction : Redaction.none();
    return new StoredWindows<>(form, spec, period, kept, output);
  }

  private SliceSettings own() {
    return settings.get().of(spec.model());
  }

  @Override
  public String table() {
    return TABLE;
  }

  @Override
  public Class<StoredCodedRows> type() {
    return StoredCodedRows.class;
  }

  @Override
  public String fits(String version) {
    String baseline = baselines.getOrDefault(version, baselines.getOrDefault("", ""));
    List<Object> more = new ArrayList<>();
    more.add(spec.events().label());
    more.add(own().capacity());
    own().codesOf(version).features().forEach(feature -> more.add(feature.field().name()));
    return WindowFit.of(spec, baseline, List.of(), more);
  }

  @Override
  public byte[] encode(LabelledWindow<CodedRowSample> window) {
    ByteOutput out = new ByteOutput(1 << 13);
    try {
      window.state().write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  @Override
  public LabelledWindow<CodedRowSample> decode(String version, byte[] state, boolean complete)
      throws IOException {
    try (ByteInput in = new ByteInput(state)) {
      CodedRowSample sample = CodedRowSample.read(own().codesOf(version), own().capacity(), in);
      return new LabelledWindow<>(sample, complete);
    }
  }
}
