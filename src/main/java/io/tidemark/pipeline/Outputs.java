package io.tidemark.pipeline;

import io.tidemark.alerts.Destination;
import io.tidemark.alerts.SendAlerts;
import io.tidemark.ingest.scan.SendDeadLetters;
import io.tidemark.schema.DeadLetter;
import io.tidemark.schema.Finding;
import io.tidemark.store.RecordCoder;
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
   */
  Optional<PCollectionTuple> alerts(Set<String> models, List<PCollection<Finding>> alarms) {
    return receiver.map(
        to -> {
          PCollection<Finding> all =
              PCollectionList.of(alarms).apply("AllAlarms", Flatten.pCollections());
          return stable(all, folder).apply("SendAlerts", SendAlerts.to(to, folder, models));
        });
  }

  private static PCollection<Finding> stable(PCollection<Finding> alarms, String folder) {
    return alarms.isBounded() == PCollection.IsBounded.BOUNDED
        ? alarms
        : alarms
            .apply("NotSentBefore", SendAlerts.notSentBefore(folder))
            .apply("StableAlarms", ParDo.of(new StableFn()))
            .setCoder(RecordCoder.of(Finding.class));
  }

  /** Alarms that a checkpoint holds: a failure replays them as they were. */
  private static final class StableFn extends DoFn<Finding, Finding> {
    private static final long serialVersionUID = 1;

    @RequiresStableInput
    @ProcessElement
    public void process(@Element Finding alarm, OutputReceiver<Finding> out) {
      out.output(alarm);
    }
  }
}
