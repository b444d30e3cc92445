package io.tidemark.profile;

import io.tidemark.stats.performance.CellErrors;
import io.tidemark.stats.performance.Metric;
import io.tidemark.stats.performance.SamplingError;
import java.util.List;

/**
 * How right the model was on the labelled reference: what windows' outcomes are held against.
 *
 * @param cells errors of all labelled rows by cell of the model's partition
 * @param segments the first is that of all rows
 */
public record PerformanceReference(OutcomeModel model, CellErrors cells, List<Segment> segments) {
  public PerformanceReference {
    segments = List.copyOf(segments);
  }

  /**
   * One segment.
   *
   * @param feature "" for all rows
   * @param labelled rows with a label
   * @param labels what they are
   */
  public record Segment(
      String feature, String value, long rows, long labelled, List<Usual> metrics, Labels labels) {
    public Segment {
      metrics = List.copyOf(metrics);
    }

    /** A metric of the segment, or null. */
    public Usual of(Metric metric) {
      for (Usual usual : metrics) {
        if (usual.metric() == metric) {
          return usual;
        }
      }
      return null;
    }
  }

  /**
   * Labels by {@link OutcomeLayout#labelCell}.
   *
   * @param total empty where they were not counted
   * @param windows the same in each window of the reference in which the segment has rows
   */
  @SuppressWarnings("ArrayRecordComponent") // counts, never compared
  public record Labels(long[] total, List<long[]> windows) {
    public Labels {
      windows = List.copyOf(windows);
    }
  }

  /**
   * One metric.
   *
   * @param value over all labelled rows; NaN where it is not defined
   * @param estimated over all rows
   * @param error what a window's value may be off by sampling alone
   * @param windows those of the reference in which the segment has rows, in the order of time
   */
  public record Usual(
      Metric metric, double value, double estimated, SamplingError error, List<Figure> windows) {
    public Usual {
      windows = List.copyOf(windows);
    }

    /** The realised values of the windows; NaN where there are none. */
    public double[] realised() {
      return windows.stream().mapToDouble(Figure::realised).toArray();
    }
  }

  /** A metric in one window of the reference; NaN where it is not defined. */
  public record Figure(long start, long rows, long labelled, double realised, double estimated) {}

  /** A segment by its feature and value, or null. */
  public Segment segment(String feature, String value) {
    for (Segment segment : segments) {
      if (segment.feature().equals(feature) && segment.value().equals(value)) {
        return segment;
      }
    }
    return null;
  }
}
