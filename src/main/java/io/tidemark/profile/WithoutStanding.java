package io.tidemark.profile;

import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/** Leaves out what is of {@link StandingWindows}. */
public final class WithoutStanding<T> extends PTransform<PCollection<T>, PCollection<T>> {
  private static final long serialVersionUID = 1;

  private final transient PCollectionView<Map<Long, String>> standing;
  private final SerializableFunction<T, Long> windowStart;

  private WithoutStanding(
      PCollectionView<Map<Long, String>> standing, SerializableFunction<T, Long> windowStart) {
    this.standing = standing;
    this.windowStart = windowStart;
  }

  /**
   * @param standing null: none do
   */
  public static <T> WithoutStanding<T> of(
      PCollectionView<Map<Long, String>> standing, SerializableFunction<T, Long> windowStart) {
    return new WithoutStanding<>(standing, windowStart);
  }

  @Override
  public PCollection<T> expand(PCollection<T> elements) {
    if (standing == null) {
      return elements;
    }
    return elements
        .apply(
            "LeaveOut", ParDo.of(new LeaveOutFn<>(standing, windowStart)).withSideInputs(standing))
        .setCoder(elements.getCoder());
  }

  private static final class LeaveOutFn<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1;

    private final PCollectionView<Map<Long, String>> standing;
    private final SerializableFunction<T, Long> windowStart;

    LeaveOutFn(
        PCollectionView<Map<Long, String>> standing, SerializableFunction<T, Long> windowStart) {
      this.standing = standing;
      this.windowStart = windowStart;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      T element = context.element();
      if (!StandingWindows.stays(context.sideInput(standing), windowStart.apply(element))) {
        context.output(element);
      }
    }
  }
}
