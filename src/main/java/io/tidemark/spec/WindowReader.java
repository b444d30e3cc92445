package io.tidemark.spec;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The {@code window} section, and sizes, as horizons and the snapshot's period have them too. */
final class WindowReader {
  private static final String SIZE =
      "a positive duration such as PT1H or P7D, or a calendar period such as P1M";

  /** A century: longer windows are mistakes, and their bounds would leave the calendar. */
  private static final int LONGEST_MONTHS = 1200;

  private static final int LONGEST_DAYS = 36_525;

  private WindowReader() {}

  /**
   * @param horizons longer windows that the windows are merged to, in the order of the spec
   */
  record Windows(WindowSpec window, List<WindowSpec> horizons) {}

  static Windows read(SpecNode spec) {
    SpecNode node = spec.mapping("window");
    if (node == null) {
      spec.problem("window", "is missing: say at least window.size");
      return new Windows(
          WindowSpec.fixed(Duration.ofDays(1), Instant.EPOCH, Duration.ZERO), List.of());
    }
    ZoneId zone =
        node.parsed("timezone", ZoneId.of("UTC"), ZoneId::of, "a time zone such as Europe/Berlin");
    Instant origin =
        node.parsed(
            "origin",
            LocalDate.EPOCH.atStartOfDay(zone).toInstant(),
            text -> instant(text, zone),
            "a time such as 2018-01-01T00:00:00Z");
    Duration lateness =
        node.parsed(
            "allowed_lateness",
            Duration.ZERO,
            text -> Duration.parse(text).isNegative() ? null : Duration.parse(text),
            "a duration such as PT6H");
    if (!node.has("size")) {
      node.problem("size", "is missing: " + SIZE);
    }
    WindowSpec window = size(node, "size", zone, origin, lateness);
    List<WindowSpec> horizons = horizons(node, window);
    node.end();
    return new Windows(
        window == null ? WindowSpec.fixed(Duration.ofDays(1), origin, lateness) : window, horizons);
  }

  /**
   * @param window null where its size is wrong; then nothing can be said of horizons
   */
  private static List<WindowSpec> horizons(SpecNode node, WindowSpec window) {
    Map<String, WindowSpec> horizons = new LinkedHashMap<>();
    for (String text : new LinkedHashSet<>(node.texts("horizons"))) {
      if (window == null) {
        continue;
      }
      WindowSpec horizon = horizon(text, window);
      if (horizon == null) {
        node.problem("horizons", "must list sizes such as P7D or P1M, not '" + text + "'");
      } else if (!horizon.multipleOf(window) || horizon.size().equals(window.size())) {
        node.problem(
            "horizons", text + " must be a whole multiple of window.size, and longer than it");
      } else if (horizons.putIfAbsent(horizon.size(), horizon) != null) {
        node.problem("horizons", "names " + horizon.size() + " twice, once as " + text);
      }
    }
    return List.copyOf(horizons.values());
  }

  private static WindowSpec horizon(String text, WindowSpec window) {
    try {
      return window(text, window.zone(), window.origin(), window.allowedLateness());
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  /** The window of a size; null where the key is missing or wrong. */
  static WindowSpec size(
      SpecNode node, String key, ZoneId zone, Instant origin, Duration lateness) {
    return node.parsed(key, null, text -> window(text, zone, origin, lateness), SIZE);
  }

  private static WindowSpec window(String text, ZoneId zone, Instant origin, Duration lateness) {
    String size = text.toUpperCase(Locale.ROOT);
    if (size.contains("T")) {
      Duration duration = Duration.parse(size);
      boolean whole = duration.toNanos() > 0 && duration.toNanos() % 1_000_000 == 0;
      return whole ? WindowSpec.fixed(duration, origin, lateness) : null;
    }
    Period period = Period.parse(size);
    if (period.toTotalMonths() > LONGEST_MONTHS || period.getDays() > LONGEST_DAYS) {
      return null;
    }
    boolean mixed = period.toTotalMonths() != 0 && period.getDays() != 0;
    boolean positive = period.toTotalMonths() > 0 || period.getDays() > 0;
    return mixed || !positive ? null : WindowSpec.calendar(period, origin, zone, lateness);
  }

  static Instant instant(String text, ZoneId zone) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      if (text.length() == 10) {
        return LocalDate.parse(text).atStartOfDay(zone).toInstant();
      }
      return LocalDateTime.parse(text.replace(' ', 'T')).atZone(zone).toInstant();
    }
  }
}
