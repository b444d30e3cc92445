package io.tidemark.ingest.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.spec.WindowSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
  private final EventTime utc = new EventTime(ZoneId.of("UTC"));

  @ParameterizedTest
  @CsvSource({
    "2018-01-01, 2018-01-01T00:00:00Z",
    "2018-01-01 10:11:12, 2018-01-01T10:11:12Z",
    "2018-01-01 10:11, 2018-01-01T10:11:00Z",
    "2018-01-01T10:11:12.5, 2018-01-01T10:11:12.5Z",
    "2018-01-01 10:11:12.123456789, 2018-01-01T10:11:12.123456Z",
    "2018-01-01T10:11:12Z, 2018-01-01T10:11:12Z",
    "2018-01-01T10:11:12+02:00, 2018-01-01T08:11:12Z",
    "2018-01-01 10:11:12 -0130, 2018-01-01T11:41:12Z",
    "2018-01-01T10:11:12+02, 2018-01-01T08:11:12Z",
    "0001-01-01 00:00:00, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z",
    "1514801472, 2018-01-01T10:11:12Z",
    "1514801472000, 2018-01-01T10:11:12Z",
    "1514801472000000, 2018-01-01T10:11:12Z",
    "1514801472000000000, 2018-01-01T10:11:12Z",
    "1514801472.25, 2018-01-01T10:11:12.25Z",
    "-1, 1969-12-31T23:59:59Z",
    "20240111, 2024-01-11T00:00:00Z",
    "20240111.0, 2024-01-11T00:00:00Z",
    "2.0240111E7, 2024-01-11T00:00:00Z",
    "' 20240111 ', 2024-01-11T00:00:00Z",
    "19000101, 1900-01-01T00:00:00Z",
    "20240229, 2024-02-29T00:00:00Z",
    "21001231, 2100-12-31T00:00:00Z",
    "20240111093015, 2024-01-11T09:30:15Z",
    "20240111093015.0, 2024-01-11T09:30:15Z",
    "20240111093015.123456789, 2024-01-11T09:30:15.123456Z",
    "2.0240111093015e13, 2024-01-11T09:30:15Z",
    "21001231235960, 2100-12-31T23:59:59Z",
    "18991231, 1970-08-08T19:20:31Z",
    "21010101, 1970-09-01T04:08:21Z",
    "20230229, 1970-08-23T03:30:29Z",
    "20241301, 1970-08-23T06:35:01Z",
    "20240111.5, 1970-08-23T06:15:11.5Z",
    "20240111246060, 2611-05-21T13:07:26.060Z",
    "202401110930, 1976-05-31T14:31:50.930Z",
    "-20240111, 1969-05-11T17:44:49Z"
  })
  void reads(String text, String time) {
    assertThat(WindowSpec.instant(utc.ofText(text))).isEqualTo(Instant.parse(time));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yesterday",
        "2018-13-01",
        "2018-02-30",
        "2018-01-01T25:00:00",
        "2018-01-01T1",
        "2018-01-01 10:11:12 Mars",
        "2018-01-01T10:11:12.",
        "20180101T000000",
        "NaN",
        "Infinity",
        "true",
        "99999999999999999999",
        "9999999999999999999.5",
        "2018-01-01T10:11:12+2:00",
        "0x10"
      })
  void refuses(String text) {
    assertThat(utc.ofText(text)).isEqualTo(EventTime.UNREADABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "20240711, 2024-07-10T22:00:00Z",
    "20240111093015, 2024-01-11T08:30:15Z",
    "1514801472, 2018-01-01T10:11:12Z"
  })
  void readsNumbersOfEveryTypeAlike(long number, String time) {
    EventTime berlin = new EventTime(ZoneId.of("Europe/Berlin"));
    long micros = WindowSpec.micros(Instant.parse(time));
    assertThat(berlin.ofNumber(number)).isEqualTo(micros);
    assertThat(berlin.ofNumber((double) number)).isEqualTo(micros);
    assertThat(berlin.ofNumber(BigDecimal.valueOf(number))).isEqualTo(micros);
    assertThat(berlin.ofNumber(BigDecimal.valueOf(number).setScale(6))).isEqualTo(micros);
    assertThat(berlin.ofText(Long.toString(number))).isEqualTo(micros);
  }

  @Test
  void readsFractionsOfASecondOfADateInDisguise() {
    long micros = WindowSpec.micros(Instant.parse("2024-01-11T09:30:15.25Z"));
    assertThat(utc.ofNumber(20240111093015.25)).isEqualTo(micros);
    assertThat(utc.ofNumber(new BigDecimal("20240111093015.25"))).isEqualTo(micros);
    assertThat(utc.ofNumber(new BigDecimal("9999999999999999999"))) // beyond a long
        .isEqualTo(EventTime.UNREADABLE);
  }

  @Test
  void timesWithoutAZoneAreReadInTheLogsZone() {
    EventTime berlin = new EventTime(ZoneId.of("Europe/Berlin"));
    assertThat(WindowSpec.instant(berlin.ofText("2021-07-01 12:00:00")))
        .isEqualTo("2021-07-01T10:00:00Z");
    assertThat(WindowSpec.instant(berlin.ofText("2021-01-01 12:00:00")))
        .isEqualTo("2021-01-01T11:00:00Z");
    assertThat(WindowSpec.instant(berlin.ofText("2021-01-01 12:00:00Z")))
        .isEqualTo("2021-01-01T12:00:00Z");
  }
}
