package io.tidemark.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.stats.ShortNumber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A snapshot in words for people: what is in it, why, from when, what lacks, and how to load it. A
 * function of the manifest alone, in Markdown.
 */
final class SnapshotCard {
  private static final ObjectMapper JSON = new ObjectMapper();

  static final Map<String, String> WHY =
      Map.of(
          "base", "rows of all kinds, stratified over label and score",
          "drifted", "from the cells that grew in a field that rang",
          "weak_slice", "labelled rows on which the model errs more than on others",
          "error", "the prediction was wrong",
          "uncertain", "the model was not sure of its class",
          "new_category", "a value that the baseline does not know",
          "augmented", "made or collected on request; not of the log");

  /** Weak slices that are told of. */
  private static final int SLICES = 10;

  private final JsonNode manifest;
  private final StringBuilder text = new StringBuilder();

  private SnapshotCard(JsonNode manifest) {
    this.manifest = manifest;
  }

  static byte[] of(byte[] manifest) throws IOException {
    return new SnapshotCard(JSON.readTree(manifest)).write().getBytes(StandardCharsets.UTF_8);
  }

  private String write() {
    line("# Training snapshot of " + cell(manifest.path("model").asText()));
    line("");
    line(
        manifest.path("rows").asLong()
            + " rows from "
            + manifest.path("period_start").asText()
            + " to "
            + manifest.path("period_end").asText()
            + ", chosen by Tidemark under spec "
            + manifest.path("spec_hash").asText()
            + ".");
    why();
    slices();
    augmented();
    counts("Labels", "label", "classes");
    counts("Splits", "split", "splits");
    agreement();
    columns();
    gaps();
    load();
    return text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void section(String title) {
    line("");
    line("## " + title);
  }

  /** Text of a log in a table or a line of Markdown. */
  private static String cell(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("`", "\\`")
        .replace("<", "&lt;")
        .replaceAll("[\\r\\n]+", " ");
  }

  private void why() {
    section("Why these rows");
    line("| reason | rows | |");
    line("|---|---|---|");
    manifest
        .path("reasons")
        .fields()
        .forEachRemaining(
            each ->
                line(
                    "| "
                        + each.getKey()
                        + " | "
                        + each.getValue().asLong()
                        + " | "
                        + WHY.getOrDefault(each.getKey(), "")
                        + " |"));
    line("");
    line(
        "A row may have several reasons. `weight` says how many rows of the period it stands for:"
            + " weighted, the snapshot represents production.");
    if (!manifest.path("findings").isEmpty()) {
      line(
          "It was caused by "
              + manifest.path("findings").size()
              + " findings (`findings` in the manifest).");
    }
  }

  private void slices() {
    JsonNode slices = manifest.path(Manifest.WEAK_SLICES);
    if (slices.isEmpty()) {
      return;
    }
    section("Weak slices");
    line(
        "Rows of reason `weak_slice` are of these: the model errs more on them than on the other"
            + " labelled rows of the period. An error is 1 for a wrong class, or the size of a"
            + " predicted number's error; lift is the slice's over that of all rows.");
    line("");
    line("| slice | rows here | rows looked at | mean error | lift | adjusted p |");
    line("|---|---|---|---|---|---|");
    for (int i = 0; i < Math.min(SLICES, slices.size()); i++) {
      line(slice(slices.get(i)));
    }
    if (slices.size() > SLICES) {
      line("");
      line("And " + (slices.size() - SLICES) + " more (`weak_slices` in the manifest).");
    }
  }

  private void augmented() {
    JsonNode rows = manifest.path(Manifest.AUGMENTED);
    if (rows.path("rows").asLong() == 0) {
      return;
    }
    section("Rows that were made or collected on request");
    line(
        rows.path("taken").asText()
            + " of "
            + rows.path("rows").asText()
            + " are here, in the split `train` only; `origin` is `augmented`, and `request_id` says"
            + " which request they answer. Their weight is 1: they stand for no rows of production."
            + " Left out: "
            + rows.path("copies").asText()
            + " with the id or the inputs of another row, "
            + rows.path("other_split").asText()
            + " of groups that are in another split, "
            + rows.path("not_needed").asText()
            + " beyond the share of the rows to train on that the spec allows.");
  }

  private static String slice(JsonNode slice) {
    JsonNode words = slice.path("slice");
    String version = slice.path("model_version").asText();
    return String.join(
        " | ",
        "| "
            + (words.isNull() ? "(names a value that is not shown)" : cell(words.asText()))
            + (version.isEmpty() ? "" : " (version " + cell(version) + ")"),
        slice.path("rows").asText(),
        slice.path("size").asText(),
        ShortNumber.of(slice.path("error").asDouble()),
        ShortNumber.of(slice.path("lift").asDouble()),
        ShortNumber.of(slice.path("adjusted_p").asDouble()) + " |");
  }

  private void counts(String title, String of, String key) {
    JsonNode counts = manifest.path(key);
    if (counts.isEmpty()) {
      return;
    }
    section(title);
    line("| " + of + " | rows | share |");
    line("|---|---|---|");
    double rows = Math.max(1, manifest.path("rows").asLong());
    counts
        .fields()
        .forEachRemaining(
            each -> {
              String name = each.getKey().isEmpty() ? "(none)" : cell(each.getKey());
              long count = each.getValue().asLong();
              line(
                  String.format(
                      Locale.ROOT, "| %s | %d | %.1f %% |", name, count, 100 * count / rows));
            });
  }

  /** How far the sources of the period's labels agree, before and after corrections. */
  private void agreement() {
    JsonNode agreement = manifest.path(Manifest.AGREEMENT);
    if (agreement.path("pairs").isEmpty()) {
      return;
    }
    section("Agreement of label sources");
    line("| sources | rows | agree | kappa | agree after corrections | kappa after |");
    line("|---|---|---|---|---|---|");
    for (JsonNode pair : agreement.path("pairs")) {
      JsonNode before = pair.path("before");
      JsonNode after = pair.path("after");
      line(
          "| "
              + source(pair.path("first"))
              + " and "
              + source(pair.path("second"))
              + " | "
              + pair.path("rows").asLong()
              + " | "
              + share(before)
              + " | "
              + kappa(before)
              + " | "
              + share(after)
              + " | "
              + kappa(after)
              + " |");
    }
    line("");
    line(
        "Of the period's rows "
            + agreement.path("rows").asLong()
            + " have labels of several sources, which disagree on "
            + agreement.path("disagreeing_rows").asLong()
            + "; trusted sources have decided on "
            + agreement.path("decided_rows").asLong()
            + " of these. Kappa (Cohen's) is agreement beyond chance: 1 is all, 0 what chance alone"
            + " would give. After corrections the label of a trusted source stands in the place of"
            + " those that it overrides.");
  }

  private static String source(JsonNode name) {
    return name.isNull() ? "(hidden)" : name.asText().isEmpty() ? "(unnamed)" : cell(name.asText());
  }

  private static String share(JsonNode figures) {
    JsonNode agreement = figures.path("agreement");
    return agreement.isNumber()
        ? String.format(Locale.ROOT, "%.1f %%", 100 * agreement.asDouble())
        : "–";
  }

  private static String kappa(JsonNode figures) {
    JsonNode kappa = figures.path("kappa");
    return kappa.isNumber() ? String.format(Locale.ROOT, "%.2f", kappa.asDouble()) : "–";
  }

  private void columns() {
    section("Columns");
    line("| column | type | role |");
    line("|---|---|---|");
    for (JsonNode column : manifest.path("schema")) {
      line(
          "| "
              + cell(column.path("name").asText())
              + " | "
              + column.path("type").asText()
              + " | "
              + column.path("role").asText()
              + " |");
    }
    List<String> leftOut = new ArrayList<>();
    manifest.path("left_out").forEach(column -> leftOut.add(cell(column.asText())));
    if (!leftOut.isEmpty()) {
      line("");
      line(
          "Left out, because the truth stands in `label` alone: "
              + String.join(", ", leftOut)
              + ". The spec's `snapshot.columns` brings them in.");
    }
  }

  private void gaps() {
    section("Known gaps");
    for (JsonNode column : manifest.path(Manifest.PERSONAL)) {
      line(
          "- `"
              + cell(column.path("column").asText())
              + "` shows nothing: among its values are what looks like "
              + PersonalColumns.kinds(column)
              + (PersonalColumns.isFeature(manifest, column)
                  ? ". It is a feature that nothing can be trained on here"
                  : "")
              + ". Mask or exclude it, or allow it by the spec's `snapshot.allow_personal`.");
    }
    long disputed = manifest.path("disputed").asLong();
    line("- Rows set apart because their labels contradict each other: " + disputed + ".");
    long doubted = manifest.path("doubted").asLong();
    line(
        "- Rows that might have been chosen, set apart until somebody has looked at their labels"
            + " (`review/`): "
            + doubted
            + ".");
    long alike = manifest.path("near_duplicates").asLong();
    if (alike > 0) {
      line(
          "- Near duplicates: "
              + alike
              + " rows are the same as one that is here but for noise; it has their weight.");
    }
    long held = 0;
    long labelled = 0;
    for (JsonNode window : manifest.path("windows_held")) {
      held += window.path("rows").asLong();
      labelled += window.path("labelled").asLong();
    }
    line("- Chosen among " + held + " rows, of which " + labelled + " have a label.");
    for (JsonNode missing : manifest.path("windows_missing")) {
      line(
          "- No rows from "
              + missing.path("from").asText()
              + " to "
              + missing.path("to").asText()
              + ": none came, or no run has read them.");
    }
  }

  private void load() {
    List<String> files = new ArrayList<>();
    manifest.path("files").forEach(file -> files.add(file.path("name").asText()));
    StringJoiner single = new StringJoiner("', '", "'", "'");
    StringJoiner quoted = new StringJoiner("\", \"", "\"", "\"");
    files.forEach(single::add);
    files.forEach(quoted::add);
    section("How to load it");
    line("The manifest names the parts; whatever else lies in the folder is not of the snapshot.");
    line("");
    line("DuckDB:");
    fence("sql", "SELECT * FROM read_parquet([" + single + "]) WHERE split = 'train';");
    line("pandas:");
    fence(
        "python",
        "import json, pandas as pd\n"
            + "files = [file[\"name\"] for file in json.load(open(\"manifest.json\"))[\"files\"]]\n"
            + "rows = pd.concat(pd.read_parquet(file) for file in files)\n"
            + "train = rows[rows[\"split\"] == \"train\"]");
    line("Spark:");
    fence("python", "spark.read.parquet(" + quoted + ").where(\"split = 'train'\")");
    line("Hugging Face datasets:");
    fence(
        "python",
        "from datasets import load_dataset\n"
            + "load_dataset(\"parquet\", data_files=["
            + quoted
            + "])[\"train\"].filter(lambda row: row[\"split\"] == \"train\")");
  }

  private void fence(String language, String code) {
    line("```" + language);
    line(code);
    line("```");
  }
}
