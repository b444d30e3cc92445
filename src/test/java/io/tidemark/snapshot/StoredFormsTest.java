package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Golden;
import io.tidemark.GoldenParquet;
import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.CellShares;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.Held;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.ShownFile;
import io.tidemark.schema.AcquisitionRequest;
import io.tidemark.schema.ClassMix;
import io.tidemark.schema.PredicateKind;
import io.tidemark.schema.PredicateMix;
import io.tidemark.schema.RegionKind;
import io.tidemark.schema.SlicePredicate;
import io.tidemark.schema.StoredCandidates;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.stats.CutPoints;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import io.tidemark.store.AvroFiles;
import io.tidemark.store.JsonLines;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What checkpoints, {@code candidates/} and manifests hold of snapshots. */
class StoredFormsTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: binary
          events: {id: i, time: t, prediction: {score: s, positive: 1}, label: y}
          features: {x: numeric, c: categorical}
          window: {size: P1D}
          snapshot: {rows: 400, columns: [s, y]}
          """);
  private static final EventLayout LAYOUT = EventLayout.of(SPEC);
  private static final DriftedField DRIFTED =
      new DriftedField(new WindowKey("m", "", 0), 1, "f", new double[] {.5, -.5});

  @TempDir Path output;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static Broadcast<Fleet<PoolSettings>> settings() {
    Grid grid = Grid.of(new double[] {0, .5, 1}, true);
    Dictionary values = Dictionary.of(List.of("0", "1", "a", "b"));
    List<FieldBins> references = new ArrayList<>();
    List<CutPoints> cuts = new ArrayList<>();
    List<Dictionary> dictionaries = new ArrayList<>();
    for (Field field : LAYOUT.fields()) {
      Dictionary known = field.numeric() ? null : values;
      references.add(new FieldBins(field, field.numeric() ? grid : null, null, null, known, false));
      cuts.add(field.numeric() ? new CutPoints(grid.edges()) : null);
      dictionaries.add(known);
    }
    ProfileLayout layout = new ProfileLayout("m", 0, LAYOUT, cuts, dictionaries, List.of(), 16, 16);
    return Broadcast.of(
        Fleet.one(
            "m",
            PoolSettings.of(
                SPEC,
                ProfileLayouts.single(layout),
                each -> List.copyOf(references),
                any -> CellShares.of(null, any),
                Redaction.none())));
  }

  private static InferenceEvent row(int i, String label) {
    double[] numbers = {.25 * i, .5};
    return new InferenceEvent(
        "id-" + i, i, "", numbers, new String[] {"a", label}, null, new String[0]);
  }

  private static StratifiedSample pool() {
    StratifiedSample pool = settings().get().of("m").newPool("");
    pool.add(row(1, "1"));
    pool.add(row(2, null));
    return pool;
  }

  @Test
  void poolInState() throws IOException {
    StratifiedSample read =
        Golden.holds(
            new StratifiedSampleCoder(settings()),
            pool(),
            """
            a102016d00000000000000000000000200000000000000010000000000000000000000028a79360a
            67a357f70569642d32000000000000000201023fe00000000000003fe00000000000000202610000
            0000d4153ba9439a61ee0569642d31000000000000000101023fd00000000000003fe00000000000
            00020261023100000000000000000003200000000200000001000000000000000100000000010000
            00000000000700000000000000010000000001000000010000000000000640000000040000001200
            00000000000002000000000200000000000000010000001700000000000000020000000002000000
            00000000010000001a0000000000000002000000000200000000000000010000001e000000000000
            0001000000000100000001\
            """);
    assertThat(read.rows()).isEqualTo(2);
    assertThat(read.labelled()).isEqualTo(1);
    assertThat(read.candidates()).hasSameSizeAs(pool().candidates());
  }

  @Test
  void driftedFields() throws IOException {
    Golden.same(
        Golden.holds(
            new DriftedField.FieldCoder(),
            DRIFTED,
            """
            016d000000000000000000000000010166000000023fe0000000000000bfe0000000000000\
            """),
        DRIFTED);
  }

  @Test
  void candidates() throws IOException {
    WindowKey key = new WindowKey("m", "", 0);
    StoredPools pools =
        new StoredPools(
            SPEC,
            settings(),
            new TreeMap<>(Map.of("", "b")),
            Redaction.of(SPEC, null),
            output.toString());
    pools.write(new TreeMap<>(Map.of(key, new WindowCandidates(pool(), List.of(DRIFTED), true))));
    String folder = WindowFolders.folder(output.toString(), StoredPools.TABLE, "m", 0L);
    StoredCandidates stored =
        AvroFiles.read(WindowFolders.read(folder, "avro").get(0), StoredCandidates.class).get(0);
    StoredCandidates read =
        Golden.holds(
            RecordCoder.of(StoredCandidates.class),
            stored,
            """
            e70202026d00008080bbdd8305010402203434313866636637303730393565326500028805000000
            01016d000000000000000000000000010166000000023fe0000000000000bfe00000000000000000
            00000000000200000000000000010000000000000000000000028a79360a67a357f70569642d3200
            0000000000000201023fe00000000000003fe000000000000002026100000000d4153ba9439a61ee
            0569642d31000000000000000101023fd00000000000003fe0000000000000020261023100000000
            00000000000320000000020000000100000000000000010000000001000000000000000700000000
            00000001000000000100000001000000000000064000000004000000120000000000000002000000
            00020000000000000001000000170000000000000002000000000200000000000000010000001a00
            00000000000002000000000200000000000000010000001e00000000000000010000000001000000
            01\
            """);
    byte[] file = AvroFiles.bytes(StoredCandidates.getClassSchema(), List.of(read));
    WindowFolders.replace(folder, "part", file, "avro");
    WindowCandidates kept = pools.read(0).get(key);
    assertThat(kept.held()).isEqualTo(new Held(2, 1));
    assertThat(kept.complete()).isTrue();
    Golden.same(kept.drifted(), List.of(DRIFTED));
  }

  @Test
  void whatBecameOfAPeriod() throws IOException {
    Coder<PrepareSnapshot.Prepared> coder = new PrepareSnapshot.Prepared.PreparedCoder();
    PrepareSnapshot.Prepared shown =
        new PrepareSnapshot.Prepared("manifest-a.json", null, List.of(requests()));
    assertThat(
            Golden.holds(
                coder,
                shown,
                "010f6d616e69666573742d612e6a736f6e0000000001016d00000000000000000000000000000000"
                    + "020100000001a301026d00008080bbdd830504010220303132333435363738396162636465660416"
                    + "6320697320756e7365656e020263060000000002000000000000d03f020000000000000000000202"
                    + "660602000000000000d03f02000000000000f03f029a9999999999d93f029a9999999999a93f0244"
                    + "0204020231000000000000f03f440002427b2263223a226e6577222c2278223a302e32352c226c61"
                    + "62656c223a6e756c6c7d00"))
        .isEqualTo(shown);
    PrepareSnapshot.Prepared refused = new PrepareSnapshot.Prepared(null, "é", List.of());
    assertThat(Golden.holds(coder, refused, "000102c3a900000000")).isEqualTo(refused);
  }

  private static WindowRevision<List<AcquisitionRequest>> requests() {
    AcquisitionRequest request = new AcquisitionRequest();
    request.setModel("m");
    request.setModelVersion("");
    request.setPeriodStart(Instant.EPOCH);
    request.setPeriodEnd(Instant.EPOCH.plusSeconds(86_400));
    request.setRevision(2);
    request.setComplete(true);
    request.setRank(1);
    request.setId("0123456789abcdef");
    request.setKind(RegionKind.unseen);
    request.setRegion("c is unseen");
    request.setPredicates(List.of(new SlicePredicate("c", PredicateKind.unseen, null, null, null)));
    request.setMix(List.of(new PredicateMix(.25, 0.)));
    request.setFindingId("f");
    request.setRows(3);
    request.setRowsLabelled(1);
    request.setShare(.25);
    request.setError(1.);
    request.setHalfWidth(.4);
    request.setTargetHalfWidth(.05);
    request.setTargetCount(34L);
    request.setLabelFirst(2L);
    request.setClasses(List.of(new ClassMix("1", 1., 34L)));
    request.setExemplars(List.of("{\"c\":\"new\",\"x\":0.25,\"label\":null}"));
    return new WindowRevision<>(new WindowKey("m", "", 0), 2, true, List.of(request));
  }

  /** The line of a request: exemplars are objects in it, and are read back as they were. */
  @Test
  void requestInJsonLines() throws IOException {
    AcquisitionRequest request = requests().content().get(0);
    String line = JsonLines.line(request);
    assertThat(line)
        .isEqualTo(
            "{\"model\":\"m\",\"model_version\":\"\",\"period_start\":\"1970-01-01T00:00:00Z\","
                + "\"period_end\":\"1970-01-02T00:00:00Z\",\"revision\":2,\"complete\":true,"
                + "\"rank\":1,\"id\":\"0123456789abcdef\",\"kind\":\"unseen\","
                + "\"region\":\"c is unseen\",\"predicates\":[{\"feature\":\"c\","
                + "\"kind\":\"unseen\",\"value\":null,\"lower\":null,\"upper\":null}],"
                + "\"mix\":[{\"production\":0.25,\"training\":0.0}],\"finding_id\":\"f\","
                + "\"rows\":3,\"rows_labelled\":1,\"share\":0.25,\"error\":1.0,"
                + "\"half_width\":0.4,\"target_half_width\":0.05,\"target_count\":34,"
                + "\"label_first\":2,\"classes\":[{\"label\":\"1\",\"share\":1.0,"
                + "\"target_count\":34}],"
                + "\"exemplars\":[{\"c\":\"new\",\"x\":0.25,\"label\":null}]}");
    assertThat(JsonLines.read(line, AcquisitionRequest.class)).isEqualTo(request);
  }

  /** A part of a snapshot: readers have its columns, and its name has a hash of all its bytes. */
  @Test
  void partOfASnapshot() throws IOException {
    SnapshotRow labelled =
        new SnapshotRow("id-1", row(1, "1"), List.of("base", "drifted"), 1.5, "train", "x > 1");
    SnapshotRow bare = new SnapshotRow("id-2", row(2, null), List.of(), 1, "unlabelled", null);
    byte[] part =
        ShownFile.parquet(
            "snapshot",
            SnapshotColumns.of(SPEC, Redaction.of(SPEC, null), false),
            List.of(labelled, bare));
    GoldenParquet.holds(part, "snapshot-part.txt", "c225d7735c326910");
  }

  /** Later runs read of it which windows readers see. */
  @Test
  void manifest() throws IOException {
    SnapshotRow row = new SnapshotRow("id-1", row(1, "1"), List.of("base"), 1, "train", null);
    Manifest manifest =
        new Manifest(
            SPEC,
            Set.of("b"),
            0,
            new TreeMap<>(Map.of(0L, new Held(2, 1))),
            SnapshotColumns.of(SPEC, Redaction.of(SPEC, null), false),
            EventLabels.of(SPEC),
            List.of(new Manifest.FileEntry("part-00000-abc.parquet", 1, 9, "abcd")),
            new SelectRows.Selection(
                List.of(row),
                new TreeSet<>(Set.of("f")),
                3,
                2,
                1,
                List.of(new SelectRows.SliceRows(WeakSlices.of(1, "x > 1"), 7)),
                TakeAugmented.Taken.NONE));
    String json =
        """
        {
          "format_version" : 1,
          "model" : "m",
          "period_start" : "1970-01-01T00:00:00Z",
          "period_end" : "1970-01-02T00:00:00Z",
          "rows" : 1,
          "files" : [ {
            "name" : "part-00000-abc.parquet",
            "rows" : 1,
            "hash" : "abc",
            "bytes" : 9,
            "sha256" : "abcd"
          } ],
          "schema" : [ {
            "name" : "row_id",
            "type" : "string",
            "role" : "id"
          }, {
            "name" : "i",
            "type" : "string",
            "role" : "id"
          }, {
            "name" : "t",
            "type" : "timestamp(micros, UTC)",
            "role" : "free"
          }, {
            "name" : "x",
            "type" : "double",
            "role" : "feature"
          }, {
            "name" : "c",
            "type" : "string",
            "role" : "feature"
          }, {
            "name" : "s",
            "type" : "double",
            "role" : "prediction"
          }, {
            "name" : "y",
            "type" : "string",
            "role" : "free"
          }, {
            "name" : "label",
            "type" : "string",
            "role" : "label"
          }, {
            "name" : "label_time",
            "type" : "timestamp(micros, UTC)",
            "role" : "free"
          }, {
            "name" : "reasons",
            "type" : "list<string>",
            "role" : "free"
          }, {
            "name" : "weight",
            "type" : "double",
            "role" : "weight"
          }, {
            "name" : "split",
            "type" : "string",
            "role" : "split"
          }, {
            "name" : "slice",
            "type" : "string",
            "role" : "free"
          } ],
          "personal" : [ ],
          "left_out" : [ ],
          "spec_hash" : "d4cc9de74406a4f0",
          "baselines" : [ "b" ],
          "windows" : [ "1970-01-01T00:00:00Z" ],
          "windows_held" : [ {
            "window" : "1970-01-01T00:00:00Z",
            "rows" : 2,
            "labelled" : 1
          } ],
          "windows_missing" : [ ],
          "findings" : [ "f" ],
          "reasons" : {
            "base" : 1
          },
          "weak_slices" : [ {
            "slice" : "x > 1",
            "model_version" : "",
            "rank" : 1,
            "finding" : "finding 1",
            "rows" : 7,
            "size" : 200,
            "error" : 0.25,
            "lift" : 2.0,
            "adjusted_p" : 5.0E-4
          } ],
          "classes" : {
            "1" : 1
          },
          "splits" : {
            "train" : 1
          },
          "disputed" : 3,
          "doubted" : 2,
          "near_duplicates" : 1,
          "supersedes" : null
        }
        """;
    assertThat(new String(manifest.content(null), StandardCharsets.UTF_8)).isEqualTo(json);
    PublishedWindows read = PublishedWindows.of(Optional.of(json.getBytes(StandardCharsets.UTF_8)));
    assertThat(read.periodEnd()).isEqualTo(86_400_000_000L);
    assertThat(read.held()).containsOnly(Map.entry(0L, new Held(2, 1)));
  }
}
