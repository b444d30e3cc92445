package io.tidemark.store;

import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;

/**
 * Writes a stream's dead letters and late rows: a file for each stretch of a partition's offsets,
 * written again with all of the stretch's letters as they come. So a job that goes on from a
 * checkpoint writes the same files, and no letter is there twice. Offsets only rise, so what a
 * partition keeps are the letters of its last stretch, until one of the next comes: a slow
 * partition's may be days apart.
 */
public final class StreamLetters extends PTransform<PCollection<DeadLetter>, PCollection<String>> {
  private static final long serialVersionUID = 1;
  private static final int STRETCH_BITS = 10;
  private static final Duration SOON = Duration.standardSeconds(2);

  private final String output;
  private final String table;
  private final String prefix;

  private StreamLetters(String output, String table, String prefix) {
    this.output = output;
    this.table = table;
    this.prefix = prefix;
  }

  /**
   * @param table the folder below the output
   */
  public static StreamLetters to(String output, String table) {
    return new StreamLetters(output, table, "");
  }

  /**
   * The same of one of several models in a run: what is unusable to one may be a row to another.
   */
  public StreamLetters of(String model) {
    return new StreamLetters(output, table, OutputFiles.segment(model) + "-");
  }

  @Override
  public PCollection<String> expand(PCollection<DeadLetter> letters) {
    return letters
        .apply(
            "ByPartition",
            WithKeys.<String, DeadLetter>of(DeadLetter::getSource)
                .withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(DeadLetter.class)))
        .apply("WriteStretch", ParDo.of(new WriteFn(output, table, prefix)));
  }

  private static final class WriteFn extends DoFn<KV<String, DeadLetter>, String> {
    private static final long serialVersionUID = 1;

    @StateId("letters")
    private final StateSpec<BagState<DeadLetter>> lettersSpec =
        StateSpecs.bag(RecordCoder.of(DeadLetter.class));

    /** Of these letters. */
    @StateId("stretch")
    private final StateSpec<ValueState<Long>> stretchSpec = StateSpecs.value(VarLongCoder.of());

    @StateId("unwritten")
    private final StateSpec<ValueState<Boolean>> unwrittenSpec =
        StateSpecs.value(BooleanCoder.of());

    @TimerId("write")
    private final TimerSpec writeSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private final String output;
    private final String table;
    private final String prefix;

    WriteFn(String output, String table, String prefix) {
      this.output = output;
      this.table = table;
      this.prefix = prefix;
    }

    @ProcessElement
    public void process(
        @Element KV<String, DeadLetter> letter,
        @StateId("letters") BagState<DeadLetter> letters,
        @StateId("stretch") ValueState<Long> stretch,
        @StateId("unwritten") ValueState<Boolean> unwritten,
        @TimerId("write") Timer write,
        OutputReceiver<String> out)
        throws IOException {
      long own = letter.getValue().getPosition() >> STRETCH_BITS;
      Long before = stretch.read();
      if (before == null || before != own) {
        if (Boolean.TRUE.equals(unwritten.read())) {
          write(letters, out);
        }
        letters.clear();
        stretch.write(own);
      }
      letters.add(letter.getValue());
      if (!Boolean.TRUE.equals(unwritten.read())) {
        unwritten.write(true);
        write.offset(SOON).setRelative();
      }
    }

    @OnTimer("write")
    public void soon(
        @StateId("letters") BagState<DeadLetter> letters,
        @StateId("unwritten") ValueState<Boolean> unwritten,
        OutputReceiver<String> out)
        throws IOException {
      write(letters, out);
      unwritten.clear();
    }

    private void write(BagState<DeadLetter> letters, OutputReceiver<String> out)
        throws IOException {
      List<DeadLetter> all = new ArrayList<>();
      letters.read().forEach(all::add);
      all.sort(Comparator.comparingLong(DeadLetter::getPosition));
      String name = WriteDeadLetters.name(all.get(0), STRETCH_BITS);
      String path = OutputFiles.path(output, table, prefix + name);
      OutputFiles.write(path, JsonLines.of(all));
      out.output(path);
    }
  }
}
