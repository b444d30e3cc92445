package io.tidemark.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Serializable because steps written in a test hold it. */
class LocalRunnerTest implements Serializable {
  private static final long serialVersionUID = 1;

  /** What came out: instances of a DoFn are copies, so it is kept here. */
  private static final ConcurrentLinkedQueue<String> OUT = new ConcurrentLinkedQueue<>();

  private static final AtomicInteger OPEN = new AtomicInteger();

  private final transient Pipeline pipeline = Pipeline.create(options("--runner=LocalRunner"));

  @BeforeEach
  void forget() {
    OUT.clear();
    OPEN.set(0);
  }

  private static PipelineOptions options(String... arguments) {
    return PipelineOptionsFactory.fromArgs(arguments).create();
  }

  private PCollection<Integer> numbers(String name, Integer... numbers) {
    return pipeline.apply(name, Create.of(List.of(numbers)).withCoder(VarIntCoder.of()));
  }

  private List<String> run() {
    assertThat(LocalPlan.of(pipeline).unknown()).isNull();
    assertThat(pipeline.run().waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
    List<String> out = new ArrayList<>(OUT);
    out.sort(null);
    return out;
  }

  private static final class Note<T> extends DoFn<T, Void> {
    @ProcessElement
    public void process(@Element T element) {
      OUT.add(element.toString());
    }
  }

  @Test
  void groupsByWhatTheKeysCoderCallsTheSame() {
    numbers("Numbers", 1, 2, 3, 4, 5)
        .apply(Reshuffle.viaRandomKey())
        .apply(WithKeys.of(number -> new byte[] {(byte) (number % 2)}))
        .setCoder(KvCoder.of(ByteArrayCoder.of(), VarIntCoder.of()))
        .apply(GroupByKey.create())
        .apply(
            ParDo.of(
                new DoFn<KV<byte[], Iterable<Integer>>, String>() {
                  @ProcessElement
                  public void process(ProcessContext context) {
                    int sum = 0;
                    for (int value : context.element().getValue()) {
                      sum += value;
                    }
                    context.output(context.element().getKey()[0] + ": " + sum);
                  }
                }))
        .apply(ParDo.of(new Note<>()));
    assertThat(run()).containsExactly("0: 6", "1: 9");
  }

  @Test
  void combinesAndCountsEvenNothing() {
    PCollection<Integer> none = numbers("None");
    none.apply("SumOfNone", Sum.integersGlobally()).apply("NoteSum", ParDo.of(new Note<>()));
    numbers("Some", 1, 2).apply(Count.globally()).apply("NoteCount", ParDo.of(new Note<>()));
    numbers("Keyed", 4, 5)
        .apply(WithKeys.of("k"))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of()))
        .apply(Combine.perKey(Sum.ofIntegers()))
        .apply("NoteSums", ParDo.of(new Note<>()));
    assertThat(run()).containsExactly("0", "2", "KV{k, 9}");
  }

  @Test
  void stepsWaitForSideInputsOfTheirOwnStage() {
    PCollection<Integer> numbers = numbers("Numbers", 1, 2, 3);
    PCollectionView<Integer> sum = numbers.apply(Sum.integersGlobally().asSingletonView());
    PCollectionView<Iterable<Integer>> all = numbers.apply(View.asIterable());
    PCollectionView<Map<Integer, Integer>> map =
        numbers
            .apply("Self", WithKeys.of(number -> number))
            .setCoder(KvCoder.of(VarIntCoder.of(), VarIntCoder.of()))
            .apply(View.asMap());
    numbers
        .apply(
            ParDo.of(
                    new DoFn<Integer, String>() {
                      @ProcessElement
                      public void process(ProcessContext context) {
                        int count = 0;
                        for (int ignored : context.sideInput(all)) {
                          count++;
                        }
                        int number = context.sideInput(map).get(context.element());
                        context.output(number + " of " + count + ", " + context.sideInput(sum));
                      }
                    })
                .withSideInputs(sum, all, map))
        .apply(ParDo.of(new Note<>()));
    assertThat(run()).containsExactly("1 of 3, 6", "2 of 3, 6", "3 of 3, 6");
  }

  @Test
  void tagsFlattenAndBundlesEndInOrder() {
    TupleTag<String> main = new TupleTag<>() {};
    TupleTag<String> odd = new TupleTag<>() {};
    TupleTag<String> unused = new TupleTag<>() {};
    PCollectionTuple split =
        numbers("Numbers", 1, 2, 3)
            .apply(
                ParDo.of(
                        new DoFn<Integer, String>() {
                          @ProcessElement
                          public void process(@Element Integer number, MultiOutputReceiver out) {
                            out.get(number % 2 == 0 ? main : odd).output("n" + number);
                            out.get(unused).output("unused");
                          }
                        })
                    .withOutputTags(main, TupleTagList.of(odd).and(unused)));
    PCollectionList.of(split.get(odd).setCoder(StringUtf8Coder.of()))
        .and(split.get(main).setCoder(StringUtf8Coder.of()))
        .and(split.get(odd))
        .apply(Flatten.pCollections())
        .apply("First", ParDo.of(new Gather()))
        .apply("Second", ParDo.of(new Gather()))
        .apply(ParDo.of(new Note<>()));
    List<String> gathered = run();
    assertThat(String.join("", gathered).split("n", -1)).hasSize(6);
    assertThat(OPEN).hasValue(0);
  }

  /** Gives at the end of a bundle what came in it. */
  private static final class Gather extends DoFn<String, String> {
    private transient StringBuilder all;

    @Setup
    public void setup() {
      OPEN.incrementAndGet();
    }

    @StartBundle
    public void start() {
      all = new StringBuilder();
    }

    @ProcessElement
    public void process(@Element String element) {
      all.append(element);
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      context.output(all.toString(), BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
    }

    @Teardown
    public void teardown() {
      OPEN.decrementAndGet();
    }
  }

  @Test
  void waitsForASignal() {
    PCollection<Void> done = numbers("Numbers", 1, 2).apply("Signal", ParDo.of(new Note<>()));
    numbers("Later", 3).apply(Wait.on(done)).apply("Last", ParDo.of(new Note<>()));
    pipeline.run().waitUntilFinish();
    assertThat(LocalPlan.of(pipeline).unknown()).isNull();
    assertThat(new ArrayList<>(OUT).get(2)).isEqualTo("3");
  }

  @Test
  void failsAsStepsDoAndLetsGo() {
    numbers("Numbers", 1, 2, 3)
        .apply(
            ParDo.of(
                new DoFn<Integer, String>() {
                  @Setup
                  public void setup() {
                    OPEN.incrementAndGet();
                  }

                  @ProcessElement
                  public void process(@Element Integer number) throws IOException {
                    throw new IOException("no room");
                  }

                  @Teardown
                  public void teardown() {
                    OPEN.decrementAndGet();
                  }
                }))
        .setCoder(StringUtf8Coder.of());
    assertThatThrownBy(pipeline::run)
        .isInstanceOf(Pipeline.PipelineExecutionException.class)
        .cause()
        .hasMessage("no room");
    assertThat(OPEN).hasValue(0);
  }

  @Test
  void leavesStateToTheDirectRunner() {
    numbers("Numbers", 1, 2)
        .apply(WithKeys.of("k"))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of()))
        .apply("Remember", ParDo.of(new Remember()))
        .apply(ParDo.of(new Note<>()));
    assertThat(LocalPlan.of(pipeline).unknown()).startsWith("Remember");
    pipeline.run().waitUntilFinish();
    assertThat(OUT).contains("3");
  }

  private static final class Remember extends DoFn<KV<String, Integer>, Integer> {
    @StateId("sum")
    private final StateSpec<ValueState<Integer>> sum = StateSpecs.value(VarIntCoder.of());

    @ProcessElement
    public void process(
        @Element KV<String, Integer> pair,
        @StateId("sum") ValueState<Integer> state,
        OutputReceiver<Integer> out) {
      Integer before = state.read();
      state.write((before == null ? 0 : before) + pair.getValue());
      out.output(state.read());
    }
  }

  @Test
  void leavesWindowsToTheDirectRunner() {
    numbers("Numbers", 1).apply("Hours", Window.into(FixedWindows.of(Duration.standardHours(1))));
    assertThat(LocalPlan.of(pipeline).unknown()).startsWith("Hours");
  }
}
