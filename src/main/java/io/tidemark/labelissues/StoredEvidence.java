package io.tidemark.labelissues;

import io.tidemark.event.Redaction;
import io.tidemark.event.SourceLabels;
import io.tidemark.flow.ByteInput;
import io.tidemark.flow.ByteOutput;
import io.tidemark.profile.BlankColumns;
import io.tidemark.profile.LabelledWindow;
import io.tidemark.profile.StoredWindows;
import io.tidemark.profile.WindowFit;
import io.tidemark.schema.StoredLabelEvidence;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * What is known of the windows' labels below the output, from which later runs complete a period.
 */
final class StoredEvidence {
  static final String TABLE = "label-evidence";

  /** Of the bytes: others than these are passed over. */
  private static final int FORM = 2;

  /** Of the bytes where labels may be of several sources. */
  private static final int FORM_BY_SOURCE = 3;

  private StoredEvidence() {}

  static StoredWindows<LabelledWindow<LabelEvidence>, Void> windows(
      MonitoringSpec spec, WindowSpec period, Redaction redaction, String output) {
    Redaction kept = clear(spec, redaction) ? Redaction.none() : redaction;
    return new StoredWindows<>(new Form(spec, redaction), spec, period, kept, output);
  }

  /** Whether nothing that is hidden is in it, so that it needs no seal. */
  static boolean clear(MonitoringSpec spec, Redaction redaction) {
    boolean named = SourceLabels.possible(spec) && spec.labels().source() != null;
    return BlankColumns.clear(spec, redaction)
        && !(named && redaction.hides(spec.labels().source()));
  }

  private record Form(MonitoringSpec spec, Redaction redaction)
      implements StoredWindows.Form<LabelledWindow<LabelEvidence>> {
    @Override
    public String table() {
      return TABLE;
    }

    @Override
    public Class<? extends SpecificRecord> type() {
      return StoredLabelEvidence.class;
    }

    @Override
    public String fits(String version) {
      List<String> columns = new ArrayList<>();
      columns.add(spec.events().label());
      columns.addAll(spec.snapshot() == null ? List.of() : spec.snapshot().columns());
      LabelColumns kept = LabelColumns.of(spec, redaction);
      // No baseline decides what is kept.
      return WindowFit.of(
          spec,
          "",
          columns,
          List.of(
              SourceLabels.possible(spec) ? FORM_BY_SOURCE : FORM,
              kept.bySelfConfidence(),
              kept.blanks().extras(),
              ScoredRows.capacity(kept.count()),
              DoubtfulRows.CAPACITY,
              InputSample.CAPACITY));
    }

    @Override
    public byte[] encode(LabelledWindow<LabelEvidence> window) {
      ByteOutput out = new ByteOutput(1 << 13);
      try {
        window.state().write(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // memory does not fail
      }
      return out.toByteArray();
    }

    @Override
    public LabelledWindow<LabelEvidence> decode(String version, byte[] state, boolean complete)
        throws IOException {
      try (ByteInput in = new ByteInput(state)) {
        return new LabelledWindow<>(
            LabelEvidence.read(LabelColumns.of(spec, redaction).count(), in), complete);
      }
    }
  }
}
