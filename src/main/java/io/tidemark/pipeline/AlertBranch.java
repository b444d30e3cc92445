package io.tidemark.pipeline;

import io.tidemark.alerts.Destination;
import io.tidemark.alerts.SendAlerts;
import io.tidemark.schema.Finding;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The alerts' part of the flow: what rang in every stage's findings, sent once those findings are
 * written, so that an alert never names one that nobody can read yet.
 */
final class AlertBranch {
  static final String SENT = "alerts-sent";
  static final String UNDELIVERED = "alerts-undelivered";

  private final Destination destination;
  private final String prefix;
  private final String output;
  private final List<PCollection<Finding>> alarms = new ArrayList<>();

  /**
   * @param destination null: nothing is sent
   */
  AlertBranch(Destination destination, String prefix, String output) {
    this.destination = destination;
    this.prefix = prefix;
    this.output = output;
  }

  /** Adds what rang in a stage's findings, once they are on disk. */
  void add(PCollection<Finding> rang) {
    alarms.add(rang);
  }

  void send(HandOver handOver) {
    if (destination == null) {
      return;
    }
    PCollectionTuple told =
        PCollectionList.of(alarms)
            .apply(prefix + "AllAlarms", Flatten.pCollections())
            .apply(prefix + "SendAlerts", SendAlerts.to(destination, output));
    told.get(SendAlerts.SENT)
        .apply(prefix + "CountSentAlerts", Count.globally())
        .apply(prefix + "HandOverSentAlerts", handOver.receive(SENT, VarLongCoder.of()));
    told.get(SendAlerts.UNDELIVERED)
        .apply(prefix + "HandOverUndelivered", handOver.receive(UNDELIVERED, StringUtf8Coder.of()));
  }
}
