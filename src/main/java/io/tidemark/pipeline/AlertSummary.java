package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.alerts.Destination;
import io.tidemark.stats.CountText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What became of a run's alerts.
 *
 * @param destination null: none were asked for
 * @param sent by this run; those of earlier runs are not sent again
 * @param undelivered a line each: id, what it is about, why
 */
public record AlertSummary(Destination destination, long sent, List<String> undelivered) {
  private static final int SHOWN = 10;

  public static AlertSummary take(ModelRun model, JobResults.Of results) throws IOException {
    return new AlertSummary(model.alerts(), results.alertsSent(), results.undelivered());
  }

  public boolean delivered() {
    return undelivered.isEmpty();
  }

  void put(ObjectNode record) {
    if (destination != null) {
      ObjectNode node = record.putObject("alerts");
      node.put("to", destination.shown());
      node.put("sent", sent);
      node.put("undelivered", undelivered.size());
    }
  }

  public void print(PrintWriter out) {
    if (destination != null) {
      out.printf(Locale.ROOT, "Alerts:     %,d sent to %s%n", sent, destination.shown());
    }
  }

  /** What a failure's message says. */
  public String failure(String model) {
    StringBuilder message =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "tidemark failed: %s of %s %s not delivered to %s. Their findings are"
                    + " written; run again to send what is missing:",
                CountText.of(undelivered.size(), "alert"),
                model,
                undelivered.size() == 1 ? "was" : "were",
                destination.shown()));
    undelivered.stream().limit(SHOWN).forEach(line -> message.append("\n  ").append(line));
    if (undelivered.size() > SHOWN) {
      message.append("\n  ... and ").append(undelivered.size() - SHOWN).append(" more");
    }
    return message.toString();
  }
}
