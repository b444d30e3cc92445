package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
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

  private final transient PCollectionView<Map<WindowKey, String>> standing;
  private final SerializableFunction<T, WindowKey> window;

  private WithoutStanding(
      PCollectionView<Map<WindowKey, String>> standing, SerializableFunction<T, WindowKey> window) {
    this.standing = standing;
    this.window = window;
  }

  /**
   * @param standing null: none do
   */
  public static <T> WithoutStanding<T> of(
      PCollectionView<Map<WindowKey, String>> standing, SerializableFunction<T, WindowKey> window) {
    return new WithoutStanding<>(standing, window);
  }

  @Override
  public PCollection<T> expand(PCollection<T> elements) {
    if (standing == null) {
      return elements;
    }
    return elements
        .apply("LeaveOut", ParDo.of(new LeaveOutFn<>(standing, window)).withSideInputs(standing))
        .setCoder(elements.getCoder());
  }

  private static final class LeaveOutFn<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1;

    private final PCollectionView<Map<WindowKey, String>> standing;
    private final SerializableFunction<T, WindowKey> window;

    LeaveOutFn(
        PCollectionView<Map<WindowKey, String>> standing,
        SerializableFunction<T, WindowKey> window) {
      this.standing = standing;
      this.window = window;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      T element = context.element();
      if (!StandingWindows.stays(context.sideInput(standing), window.apply(element))) {
        context.output(element);
      }
    }
  }
}
