package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.labels.LabelCounts;
import io.tidemark.labels.PredictionCounts;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What became of a run's labels, and which of its predictions have one.
 *
 * @param joined whether a label source was joined
 * @param inLog whether the log has a column for labels
 * @param listed files that list what labels nothing
 */
public record LabelSummary(
    boolean joined,
    boolean inLog,
    LabelCounts labels,
    PredictionCounts predictions,
    List<String> listed) {

  /** Takes what the job handed over, and removes lists that an earlier run left in their place. */
  public static LabelSummary take(ModelRun model, JobResults.Of results, String output)
      throws IOException {
    List<String> listed = results.listed();
    if (model.labels() != null) {
      String folder = LabelJoin.folder(output, model.spec().model(), model.range().statistics());
      List<String> stale = new ArrayList<>();
      for (String path : OutputFiles.list(OutputFiles.path(folder, "*.jsonl"))) {
        String name = path.substring(path.lastIndexOf('/'));
        if (listed.stream().noneMatch(written -> written.endsWith(name))) {
          stale.add(path);
        }
      }
      OutputFiles.delete(stale);
    }
    return new LabelSummary(
        model.labels() != null,
        model.spec().events().label() != null,
        results.labels(),
        results.predictions(),
        listed);
  }

  /** Each label is in one class, each profiled row is labelled or not, and both sides agree. */
  public boolean balanced(RowCounts rows) {
    if (!joined && !inLog) {
      return true;
    }
    // Where copies of one instant differ in their own label, only the scan knows which one stays.
    boolean agree = inLog || !joined || labels.predictions() == predictions.joined();
    return labels.balanced() && agree && predictions.predictions() == rows.profiled();
  }

  public boolean tooManyBad(MonitoringSpec spec) {
    return labels.deadLettered() > spec.events().maxBad() * labels.read();
  }

  void put(ObjectNode record, RowCounts rows) {
    if (joined) {
      record.set("labels", counts(labels));
    }
    if (joined || inLog) {
      ObjectNode node = counts(predictions);
      record.set("predictions", node);
      node.put("balanced", balanced(rows));
    }
  }

  static ObjectNode counts(LabelCounts labels) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("read", labels.read());
    node.put("joined", labels.joined());
    node.put("duplicate", labels.duplicate());
    node.put("conflicting", labels.conflicting());
    node.put("overridden", labels.overridden());
    node.put("orphan", labels.orphan());
    node.put("too_late", labels.tooLate());
    node.put("out_of_range", labels.outOfRange());
    node.put("after_as_of", labels.afterAsOf());
    node.put("dead_lettered", labels.deadLettered());
    node.put("balanced", labels.balanced());
    return node;
  }

  static ObjectNode counts(PredictionCounts predictions) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("predictions", predictions.predictions());
    node.put("labelled", predictions.labelled());
    node.put("labelled_in_log", predictions.inLog());
    node.put("unlabelled", predictions.unlabelled());
    node.put("disputed", predictions.disputed());
    return node;
  }

  void print(PrintWriter out) {
    if (joined) {
      out.printf(
          Locale.ROOT,
          "  %s: %,d joined, %s, %,d conflicting, %,d overridden, %s, %,d too late, %,d out of range,"
              + " %,d after --as-of, %s.%n",
          CountText.of(labels.read(), "label"),
          labels.joined(),
          CountText.of(labels.duplicate(), "duplicate"),
          labels.conflicting(),
          labels.overridden(),
          CountText.of(labels.orphan(), "orphan"),
          labels.tooLate(),
          labels.outOfRange(),
          labels.afterAsOf(),
          CountText.of(labels.deadLettered(), "dead letter"));
    }
    if (joined || inLog) {
      out.printf(
          Locale.ROOT,
          "  %s labelled, %,d not; of %,d the labels contradict each other.%n",
          CountText.of(predictions.labelled(), "prediction"),
          predictions.unlabelled(),
          predictions.disputed());
    }
    if (!listed.isEmpty()) {
      String first = listed.get(0);
      out.println("  Labels that label nothing: " + first.substring(0, first.lastIndexOf('/')));
    }
  }
}
