package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.Wholeness;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Statistic;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.JsonLines;
import io.tidemark.store.ParquetFiles;
import io.tidemark.store.RevisionFiles;
import io.tidemark.store.WindowFolders;
import io.tidemark.store.WriteByWindow;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Judges a stream's windows and writes their statistics and findings as they come: a window's tests
 * are one element, so nothing has to be grouped, and each revision is written whole. What rang in a
 * window is then under {@link #ALARMS}, by the window and with its revision, also where nothing
 * did: it takes the place of what rang before.
 */
public final class WriteRevisions
    extends PTransform<PCollection<KV<WindowKey, WindowProfile>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<KV<WindowKey, KV<Long, List<Comparison>>>> ALARMS =
      new TupleTag<>("alarms") {};

  private final transient DriftContext context;
  private final String output;

  private WriteRevisions(DriftContext context, String output) {
    this.context = context;
    this.output = output;
  }

  public static WriteRevisions of(
      MonitoringSpec spec, Redaction redaction, Baselines baselines, String output) {
    Wholeness whole = new Wholeness(Long.MIN_VALUE, Long.MAX_VALUE);
    return new WriteRevisions(new DriftContext(spec, redaction, baselines, whole), output);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, WindowProfile>> windows) {
    PCollectionTuple written =
        windows.apply(
            "JudgeAndWrite",
            ParDo.of(new WriteFn(context, output)).withOutputTags(ALARMS, TupleTagList.empty()));
    written
        .get(ALARMS)
        .setCoder(
            KvCoder.of(
                new WindowKey.KeyCoder(),
                KvCoder.of(VarLongCoder.of(), ListCoder.of(new Comparison.ComparisonCoder()))));
    return written;
  }

  private static final class WriteFn
      extends DoFn<KV<WindowKey, WindowProfile>, KV<WindowKey, KV<Long, List<Comparison>>>> {
    private static final long serialVersionUID = 1;

    private final Shipped<DriftContext> context;
    private final String output;
    private final Counter revisions = Metrics.counter("tidemark", "window_revisions");
    private final Counter alarms = Metrics.counter("tidemark", "alarms");

    private transient WindowTables tables;

    WriteFn(DriftContext context, String output) {
      this.context = Shipped.of(context);
      this.output = output;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, WindowProfile> window,
        OutputReceiver<KV<WindowKey, KV<Long, List<Comparison>>>> out)
        throws IOException {
      if (tables == null) {
        tables = new WindowTables(context.get());
      }
      WindowKey key = window.getKey();
      WindowProfile profile = window.getValue();
      List<Statistic> statistics = WriteByWindow.sorted(tables.statistics(key, profile, true));
      List<Comparison> comparisons = tables.comparisons(key, profile, true);
      List<Finding> findings =
          WriteByWindow.sorted(comparisons.stream().map(Comparison::finding).toList());
      write(
          "statistics",
          key,
          profile,
          ParquetFiles.bytes(Statistic.getClassSchema(), statistics),
          "parquet");
      write("findings", key, profile, JsonLines.of(findings), "jsonl");
      revisions.inc();
      List<Comparison> rang =
          comparisons.stream().filter(each -> each.finding().getAlarm()).toList();
      alarms.inc(rang.size());
      out.output(KV.of(key, KV.of(profile.rows(), rang)));
    }

    private void write(
        String table, WindowKey key, WindowProfile profile, byte[] content, String extension)
        throws IOException {
      String model = context.get().spec().model();
      String folder = WindowFolders.folder(output, table, model, key.start());
      RevisionFiles.write(folder, "part", key.version(), profile.rows(), content, extension);
    }
  }
}
