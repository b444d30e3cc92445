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
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Judges a stream's windows and writes their statistics and findings as they come: a window's tests
 * are one element, so nothing has to be grouped, and each revision is written whole. Emits the
 * windows written.
 */
public final class WriteRevisions
    extends PTransform<PCollection<KV<WindowKey, WindowProfile>>, PCollection<Long>> {
  private static final long serialVersionUID = 1;

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
  public PCollection<Long> expand(PCollection<KV<WindowKey, WindowProfile>> windows) {
    return windows.apply("JudgeAndWrite", ParDo.of(new WriteFn(context, output)));
  }

  private static final class WriteFn extends DoFn<KV<WindowKey, WindowProfile>, Long> {
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
    public void process(@Element KV<WindowKey, WindowProfile> window, OutputReceiver<Long> out)
        throws IOException {
      if (tables == null) {
        tables = new WindowTables(context.get());
      }
      WindowKey key = window.getKey();
      WindowProfile profile = window.getValue();
      List<Statistic> statistics = WriteByWindow.sorted(tables.statistics(key, profile, true));
      List<Finding> findings = WriteByWindow.sorted(tables.findings(key, profile, true));
      write(
          "statistics",
          key,
          profile,
          ParquetFiles.bytes(Statistic.getClassSchema(), statistics),
          "parquet");
      write("findings", key, profile, JsonLines.of(findings), "jsonl");
      revisions.inc();
      alarms.inc(findings.stream().filter(Finding::getAlarm).count());
      out.output(key.start());
    }

    private void write(
        String table, WindowKey key, WindowProfile profile, byte[] content, String extension)
        throws IOException {
      String model = context.get().spec().model();
      String folder = WindowFolders.folder(output, table, model, key.start());
      RevisionFiles.write(folder, key.version(), profile.rows(), content, extension);
    }
  }
}
