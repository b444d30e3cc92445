package io.tidemark.local;

import java.util.Map;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;

/**
 * What a plan is made of.
 *
 * <p>{@code number} is the step's place in an order in which whatever gives comes before whatever
 * takes.
 */
sealed interface LocalStep {
  int number();

  /** Gives one empty element. */
  record Start(int number, PCollection<?> output) implements LocalStep {}

  /** Gives what a source holds. */
  record Read(int number, BoundedSource<?> source, PCollection<?> output) implements LocalStep {}

  /** Gives a group a key. */
  record Group(int number, PCollection<?> input, PCollection<?> output) implements LocalStep {}

  /** Hands on as it is. */
  record Pass(int number, PCollection<?> output) implements LocalStep {}

  /** Keeps for side inputs. */
  record Keep(int number, PCollectionView<?> view) implements LocalStep {}

  /**
   * A ParDo.
   *
   * @param outputs by tag
   */
  record Process(
      int number,
      String name,
      ParDo.MultiOutput<?, ?> parDo,
      PCollection<?> input,
      Map<TupleTag<?>, PCollection<?>> outputs)
      implements LocalStep {

    /** Whether it waits for side inputs, and its input with it. */
    boolean waits() {
      return !parDo.getSideInputs().isEmpty();
    }
  }
}
