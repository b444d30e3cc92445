package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.profile.Held;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownColumns.Column;
import io.tidemark.profile.ShownFile;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns of free text in which personal data is seen show nothing. */
class PersonalColumnsTest {
  private static final String MAIL = "ann@example.com";
  private static final String PHONE = "+49 30 1234567";

  @TempDir Path folder;

  private static MonitoringSpec spec(String more) {
    return SpecReader.read(
        "test",
        """
        model: m
        task: binary
        events: {id: i, time: t, prediction: {score: s, positive: 1}, label: y}
        features: {x: numeric, contact: {type: categorical, path: c}, again: {type: categorical, path: i}}
        window: {size: P1D}
        snapshot: {columns: [note]MORE}
        """
            .replace("MORE", more));
  }

  /** Of which the id is a card's number. */
  private static SnapshotRow row(String contact, String note, String slice) {
    InferenceEvent event =
        new InferenceEvent(
            "4111111111111111",
            1,
            "",
            new double[] {4111111111111111., .5},
            new String[] {contact, "4111111111111111", "1"},
            null,
            new String[] {note});
    return new SnapshotRow(event.id(), event, List.of("base"), 1, "train", slice);
  }

  private static List<SnapshotRow> rows() {
    return new ArrayList<>(
        List.of(
            row("by post", "none", "x > 1"),
            row("by post", "write to " + MAIL, "x > 1 and contact = by post"),
            row(PHONE, MAIL + " or " + PHONE, "contact is missing"),
            row(null, null, null)));
  }

  private static ShownColumns<SnapshotRow> columns(MonitoringSpec spec, List<SnapshotRow> rows) {
    return SnapshotColumns.of(spec, Redaction.of(spec, new byte[] {1}), false)
        .withoutPersonal(rows);
  }

  private static List<Object> values(ShownColumns<SnapshotRow> columns, String name) {
    Column<SnapshotRow> column =
        columns.columns().stream().filter(each -> each.name().equals(name)).findFirst().get();
    List<Object> values = new ArrayList<>();
    rows().forEach(row -> values.add(column.value().of(row)));
    return values;
  }

  private static List<String> names(ShownColumns<SnapshotRow> columns) {
    return columns.columns().stream().map(each -> each.name() + " " + each.type()).toList();
  }

  @Test
  void aColumnIsBlockedAsAWhole() {
    MonitoringSpec spec = spec("");
    ShownColumns<SnapshotRow> columns = columns(spec, rows());
    assertThat(columns.blocked().toString())
        .isEqualTo(
            "[BlockedColumn[name=contact, kinds={PHONE=1}, rows=1],"
                + " BlockedColumn[name=note, kinds={EMAIL=2, PHONE=1}, rows=2]]");
    assertThat(values(columns, "note")).containsOnlyNulls();
    assertThat(values(columns, "contact")).containsOnlyNulls();
    // What would say a value of a blocked feature is not there either; all else is.
    assertThat(values(columns, "slice"))
        .isEqualTo(Arrays.asList("x > 1", null, "contact is missing", null));
    assertThat(values(columns, "row_id")).containsOnly("4111111111111111");
    assertThat(values(columns, "again")).containsOnly("4111111111111111");
    assertThat(values(columns, "x")).containsOnly(4111111111111111.);
    // Readers find the same columns of the same types, whatever is in them.
    assertThat(names(columns)).isEqualTo(names(SnapshotColumns.of(spec, Redaction.none(), false)));
    byte[] part = ShownFile.parquet("snapshot", columns, rows());
    assertThat(new String(part, StandardCharsets.ISO_8859_1)).doesNotContain(MAIL, PHONE);
  }

  @Test
  void inWhateverOrderTheRowsAre() {
    List<SnapshotRow> rows = rows();
    String blocked = columns(spec(""), rows).blocked().toString();
    Collections.reverse(rows);
    assertThat(columns(spec(""), rows).blocked().toString()).isEqualTo(blocked);
    assertThat(columns(spec(""), rows.subList(3, 4)).blocked()).isEmpty();
    assertThat(columns(spec(""), List.of()).blocked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allow_personal: [note]|contact",
        "allow_personal: [contact]|note",
        "allow_personal: [c, note]|",
        "mask: [note]|contact",
        "exclude: [note]|contact",
        "mask: [c, note]|"
      })
  void unlessItIsAllowedOrHidden(String key, String blocked) {
    ShownColumns<SnapshotRow> columns = columns(spec(", " + key), rows());
    assertThat(columns.blocked()).hasSize(blocked == null ? 0 : 1);
    if (blocked != null) {
      assertThat(columns.blocked().get(0).name()).isEqualTo(blocked);
    }
    if (key.startsWith("mask")) {
      assertThat((String) values(columns, "note").get(0)).hasSize(64);
    }
    if (key.startsWith("allow_personal: [c,")) {
      assertThat(values(columns, "note")).contains("write to " + MAIL);
      assertThat(values(columns, "contact")).contains(PHONE);
      assertThat(values(columns, "slice")).contains("x > 1 and contact = by post");
    }
  }

  @Test
  void theManifestTheCardAndTheWarningSaySo() throws Exception {
    MonitoringSpec spec = spec("");
    Manifest manifest =
        new Manifest(
            spec,
            Set.of(),
            0,
            new TreeMap<>(Map.of(0L, new Held(4, 4))),
            columns(spec, rows()),
            EventLabels.of(spec),
            List.of(),
            new SelectRows.Selection(
                rows(),
                new TreeSet<>(),
                0,
                0,
                0,
                List.of(
                    new SelectRows.SliceRows(WeakSlices.of(1, "x > 1 and contact = by post"), 3),
                    new SelectRows.SliceRows(WeakSlices.of(2, "x | y"), 4)),
                TakeAugmented.Taken.NONE));
    byte[] content = manifest.content(null);
    JsonNode slices = new ObjectMapper().readTree(content).path("weak_slices");
    assertThat(slices.at("/0/slice").isNull()).isTrue();
    assertThat(slices.at("/1/slice").asText()).isEqualTo("x | y");
    assertThat(new ObjectMapper().readTree(content).path("personal").toString())
        .isEqualTo(
            "[{\"column\":\"contact\",\"kinds\":{\"phone\":1},\"rows\":1},"
                + "{\"column\":\"note\",\"kinds\":{\"email\":2,\"phone\":1},\"rows\":2}]");
    assertThat(new String(SnapshotCard.of(content), StandardCharsets.UTF_8))
        .contains(
            "| (names a value that is not shown) | 3 | 200 | 0.2500 | 2 | 0.0005000 |\n"
                + "| x \\| y | 4 | 200 | 0.2500 | 2 | 0.0005000 |\n",
            "- `contact` shows nothing: among its values are what looks like 1 phone number. It is"
                + " a feature that nothing can be trained on here. Mask",
            "- `note` shows nothing: among its values are what looks like 2 e-mail addresses and 1"
                + " phone number. Mask or exclude it, or allow it by the spec's"
                + " `snapshot.allow_personal`.\n");
    Path file = Files.write(folder.resolve("manifest.json"), content);
    assertThat(PersonalColumns.warnings(file.toString()))
        .containsExactly(
            "the snapshot of m from 1970-01-01T00:00:00Z shows nothing of column contact: among"
                + " its values is what looks like 1 phone number. Mask or exclude it"
                + " (snapshot.mask, snapshot.exclude), or allow it (snapshot.allow_personal). It is"
                + " a feature: until then nothing can be trained on it",
            "the snapshot of m from 1970-01-01T00:00:00Z shows nothing of column note: among its"
                + " values is what looks like 2 e-mail addresses and 1 phone number. Mask or"
                + " exclude it (snapshot.mask, snapshot.exclude), or allow it"
                + " (snapshot.allow_personal)");
  }
}
