package io.tidemark.pipeline;

import io.tidemark.flow.Fleet;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
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
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/**
 * Keeps a record of each model of a job without end: adds up the parts of its account in state, and
 * writes the sum, a few seconds after it has changed, once a checkpoint holds it. So a record never
 * says more than what a failure leaves, and what is read again is not counted again. Emits the
 * records' paths.
 */
final class KeepRunRecords
    extends PTransform<PCollection<KV<String, RunAccount>>, PCollection<String>> {
  private static final long serialVersionUID = 1;

  /** How often a record is written at most. */
  private static final Duration PAUSE = Duration.standardSeconds(5);

  /** Of parts and of sums. */
  static final KvCoder<String, RunAccount> CODER =
      KvCoder.of(StringUtf8Coder.of(), new RunAccount.AccountCoder());

  private final transient Fleet<FollowedRecord> records;
  private final String output;
  private final transient Optional<LineageKeeper> lineage;

  private KeepRunRecords(
      Fleet<FollowedRecord> records, String output, Optional<LineageKeeper> lineage) {
    this.records = records;
    this.output = output;
    this.lineage = lineage;
  }

  /**
   * @param output folder of all outputs
   */
  static KeepRunRecords of(Fleet<FollowedRecord> records, String output) {
    return new KeepRunRecords(records, output, Optional.empty());
  }

  /** The same that tells in OpenLineage, too, whenever it has written a record. */
  KeepRunRecords telling(LineageKeeper keeper) {
    return new KeepRunRecords(records, output, Optional.of(keeper));
  }

  /** Where a model's record is: the same for all jobs that go on from one another. */
  static String path(String output, String model) {
    return OutputFiles.path(output, "runs", "following-" + OutputFiles.segment(model) + ".json");
  }

  @Override
  public PCollection<String> expand(PCollection<KV<String, RunAccount>> parts) {
    PipelineOptions options = parts.getPipeline().getOptions();
    Fleet<String> heads = records.map(each -> each.head(options));
    return parts
        .apply("AddUp", ParDo.of(new AddUpFn()))
        .setCoder(CODER)
        .apply("Write", ParDo.of(new WriteStableFn(heads, output, lineage.orElse(null))));
  }

  private static final class AddUpFn extends DoFn<KV<String, RunAccount>, KV<String, RunAccount>> {
    private static final long serialVersionUID = 1;

    @StateId("sum")
    private final StateSpec<ValueState<RunAccount>> sumSpec =
        StateSpecs.value(new RunAccount.AccountCoder());

    @StateId("changed")
    private final StateSpec<ValueState<Boolean>> changedSpec = StateSpecs.value(BooleanCoder.of());

    @TimerId("write")
    private final TimerSpec writeSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    @ProcessElement
    public void process(
        @Element KV<String, RunAccount> part,
        @StateId("sum") ValueState<RunAccount> sum,
        @StateId("changed") ValueState<Boolean> changed,
        @TimerId("write") Timer write) {
      RunAccount before = sum.read();
      sum.write(before == null ? part.getValue() : before.plus(part.getValue()));
      if (!Boolean.TRUE.equals(changed.read())) {
        changed.write(true);
        // At the end of time it holds nobody up: no step behind this one asks for event time.
        write.withOutputTimestamp(GlobalWindow.INSTANCE.maxTimestamp()).offset(PAUSE).setRelative();
      }
    }

    @OnTimer("write")
    public void write(
        @Key String model,
        @StateId("sum") ValueState<RunAccount> sum,
        @StateId("changed") ValueState<Boolean> changed,
        OutputReceiver<KV<String, RunAccount>> out) {
      changed.clear();
      out.output(KV.of(model, sum.read()));
    }
  }

  private static final class WriteStableFn extends DoFn<KV<String, RunAccount>, String> {
    private static final long serialVersionUID = 1;

    private final Fleet<String> heads;
    private final String output;
    private final LineageKeeper lineage;

    /**
     * @param lineage null: nobody is told
     */
    WriteStableFn(Fleet<String> heads, String output, LineageKeeper lineage) {
      this.heads = heads;
      this.output = output;
      this.lineage = lineage;
    }

    @RequiresStableInput
    @ProcessElement
    public void process(@Element KV<String, RunAccount> sum, OutputReceiver<String> out)
        throws IOException {
      String model = sum.getKey();
      if (!heads.has(model)) {
        return; // it has left
      }
      String path = path(output, model);
      OutputFiles.write(path, FollowedRecord.content(heads.of(model), sum.getValue()));
      if (lineage != null) {
        lineage.running(model, output, path);
      }
      out.output(path);
    }
  }
}
