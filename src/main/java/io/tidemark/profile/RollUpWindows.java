package io.tidemark.profile;

import io.tidemark.event.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Merges windows to the longer windows of a horizon. A window of the horizon is complete when all
 * of its windows are there and complete.
 *
 * <p>A bounded run merges each window of the horizon that holds one of its own from these and from
 * what earlier runs have stored of the others. A stream passes a longer window on when it ends, and
 * again when one of its windows has changed; see {@link RollUpFn}.
 */
public final class RollUpWindows
    extends PTransform<
        PCollection<WindowRevision<WindowProfile>>, PCollection<WindowRevision<WindowProfile>>> {
  private static final long serialVersionUID = 1;

  private final Rule rule;
  private final transient WindowProfileCoder coder;
  private final transient StoredProfiles stored;

  /** Which windows go together. */
  record Rule(WindowSpec horizon, WindowSpec window) implements Serializable {
    /** The window of the horizon that a window is a part of. */
    WindowKey of(WindowKey key) {
      return new WindowKey(key.version(), horizon.startOf(key.start()));
    }

    /** How many windows a window of the horizon has. */
    int windowsOf(long start) {
      int count = 0;
      long end = horizon.endOf(start);
      for (long at = start; at < end; at = window.endOf(at)) {
        count++;
      }
      return count;
    }
  }

  /** What there is of one version in a window of the horizon. */
  static final class Merged {
    private WindowProfile profile;
    private int completeWindows;

    void add(WindowProfile more) {
      profile = profile == null ? more : profile.merge(more);
    }

    private void add(WindowProfile more, boolean complete) {
      add(more);
      completeWindows += complete ? 1 : 0;
    }

    WindowRevision<WindowProfile> as(WindowKey key, boolean complete) {
      return new WindowRevision<>(key, profile.rows(), complete, profile);
    }
  }

  private RollUpWindows(Rule rule, WindowProfileCoder coder, StoredProfiles stored) {
    this.rule = rule;
    this.coder = coder;
    this.stored = stored;
  }

  /**
   * @param horizon a whole multiple of the window
   * @param stored the windows of earlier runs, or null: none are taken; a stream takes none
   */
  public static RollUpWindows to(
      WindowSpec horizon, WindowSpec window, WindowProfileCoder coder, StoredProfiles stored) {
    return new RollUpWindows(new Rule(horizon, window), coder, stored);
  }

  @Override
  public PCollection<WindowRevision<WindowProfile>> expand(
      PCollection<WindowRevision<WindowProfile>> windows) {
    WindowRevision.RevisionCoder<byte[]> packed = WindowRevision.coder(ByteArrayCoder.of());
    PCollection<WindowRevision<WindowProfile>> merged;
    if (windows.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      merged =
          windows
              .apply("HorizonOfWindow", ParDo.of(new HorizonFn(rule, coder)))
              .setCoder(KvCoder.of(new WindowKey.KeyCoder(), packed))
              .apply("MergeWindows", ParDo.of(new RollUpFn(rule, coder)));
    } else {
      // Versions together, because what is stored of a window is one file of all of them.
      merged =
          windows
              .apply("StartOfHorizon", ParDo.of(new StartFn(rule, coder)))
              .setCoder(KvCoder.of(VarLongCoder.of(), packed))
              .apply("GroupByHorizon", GroupByKey.create())
              .apply("MergeWindows", ParDo.of(new MergeFn(rule, coder, stored)));
    }
    return merged.setCoder(WindowRevision.coder(coder));
  }

  private static final class HorizonFn
      extends DoFn<WindowRevision<WindowProfile>, KV<WindowKey, WindowRevision<byte[]>>> {
    private static final long serialVersionUID = 1;

    private final Rule rule;
    private final WindowProfileCoder coder;

    HorizonFn(Rule rule, WindowProfileCoder coder) {
      this.rule = rule;
      this.coder = coder;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<WindowProfile> window,
        OutputReceiver<KV<WindowKey, WindowRevision<byte[]>>> out) {
      out.output(
          KV.of(rule.of(window.window()), window.with(MergeStates.pack(coder, window.content()))));
    }
  }

  private static final class StartFn
      extends DoFn<WindowRevision<WindowProfile>, KV<Long, WindowRevision<byte[]>>> {
    private static final long serialVersionUID = 1;

    private final Rule rule;
    private final WindowProfileCoder coder;

    StartFn(Rule rule, WindowProfileCoder coder) {
      this.rule = rule;
      this.coder = coder;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<WindowProfile> window,
        OutputReceiver<KV<Long, WindowRevision<byte[]>>> out) {
      out.output(
          KV.of(
              rule.of(window.window()).start(),
              window.with(MergeStates.pack(coder, window.content()))));
    }
  }

  private static final class MergeFn
      extends DoFn<KV<Long, Iterable<WindowRevision<byte[]>>>, WindowRevision<WindowProfile>> {
    private static final long serialVersionUID = 1;

    private final Rule rule;
    private final WindowProfileCoder coder;
    private final StoredProfiles stored;

    MergeFn(Rule rule, WindowProfileCoder coder, StoredProfiles stored) {
      this.rule = rule;
      this.coder = coder;
      this.stored = stored;
    }

    @ProcessElement
    public void process(
        @Element KV<Long, Iterable<WindowRevision<byte[]>>> horizon,
        OutputReceiver<WindowRevision<WindowProfile>> out)
        throws IOException {
      long start = horizon.getKey();
      TreeMap<String, Merged> versions = new TreeMap<>();
      Set<Long> run = new HashSet<>();
      for (WindowRevision<byte[]> packed : horizon.getValue()) {
        WindowKey key = packed.window();
        run.add(key.start());
        versions
            .computeIfAbsent(key.version(), version -> new Merged())
            .add(MergeStates.unpack(coder, packed.content()), packed.complete());
      }
      if (stored != null) {
        addStored(start, run, versions);
      }
      int windows = rule.windowsOf(start);
      for (Map.Entry<String, Merged> version : versions.entrySet()) {
        Merged merged = version.getValue();
        out.output(
            merged.as(new WindowKey(version.getKey(), start), merged.completeWindows == windows));
      }
    }

    /**
     * The windows that are not in the run; what is stored of the others is about to be replaced.
     */
    private void addStored(long start, Set<Long> run, TreeMap<String, Merged> versions)
        throws IOException {
      long end = rule.horizon().endOf(start);
      for (long at = start; at < end; at = rule.window().endOf(at)) {
        if (!run.contains(at)) {
          for (StoredProfiles.Kept kept : stored.read(at)) {
            versions
                .computeIfAbsent(kept.version(), version -> new Merged())
                .add(kept.profile(), kept.complete());
          }
        }
      }
    }
  }
}
