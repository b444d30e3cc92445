package io.tidemark.baseline;

import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.profile.EmptyFields.Unusable;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SnapshotSpec;
import io.tidemark.stats.PlainText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What stands where a field has no usable value: texts of a sample of rows. */
public final class FieldExamples {
  private static final int SHOWN = 3;
  private static final int LONGEST = 40;

  private FieldExamples() {}

  /** Fields of which there may be something to show. */
  public static List<Unusable> shown(MonitoringSpec spec, List<Unusable> unusable) {
    Redaction redaction = Redaction.of(spec, null);
    return unusable.stream()
        .filter(each -> each.invalid() > 0 && !redaction.hides(each.field()))
        .toList();
  }

  /** The spec with the columns of these fields carried along as they stand. */
  public static MonitoringSpec carrying(MonitoringSpec spec, List<Unusable> shown) {
    Set<String> columns = new LinkedHashSet<>();
    shown.forEach(each -> columns.add(each.field().path()));
    SnapshotSpec own = spec.snapshot();
    SnapshotSpec carrying =
        new SnapshotSpec(
            spec.window(),
            1,
            new SnapshotSpec.Split(1, 0, 0, false),
            List.copyOf(columns),
            List.of(),
            own == null ? List.of() : own.mask(),
            own == null ? List.of() : own.exclude(),
            List.of(),
            0,
            null,
            Collections.emptySortedMap(),
            SnapshotSpec.KEEP_NEAR_DUPLICATES,
            0,
            0);
    return spec.with(carrying);
  }

  /**
   * The first of a field's unusable values in the order of their texts.
   *
   * @param sample of the spec that {@link #carrying} gave
   */
  public static String of(RowSample sample, Field field) {
    EventLayout layout = sample.layout();
    int at = layout.indexOf(field.name());
    int extra = layout.extras().indexOf(field.path());
    TreeSet<String> texts = new TreeSet<>();
    for (InferenceEvent event : sample.events()) {
      if (event.invalid(at) && event.extras()[extra] != null) {
        texts.add(event.extras()[extra]);
        if (texts.size() > SHOWN) {
          texts.pollLast();
        }
      }
    }
    List<String> quoted = new ArrayList<>();
    for (String text : texts) {
      boolean cut = text.length() > LONGEST;
      quoted.add("'" + PlainText.line(cut ? text.substring(0, LONGEST) + "..." : text) + "'");
    }
    return quoted.isEmpty() ? "a list or a record" : String.join(", ", quoted);
  }
}
