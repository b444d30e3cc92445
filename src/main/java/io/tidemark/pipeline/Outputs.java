package io.tidemark.pipeline;

import io.tidemark.alerts.Alert;
import io.tidemark.alerts.Destination;
import io.tidemark.alerts.SendAlerts;
import io.tidemark.ingest.scan.SendDeadLetters;
import io.tidemark.schema.DeadLetter;
import io.tidemark.schema.Finding;
import io.tidemark.store.WriteDeadLetters;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * Where models' results go besides their tables.
 *
 * @param folder of the tables
 * @param files where unusable rows go
 * @param topic where they go instead
 * @param receiver of alerts
 */
public record Outputs(
    String folder,
    WriteDeadLetters files,
    Optional<SendDeadLetters> topic,
    Optional<Destination> receiver) {

  /**
   * @param several whether there are several models in the run: what is unusable to one may be a
   *     row to another
   * @param topic of dead letters, or null: they go to files
   * @param receiver null: no alerts are sent
   */
  public static Outputs of(
      String folder, boolean several, SendDeadLetters topic, Destination receiver) {
    WriteDeadLetters files = WriteDeadLetters.to(folder, WriteDeadLetters.TABLE);
    return new Outputs(
        folder,
        several ? files.ofSeveral() : files,
        Optional.ofNullable(topic),
        Optional.ofNullable(receiver));
  }

  void letters(PCollection<KV<String, DeadLetter>> bad) {
    if (topic.isPresent()) {
      bad.apply("SendDeadLetters", topic.get());
    } else {
      bad.apply("WriteDeadLetters", files);
    }
  }

  /**
   * Sends what rang in every stage's findings, once these are written, so that an alert never names
   * one that nobody can read yet.
   *
   * @param models whose findings these are
   * @param triggers that models are to be trained again, likewise
   */
  Optional<PCollectionTuple> alerts(
      Set<String> models,
      List<PCollection<Finding>> alarms,
      Optional<PCollection<Alert>> triggers) {
    return receiver.map(
        to -> {
          PCollectionList<Alert> all =
              PCollectionList.of(
                  PCollectionList.of(alarms)
                      .apply("AllAlarms", Flatten.pCollections())
                      .apply("AlertsOfFindings", ParDo.of(new AlertFn()))
                      .setCoder(new Alert.AlertCoder()));
          PCollection<Alert> alerts =
              triggers.isEmpty()
                  ? all.get(0)
                  : all.and(triggers.get()).apply("AllAlerts", Flatten.pCollections());
          return stable(alerts, folder).apply("SendAlerts", SendAlerts.to(to, folder, models));
        });
  }

  private static PCollection<Alert> stable(PCollection<Alert> alerts, String folder) {
    return alerts.isBounded() == PCollection.IsBounded.BOUNDED
        ? alerts
        : alerts
            .apply("NotSentBefore", SendAlerts.notSentBefore(folder))
            .apply("StableAlarms", ParDo.of(new StableFn()))
            .setCoder(new Alert.AlertCoder());
  }

  private static final class AlertFn extends DoFn<Finding, Alert> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Finding alarm, OutputReceiver<Alert> out) {
      out.output(Alert.of(alarm));
    }
  }

  /** Alerts that a checkpoint holds: a failure replays them as they were. */
  private static final class StableFn extends DoFn<Alert, Alert> {
    private static final long serialVersionUID = 1;

    @RequiresStableInput
    @ProcessElement
    public void process(@Element Alert alert, OutputReceiver<Alert> out) {
      out.output(alert);
    }
  }
}
