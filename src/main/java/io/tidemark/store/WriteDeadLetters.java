package io.tidemark.store;

import io.tidemark.schema.DeadLetter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes dead letters as {@code dead-letters/<file>-<hash of its path>-<stretch>.jsonl}: named by
 * where they come from, so that a run over the same files writes the same ones again. Those of a
 * stream are written as they come, see {@link StreamLetters}.
 */
public final class WriteDeadLetters
    extends PTransform<PCollection<KV<String, DeadLetter>>, PCollection<String>> {
  private static final long serialVersionUID = 1;

  /** The folder of unusable rows below the output. */
  public static final String TABLE = "dead-letters";

  /** The folder of rows that came too late below the output. */
  public static final String LATE = "late";

  /** Positions that go into one file: a group must fit in memory. */
  private static final int STRETCH_BITS = 24;

  private final String output;
  private final String table;
  private final boolean several;

  private WriteDeadLetters(String output, String table, boolean several) {
    this.output = output;
    this.table = table;
    this.several = several;
  }

  /**
   * @param table {@link #TABLE} or {@link #LATE}
   */
  public static WriteDeadLetters to(String output, String table) {
    return new WriteDeadLetters(output, table, false);
  }

  /**
   * The same of several models in a run, files of each: what is unusable to one may be a row to
   * another.
   */
  public WriteDeadLetters ofSeveral() {
    return new WriteDeadLetters(output, table, true);
  }

  @Override
  public PCollection<String> expand(PCollection<KV<String, DeadLetter>> letters) {
    if (letters.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      return letters.apply("AsTheyCome", new StreamLetters(output, table, several));
    }
    return letters
        .apply(
            "NameFile",
            MapElements.via(
                new SimpleFunction<KV<String, DeadLetter>, KV<String, DeadLetter>>() {
                  private static final long serialVersionUID = 1;

                  @Override
                  public KV<String, DeadLetter> apply(KV<String, DeadLetter> letter) {
                    String name = name(letter.getValue(), STRETCH_BITS);
                    return KV.of(prefix(letter.getKey(), several) + name, letter.getValue());
                  }
                }))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(DeadLetter.class)))
        .apply("GroupByFile", GroupByKey.create())
        .apply("WriteFile", ParDo.of(new WriteFn(output, table)));
  }

  /**
   * How files of a model's letters begin.
   *
   * @param model "": nobody knows whose they are
   */
  static String prefix(String model, boolean several) {
    return several && !model.isEmpty() ? OutputFiles.segment(model) + "-" : "";
  }

  /**
   * The file of a letter, by where it comes from.
   *
   * @param stretchBits positions that go into one file, as a power of two
   */
  static String name(DeadLetter letter, int stretchBits) {
    String source = letter.getSource();
    String file = source.substring(source.lastIndexOf('/') + 1);
    return OutputFiles.segment(file)
        + "-"
        + ContentHash.of(source.getBytes(StandardCharsets.UTF_8))
        + "-"
        + (letter.getPosition() >> stretchBits)
        + ".jsonl";
  }

  private static final class WriteFn extends DoFn<KV<String, Iterable<DeadLetter>>, String> {
    private static final long serialVersionUID = 1;

    private final String output;
    private final String table;

    WriteFn(String output, String table) {
      this.output = output;
      this.table = table;
    }

    @ProcessElement
    public void process(@Element KV<String, Iterable<DeadLetter>> file, OutputReceiver<String> out)
        throws IOException {
      List<DeadLetter> letters = new ArrayList<>();
      file.getValue().forEach(letters::add);
      // Records of an Avro block share a position, and one file may hold events and labels.
      letters.sort(
          Comparator.comparingLong(DeadLetter::getPosition)
              .thenComparing(DeadLetter::getReason)
              .thenComparing(DeadLetter::getDetail));
      String path = OutputFiles.path(output, table, file.getKey());
      OutputFiles.write(path, JsonLines.of(letters));
      out.output(path);
    }
  }
}
