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
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/**
 * {@link WriteDeadLetters} of a stream: writes its dead letters and late rows: files of a
 * partition's letters in their order. A new file begins with each stretch of offsets, and where a
 * stretch's letters are many or long, before the letter that would make the file too large; it is
 * named by that letter's offset. So which letters a file has depends on them alone, not on when
 * they come: a job that goes on from a checkpoint writes the same files, and no letter is lost or
 * there twice. Only a partition's last file can grow, so its letters are all that is held of it: a
 * slow partition's may be days apart.
 */
final class StreamLetters
    extends PTransform<PCollection<KV<String, DeadLetter>>, PCollection<String>> {
  private static final long serialVersionUID = 1;
  private static final int STRETCH_BITS = 10;

  /** Characters of a file, unless a single letter has more. */
  private static final long LARGEST_FILE = 1 << 20;

  private static final Duration SOON = Duration.standardSeconds(2);

  private final String output;
  private final String table;
  private final boolean several;

  /**
   * @param table the folder below the output
   * @param several whether there are files of each model
   */
  StreamLetters(String output, String table, boolean several) {
    this.output = output;
    this.table = table;
    this.several = several;
  }

  @Override
  public PCollection<String> expand(PCollection<KV<String, DeadLetter>> letters) {
    return letters
        .apply(
            "ByPartition",
            MapElements.via(
                new SimpleFunction<KV<String, DeadLetter>, KV<KV<String, String>, DeadLetter>>() {
                  private static final long serialVersionUID = 1;

                  @Override
                  public KV<KV<String, String>, DeadLetter> apply(KV<String, DeadLetter> letter) {
                    String source = letter.getValue().getSource();
                    return KV.of(KV.of(letter.getKey(), source), letter.getValue());
                  }
                }))
        .setCoder(
            KvCoder.of(
                KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()),
                RecordCoder.of(DeadLetter.class)))
        .apply("WriteStretch", ParDo.of(new WriteFn(output, table, several)));
  }

  private static final class WriteFn extends DoFn<KV<KV<String, String>, DeadLetter>, String> {
    private static final long serialVersionUID = 1;

    /** Of the partition's last file. */
    @StateId("letters")
    private final StateSpec<BagState<DeadLetter>> lettersSpec =
        StateSpecs.bag(RecordCoder.of(DeadLetter.class));

    /** Of these letters. */
    @StateId("stretch")
    private final StateSpec<ValueState<Long>> stretchSpec = StateSpecs.value(VarLongCoder.of());

    /** Offset of the first of these letters; none: the file is the stretch's first. */
    @StateId("first")
    private final StateSpec<ValueState<Long>> firstSpec = StateSpecs.value(VarLongCoder.of());

    /** Of these letters; none: nobody has counted them, a job of an older release left them. */
    @StateId("length")
    private final StateSpec<ValueState<Long>> lengthSpec = StateSpecs.value(VarLongCoder.of());

    @StateId("unwritten")
    private final StateSpec<ValueState<Boolean>> unwrittenSpec =
        StateSpecs.value(BooleanCoder.of());

    @TimerId("write")
    private final TimerSpec writeSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private final String output;
    private final String table;
    private final boolean several;

    WriteFn(String output, String table, boolean several) {
      this.output = output;
      this.table = table;
      this.several = several;
    }

    @ProcessElement
    public void process(
        @Element KV<KV<String, String>, DeadLetter> letter,
        @StateId("letters") BagState<DeadLetter> letters,
        @StateId("stretch") ValueState<Long> stretch,
        @StateId("first") ValueState<Long> first,
        @StateId("length") ValueState<Long> length,
        @StateId("unwritten") ValueState<Boolean> unwritten,
        @TimerId("write") Timer write,
        OutputReceiver<String> out)
        throws IOException {
      long position = letter.getValue().getPosition();
      long own = position >> STRETCH_BITS;
      long added = LetterLength.of(letter.getValue());
      Long before = stretch.read();
      boolean same = before != null && before == own;
      long held = same ? held(letters, length) : 0;
      if (!same || (held > 0 && held + added > LARGEST_FILE)) {
        if (Boolean.TRUE.equals(unwritten.read())) {
          write(letter.getKey().getKey(), letters, first.read(), out);
        }
        letters.clear();
        held = 0;
        stretch.write(own);
        if (same) {
          first.write(position);
        } else {
          first.clear();
        }
      }
      letters.add(letter.getValue());
      length.write(held + added);
      if (!Boolean.TRUE.equals(unwritten.read())) {
        unwritten.write(true);
        write.offset(SOON).setRelative();
      }
    }

    private static long held(BagState<DeadLetter> letters, ValueState<Long> length) {
      Long counted = length.read();
      long held = counted == null ? 0 : counted;
      if (counted == null) {
        for (DeadLetter letter : letters.read()) {
          held += LetterLength.of(letter);
        }
      }
      return held;
    }

    @OnTimer("write")
    public void soon(
        @Key KV<String, String> key,
        @StateId("letters") BagState<DeadLetter> letters,
        @StateId("first") ValueState<Long> first,
        @StateId("unwritten") ValueState<Boolean> unwritten,
        OutputReceiver<String> out)
        throws IOException {
      write(key.getKey(), letters, first.read(), out);
      unwritten.clear();
    }

    private void write(
        String model, BagState<DeadLetter> letters, Long first, OutputReceiver<String> out)
        throws IOException {
      List<DeadLetter> all = new ArrayList<>();
      letters.read().forEach(all::add);
      all.sort(Comparator.comparingLong(DeadLetter::getPosition));
      String name = WriteDeadLetters.name(all.get(0), STRETCH_BITS);
      if (first != null) {
        name = name.replaceFirst("\\.jsonl$", "-" + first + ".jsonl");
      }
      String path = OutputFiles.path(output, table, WriteDeadLetters.prefix(model, several) + name);
      OutputFiles.write(path, JsonLines.of(all));
      out.output(path);
    }
  }
}
