package io.tidemark.ingest.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.Readers;
import io.tidemark.ingest.scan.ScanTask;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that several models write to, read once. */
class AudienceTest {
  private static final int ROWS = 3000; // more than a batch of columns

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  /**
   * @param score that a row of the model must have
   */
  private static MonitoringSpec spec(String model, String where, String score, String features) {
    return SpecReader.read(
        "test",
        """
        model: %s
        task: binary
        events: {id: i, time: at, prediction: {score: %s, positive: 1}, where: %s}
        features: %s
        window: {size: P1D}
        """
            .formatted(model, score, where, features));
  }

  /** Of one model all that it declares, of another what has two values, and a third of all rows. */
  private static Fleet<MonitoringSpec> fleet() {
    TreeMap<String, MonitoringSpec> specs = new TreeMap<>();
    specs.put("one", spec("one", "{who: 1}", "p", "{a: numeric}"));
    specs.put(
        "some", spec("some", "{who: [2, three], part: x}", "q", "{a: categorical, b: numeric}"));
    return Fleet.of(specs);
  }

  private static final class Taken implements Audience.Others {
    private final TreeMap<String, List<String>> rows = new TreeMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private long unclaimed;

    @Override
    public void unclaimed(long more) {
      unclaimed += more;
    }

    @Override
    public void unreadable(DeadLetter letter) {
      unreadable.add(letter.getReason());
    }

    private EventSink of(String model) {
      List<String> own = rows.computeIfAbsent(model, any -> new ArrayList<>());
      return new EventSink() {
        @Override
        public void event(InferenceEvent event) {
          own.add(
              event.id()
                  + " "
                  + java.util.Arrays.toString(event.numbers())
                  + " "
                  + java.util.Arrays.toString(event.categories()));
        }

        @Override
        public void bad(DeadLetter letter) {
          own.add(letter.getReason());
        }
      };
    }
  }

  private static Taken read(Path file, Fleet<MonitoringSpec> specs) throws Exception {
    Taken taken = new Taken();
    Fleet<EventFiles> files = EventFiles.plan(file.toString(), specs);
    List<ScanTask> tasks = ScanTask.deal(files.map(EventFiles::wanted), 1);
    for (ScanTask.Piece piece : tasks.get(0).pieces()) {
      List<Audience.Taker> takers = new ArrayList<>();
      for (String model : piece.models()) {
        MonitoringSpec spec = specs.of(model);
        ModelRows rows = ModelRows.of(spec, EventColumns.all(spec), Redaction.of(spec, null));
        takers.add(rows.into(taken.of(model)));
      }
      Readers.read(piece.split(), new Audience(takers, taken));
    }
    return taken;
  }

  private static final String TABLE =
      """
      select i::varchar as i, '2024-01-01' as at, (i %% 10) / 10.0 as p, i::double as a,
      case when i %% 7 = 0 then null else (i %% 10) / 10.0 end as q, -i::double as b,
      case i %% 5 when 0 then null when 3 then 'three' when 4 then 'nobody'
      else (i %% 5)::varchar end as who,
      case when i %% 2 = 0 then 'x' else 'y' end as part from range(%d) r(i)
      """
          .formatted(ROWS);

  private Path write(String format) throws Exception {
    Path file = folder.resolve("log." + format);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      if (format.equals("avro")) {
        writeAvro(file, sql);
      } else {
        sql.execute(
            "copy ("
                + TABLE
                + ") to '"
                + file
                + "' (format "
                + format.replace("jsonl", "json")
                + ")");
      }
    }
    return file;
  }

  private static void writeAvro(Path file, Statement sql) throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "r", "fields": [
                {"name": "i", "type": "string"}, {"name": "at", "type": "string"},
                {"name": "p", "type": "double"}, {"name": "a", "type": "double"},
                {"name": "q", "type": ["null", "double"]}, {"name": "b", "type": "double"},
                {"name": "who", "type": ["null", "string"]}, {"name": "part", "type": "string"}]}
                """);
    try (DataFileWriter<GenericRecord> out =
            new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))
                .create(schema, file.toFile());
        var rows = sql.executeQuery(TABLE)) {
      while (rows.next()) {
        GenericRecord row = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
          boolean text = List.of("i", "at", "who", "part").contains(field.name());
          Object value =
              text ? rows.getString(field.name()) : (Object) rows.getDouble(field.name());
          row.put(field.name(), rows.wasNull() ? null : value);
        }
        out.append(row);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "jsonl", "csv", "avro"})
  void eachRowGoesToItsModelAsIfThatWereAlone(String format) throws Exception {
    Path file = write(format);
    Taken shared = read(file, fleet());
    assertThat(shared.rows.get("one")).hasSize(ROWS / 5);
    assertThat(shared.rows.get("some")).contains("prediction_missing").hasSize(ROWS / 5);
    assertThat(shared.unclaimed).isEqualTo(3L * ROWS / 5);
    for (String model : fleet().models()) {
      Taken alone = read(file, Fleet.one(model, fleet().of(model)));
      assertThat(alone.rows.get(model)).isEqualTo(shared.rows.get(model));
      assertThat(alone.unclaimed).isEqualTo(4L * ROWS / 5);
    }
  }

  @Test
  void whatCannotBeReadIsNobodysOrEachOnesThatTakesAll() throws Exception {
    String row = "{\"i\": \"%s\", \"at\": \"2024-01-01\", \"p\": 1, \"a\": 1, \"who\": 1}\n";
    Path file = folder.resolve("log.jsonl");
    Files.writeString(file, row.formatted("i1") + "{\"i\": \n" + row.formatted("i2"));
    Taken taken = read(file, fleet());
    assertThat(taken.unreadable).containsExactly("malformed");
    assertThat(taken.rows.get("one")).hasSize(2);
    TreeMap<String, MonitoringSpec> all = new TreeMap<>();
    fleet().models().forEach(model -> all.put(model, fleet().of(model)));
    all.put(
        "every",
        SpecReader.read(
            "test",
            """
            model: every
            task: binary
            events: {id: i, time: at, prediction: {score: p, positive: 1}}
            features: {a: numeric}
            window: {size: P1D}
            """));
    Taken told = read(file, Fleet.of(all));
    assertThat(told.unreadable).isEmpty();
    assertThat(told.rows.get("every")).hasSize(3).contains("malformed");
    assertThat(told.rows.get("one")).isEqualTo(taken.rows.get("one"));
    assertThat(told.unclaimed).isZero();
  }

  @Test
  void aPlaceForEachModel() throws Exception {
    for (String model : List.of("one", "some")) {
      Path file = Files.createDirectories(folder.resolve(model)).resolve("log.csv");
      Files.writeString(file, "i,at,p,q,a,b,who,part\n" + model + ",2024-01-01,1,1,1,1,1,x\n");
    }
    Fleet<EventFiles> files = EventFiles.plan(folder + "/{model}/*.csv", fleet());
    assertThat(files.of("one").splits()).singleElement().matches(s -> s.path().contains("/one/"));
    assertThat(files.of("some").splits()).singleElement().matches(s -> s.path().contains("/some/"));
    assertThat(ScanTask.deal(files.map(EventFiles::wanted), 4)).hasSize(2);
  }
}
