package io.tidemark.retrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.ContentHash;
import io.tidemark.store.DamagedFileException;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * Says of a model's periods, in their order, whether it is to be trained again, in a file a period:
 * {@code retrain/M/PERIOD.json}, none where no condition holds. All that decides is below the
 * output and all times are those of events, so the same files come of any runs that have seen the
 * same rows. What was decided of a period decides those after it, which are therefore decided anew.
 */
final class JudgePeriods {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper INDENTED =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String REMEDY =
      "delete it and run the monitor over that period again, with --from and --to";

  private final MonitoringSpec spec;
  private final String output;

  JudgePeriods(MonitoringSpec spec, String output) {
    this.spec = spec;
    this.output = output;
  }

  /** What a period has come to. */
  private enum State {
    /** The model is to be trained again. */
    DUE,
    /** It would be, were it not so soon after the last time. */
    COOLDOWN,
    /** It would be, were all of the period's windows there. */
    OPEN;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The period of the last time that the model was to be trained again. */
  private record Last(long start, long end) {}

  /**
   * Decides of a period and those after it.
   *
   * @param from start of the first period
   * @param which starts of those whose findings don't change any more
   * @return those that are due
   */
  List<Trigger> judge(long from, LongPredicate which) throws IOException {
    TreeSet<Long> periods = PublishedSnapshot.starts(output, spec.model());
    Last last = before(from);
    List<Trigger> due = new ArrayList<>();
    for (long start : periods.tailSet(from)) {
      Optional<PublishedSnapshot> snapshot =
          which.test(start)
              ? PublishedSnapshot.read(output, spec.model(), start)
              : Optional.empty();
      if (snapshot.isPresent() && judge(snapshot.get(), periods, last, due)) {
        last = new Last(start, snapshot.get().end());
      }
    }
    return due;
  }

  private boolean judge(
      PublishedSnapshot snapshot, TreeSet<Long> periods, Last last, List<Trigger> due)
      throws IOException {
    Conditions conditions = Conditions.read(spec, output, snapshot);
    ArrayNode reasons = JSON.createArrayNode();
    conditions.addTo(reasons);
    addRows(reasons, snapshot, periods, last);
    addTime(reasons, snapshot, periods, last);
    String path = path(snapshot.start());
    if (reasons.isEmpty()) {
      if (OutputFiles.read(path).isPresent()) {
        OutputFiles.delete(List.of(path));
      }
      return false;
    }
    State state = state(conditions, snapshot, last);
    String id =
        ContentHash.of(
            String.join(
                    "\u0000",
                    "retrain",
                    spec.model(),
                    Conditions.shown(snapshot.start()),
                    Conditions.shown(snapshot.end()))
                .getBytes(StandardCharsets.UTF_8));
    ObjectNode trigger = trigger(id, state, reasons, snapshot, last);
    OutputFiles.write(path, bytes(trigger));
    if (state == State.DUE) {
      due.add(
          new Trigger(
              spec.model(),
              snapshot.start(),
              snapshot.end(),
              snapshot.labelled(),
              id,
              trigger.toString()));
    }
    return state == State.DUE;
  }

  private State state(Conditions conditions, PublishedSnapshot snapshot, Last last) {
    if (!conditions.over()) {
      return State.OPEN;
    }
    boolean soon =
        last != null && between(last.end, snapshot.end()).compareTo(spec.retrain().cooldown()) < 0;
    return soon ? State.COOLDOWN : State.DUE;
  }

  private static Duration between(long from, long to) {
    return Duration.between(WindowSpec.instant(from), WindowSpec.instant(to));
  }

  private ObjectNode trigger(
      String id, State state, ArrayNode reasons, PublishedSnapshot snapshot, Last last) {
    ObjectNode trigger = JSON.createObjectNode();
    trigger.put("format_version", 1);
    trigger.put("id", id);
    trigger.put("kind", "retrain");
    trigger.put("model", spec.model());
    trigger.put("period_start", Conditions.shown(snapshot.start()));
    trigger.put("period_end", Conditions.shown(snapshot.end()));
    trigger.put("state", state.word());
    trigger.put("last", last == null ? null : Conditions.shown(last.start));
    Duration cooldown = spec.retrain().cooldown();
    if (last != null && !cooldown.isZero()) {
      Instant until = WindowSpec.instant(last.end).plus(cooldown);
      trigger.put("cooldown_until", until.toString());
    } else {
      trigger.putNull("cooldown_until");
    }
    trigger.set("reasons", reasons);
    trigger
        .putObject("snapshot")
        .put("manifest", snapshot.path())
        .put("hash", snapshot.hash())
        .put("rows", snapshot.manifest().path("rows").asLong())
        .put("labelled_rows_of_period", snapshot.labelled());
    JsonNode errors = snapshot.manifest().path("errors");
    ObjectNode benefit = trigger.putObject("expected_benefit");
    benefit.set("error_share_in_slices", errors.path("share_in_slices"));
    benefit.set("lower", errors.path("lower"));
    benefit.set("upper", errors.path("upper"));
    benefit.set("rows_with_errors", errors.path("rows"));
    benefit.set("effective_rows", errors.path("effective_rows"));
    return trigger;
  }

  /** Labelled rows since the last time, or all there are. */
  private void addRows(
      ArrayNode reasons, PublishedSnapshot snapshot, TreeSet<Long> periods, Last last)
      throws IOException {
    long least = spec.retrain().rowsAtLeast();
    if (least == 0) {
      return;
    }
    long rows = 0;
    long since = last == null ? Long.MIN_VALUE : last.end;
    for (long start : periods.subSet(since, true, snapshot.start(), true)) {
      rows +=
          PublishedSnapshot.read(output, spec.model(), start)
              .map(PublishedSnapshot::labelled)
              .orElse(0L);
    }
    if (rows >= least) {
      reasons
          .addObject()
          .put("condition", "rows_at_least")
          .put("at_least", least)
          .put("rows", rows)
          .put("since", last == null ? null : Conditions.shown(last.end));
    }
  }

  /** Since the last time, or since the first period there is. */
  private void addTime(
      ArrayNode reasons, PublishedSnapshot snapshot, TreeSet<Long> periods, Last last) {
    Duration every = spec.retrain().every();
    if (every == null) {
      return;
    }
    long since = last == null ? periods.first() : last.end;
    if (between(since, snapshot.end()).compareTo(every) >= 0) {
      reasons
          .addObject()
          .put("condition", "every")
          .put("every", every.toString())
          .put("since", Conditions.shown(since));
    }
  }

  /** The last time before a period; null: there was none. */
  private Last before(long period) throws IOException {
    String all = OutputFiles.path(output, "retrain", OutputFiles.segment(spec.model()), "*.json");
    List<String> paths = new ArrayList<>(OutputFiles.list(all));
    Collections.reverse(paths);
    String own = path(period);
    own = own.substring(own.lastIndexOf('/') + 1);
    for (String path : paths) {
      if (path.substring(path.lastIndexOf('/') + 1).compareTo(own) < 0) {
        Optional<byte[]> content = OutputFiles.read(path);
        Last last = content.isEmpty() ? null : due(path, content.get());
        if (last != null) {
          return last;
        }
      }
    }
    return null;
  }

  private static Last due(String path, byte[] content) throws DamagedFileException {
    try {
      JsonNode trigger = JSON.readTree(content);
      boolean due = State.DUE.word().equals(trigger.path("state").asText());
      return due ? new Last(time(trigger, "period_start"), time(trigger, "period_end")) : null;
    } catch (IOException | DateTimeParseException e) {
      throw new DamagedFileException(path, REMEDY);
    }
  }

  private static long time(JsonNode trigger, String field) {
    return WindowSpec.micros(Instant.parse(trigger.path(field).asText()));
  }

  private String path(long start) {
    return OutputFiles.path(
        output, "retrain", OutputFiles.segment(spec.model()), WindowFolders.name(start) + ".json");
  }

  private static byte[] bytes(ObjectNode trigger) {
    try {
      return (INDENTED.writeValueAsString(trigger) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
