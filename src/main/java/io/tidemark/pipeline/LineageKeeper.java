package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.alerts.AlertsException;
import io.tidemark.alerts.Destination;
import io.tidemark.alerts.Messenger;
import io.tidemark.event.WallClock;
import io.tidemark.flow.Fleet;
import io.tidemark.lineage.Dataset;
import io.tidemark.lineage.RunEvent;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of a job without end how it goes, by its records: in a file with each of them, and to a
 * receiver now and then. Of one thread; whatever a receiver does, the job goes on.
 */
public final class LineageKeeper implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(LineageKeeper.class);

  /** How often a receiver is told of a model at most: one that is down takes a bundle's time. */
  static final long PAUSE_MICROS = 300_000_000;

  /** Of the snapshots that a job without end has published, the latest are named. */
  private static final int SNAPSHOTS = 10;

  private final Fleet<LineageRun> runs;
  private final Destination receiver;
  private final WallClock clock;
  private transient Messenger messenger;
  private transient Map<String, Long> told;

  /**
   * @param receiver null: there is none
   */
  LineageKeeper(Fleet<LineageRun> runs, Destination receiver, WallClock clock) {
    this.runs = runs;
    this.receiver = receiver;
    this.clock = clock;
  }

  /**
   * A record is written.
   *
   * @param record its path
   */
  void running(String model, String output, String record) throws IOException {
    LineageRun run = runs.of(model);
    RunEvent event = run.event(RunEvent.Type.RUNNING, clock);
    addRecord(run, event, record);
    event.write(output);
    if (receiver != null && due(model)) {
      send(run, event);
    }
  }

  private boolean due(String model) {
    if (told == null) {
      told = new HashMap<>();
    }
    Long last = told.get(model);
    if (last != null && clock.micros() - last < PAUSE_MICROS) {
      return false;
    }
    told.put(model, clock.micros());
    return true;
  }

  private void send(LineageRun run, RunEvent event) {
    try {
      if (messenger == null) {
        messenger = Messenger.to(receiver);
      }
      Optional<String> why = messenger.sendOnce(event.id(), event.body());
      why.ifPresent(
          words ->
              LOG.warn(
                  "--lineage: {} has not taken how {} goes ({})",
                  receiver.shown(),
                  run.model(),
                  words));
    } catch (AlertsException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  /** Adds what the record of a job without end says of its input and outputs. */
  static void addRecord(LineageRun run, RunEvent event, String record) throws IOException {
    Optional<byte[]> file = OutputFiles.read(record);
    Dataset events = run.events();
    Dataset labels = run.labels();
    List<String> snapshots = new ArrayList<>();
    if (file.isPresent()) {
      ObjectNode fields = RunRecord.parse(new String(file.get(), StandardCharsets.UTF_8));
      event.rows((ObjectNode) fields.get("rows"));
      events.quality(fields.at("/rows/profiled").asLong(), 0, 0, List.of());
      if (labels != null) {
        labels.quality(fields.at("/labels/read").asLong(), 0, 0, List.of());
      }
      for (JsonNode path : fields.path("snapshots")) {
        snapshots.add(path.asText());
      }
      snapshots.sort(null); // by their periods
      snapshots = snapshots.subList(Math.max(0, snapshots.size() - SNAPSHOTS), snapshots.size());
    }
    event.inputs(run.inputs(events, labels)).outputs(run.outputs(snapshots));
  }
}
