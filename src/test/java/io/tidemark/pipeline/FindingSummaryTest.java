package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.row.TimeRange;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingSummaryTest {
  private static final long DAY = 86_400_000_000L;

  @TempDir Path folder;

  private static String finding(String kind, String subject, int day, double effect) {
    return """
    {"model_version":"","kind":"%s","subject":"%s","method":"m","segment":"",\
    "window_start":"1970-01-0%dT00:00:00Z","effect":%s,"alarm":true,"reason":"so","top_movers":[]}
    """
        .formatted(kind, subject, day, effect);
  }

  private String summary(String... windows) throws Exception {
    WindowSpec days =
        SpecReader.read(
                "spec.yaml",
                """
                model: m
                task: regression
                events: {time: t, prediction: {value: p}}
                features: {x: numeric}
                window: {size: P1D}
                """)
            .window();
    for (int i = 0; i < windows.length; i++) {
      Path window = folder.resolve("window=1970010" + (i + 1) + "T000000Z");
      Files.writeString(Files.createDirectories(window).resolve("drift-0.jsonl"), windows[i]);
    }
    StringWriter text = new StringWriter();
    FindingSummary.read(
            folder.toString(), days, days, 0, (windows.length - 1) * DAY, new TimeRange(0, 9 * DAY))
        .print(new PrintWriter(text, true), "");
    return text.toString();
  }

  @Test
  void whatRangMostOftenComesFirst() throws Exception {
    String text =
        summary(
            finding("data_drift", "rare", 1, .9) + finding("data_drift", "often", 1, .1),
            finding("data_drift", "often", 2, .1));
    assertThat(text).contains("What rang, most often first:");
    assertThat(text.indexOf("often by")).isLessThan(text.indexOf("rare by"));
  }

  @Test
  void whatTheLogHasOtherwiseThanTheSpecIsNeverAmongTheRest() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      all.append(finding("performance", "metric" + i, 1, .9));
    }
    String text = summary(all.toString(), all + finding("schema", "label", 2, 0));
    assertThat(text).contains("What rang, schema and then most often first:");
    assertThat(text).containsSubsequence("schema", "label by m: 1 of 2 windows", "performance");
  }
}
