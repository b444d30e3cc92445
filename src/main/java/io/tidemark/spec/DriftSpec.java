package io.tidemark.spec;

import io.tidemark.stats.Binning;
import io.tidemark.stats.Method;
import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;

/**
 * How windows are compared with the baseline.
 *
 * @param minRows fewer rows never alarm ({@link Preset#TIDEMARK} only)
 * @param fdr false discovery rate across a window's family of tests
 * @param effect smallest cleaned distance that alarms ({@link Preset#TIDEMARK})
 * @param persistence alarm only if so many of the last so many windows say so
 * @param methods evaluated beside the preset's own
 * @param features overrides by field name
 */
public record DriftSpec(
    Preset preset,
    long minRows,
    double fdr,
    double effect,
    Persistence persistence,
    List<Method> methods,
    SortedMap<String, FieldRule> features)
    implements Serializable {

  /** How a numeric field is binned: as the spec says of it, else as the preset does. */
  public Binning binning(String field) {
    FieldRule rule = features.get(field);
    if (rule != null && rule.bins() != null) {
      return rule.bins();
    }
    return switch (preset) {
      case TIDEMARK -> Binning.TIDEMARK;
      case NANNYML -> Binning.NANNYML;
      case EVIDENTLY -> Binning.EVIDENTLY;
      case TFDV -> Binning.TFDV;
    };
  }

  /** Whether a numeric field is compared by its values, so that they must be held. */
  public boolean needsValues(String field) {
    return !binning(field).fixed() || (preset != Preset.NANNYML && comparesValues(field));
  }

  /** Whether a field is compared as NannyML compares values: 10,000 bins, or exactly if few. */
  public boolean needsFineBins(String field) {
    return preset == Preset.NANNYML && comparesValues(field);
  }

  private boolean comparesValues(String field) {
    FieldRule rule = features.get(field);
    return methods.stream().anyMatch(Method::needsValues)
        || (rule != null && rule.method() != null && rule.method().needsValues());
  }

  /** k of the last n windows. */
  public record Persistence(int windows, int of) implements Serializable {}

  /**
   * A field's own rule in place of the preset's.
   *
   * @param method null: the preset's
   * @param threshold null: the preset's
   * @param bins null: the preset's
   */
  public record FieldRule(Method method, Double threshold, Binning bins) implements Serializable {}

  /** A named set of methods with their thresholds (METHODS: presets). */
  public enum Preset {
    TIDEMARK,
    NANNYML,
    EVIDENTLY,
    TFDV
  }
}
