package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Rows that say the same but for noise: equal in label and categories (case, white space and
 * Unicode's forms aside), in what is missing, and in numbers but for a tolerance, a share of the
 * interquartile range among the period's candidates.
 *
 * <p>Of rows in the order of (time, name) the first stays and stands for those behind it that are
 * like it: it takes over their reasons and their weight, so that the weighted snapshot represents
 * the period as before.
 *
 * <p>Rows of few values are alike by chance, and no duplicates. So a row is compared only where
 * fewer than one in a thousand such rows has another of the period's candidates like it by chance,
 * going by how often each of its values comes among them. That takes fields for independent: where
 * they hang together, rows are alike more often than it says.
 */
final class NearDuplicates {
  /** Of the period's candidates, those that may be like a given one by chance. */
  static final double CHANCE = 1e-3;

  private final List<Values> fields = new ArrayList<>();
  private final List<Numbers> numbers = new ArrayList<>(); // those with most values first
  private final int candidates;

  /**
   * @param tolerance in interquartile ranges
   * @param candidates among which chance is judged, in any order
   */
  NearDuplicates(MonitoringSpec spec, double tolerance, Collection<InferenceEvent> candidates) {
    EventLabels labels = EventLabels.of(spec);
    this.candidates = candidates.size();
    EventLayout layout = EventLayout.of(spec);
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      if (field.role() == Field.Role.FEATURE) {
        int slot = layout.slot(i);
        if (field.numeric()) {
          numbers.add(new Numbers(slot, i, tolerance, candidates));
        } else {
          fields.add(new Texts(row -> row.categories()[slot], NearDuplicates::plain, candidates));
        }
      }
    }
    // Rows that differ in the label alone are for a look at labels.
    fields.add(new Texts(labels::text, Function.identity(), candidates));
    fields.addAll(numbers);
    numbers.sort(Comparator.comparingInt((Numbers each) -> each.distinct).reversed());
  }

  /**
   * The rows that stay.
   *
   * @param rows in the order of (time, name)
   */
  List<SnapshotRow> without(List<SnapshotRow> rows) {
    if (numbers.isEmpty()) {
      return rows; // values of categories are all there is, and they come again
    }
    List<Kept> kept = new ArrayList<>();
    Map<Hash128, TreeMap<Double, List<Kept>>> alike = new HashMap<>();
    for (SnapshotRow row : rows) {
      Kept own = new Kept(row);
      if (chance(row.event()) < CHANCE) {
        TreeMap<Double, List<Kept>> group =
            alike.computeIfAbsent(exact(row.event()), any -> new TreeMap<>());
        double place = place(row.event());
        Kept first = first(group, place, row.event());
        if (first != null) {
          first.add(row);
          continue;
        }
        group.computeIfAbsent(place, any -> new ArrayList<>()).add(own);
      }
      kept.add(own);
    }
    return kept.stream().map(Kept::row).toList();
  }

  private double place(InferenceEvent row) {
    double value = numbers.get(0).of(row);
    // Whether it is missing is part of what is exact; and -0.0 is 0.0, which are two keys of a map.
    return Double.isNaN(value) ? 0 : value + 0.0;
  }

  /** The first row that stays and is like another. */
  private Kept first(TreeMap<Double, List<Kept>> group, double place, InferenceEvent row) {
    double reach = numbers.get(0).reach;
    Kept first = null;
    for (List<Kept> near : group.subMap(place - reach, true, place + reach, true).values()) {
      for (Kept each : near) {
        if (like(each.first.event(), row) && (first == null || each.before(first))) {
          first = each;
        }
      }
    }
    return first;
  }

  private boolean like(InferenceEvent one, InferenceEvent other) {
    for (Numbers field : numbers) {
      if (!field.like(one, other)) {
        return false;
      }
    }
    return true;
  }

  /** Rows of the candidates that are like a given one by chance, as if fields were independent. */
  double chance(InferenceEvent row) {
    double chance = candidates;
    for (Values field : fields) {
      chance *= field.share(row);
    }
    return chance;
  }

  /** What has to be equal. */
  private Hash128 exact(InferenceEvent row) {
    StringBuilder text = new StringBuilder();
    for (Values field : fields) {
      String exact = field.exact(row);
      text.append(exact.length()).append(':').append(exact);
    }
    return Hash128.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A row that stays, with those that it stands for. */
  private static final class Kept {
    private final SnapshotRow first;
    private final TreeSet<String> reasons = new TreeSet<>();
    private double weight;

    Kept(SnapshotRow first) {
      this.first = first;
      add(first);
    }

    void add(SnapshotRow row) {
      reasons.addAll(row.reasons());
      weight += row.weight();
    }

    boolean before(Kept other) {
      int order = Long.compare(first.event().timeMicros(), other.first.event().timeMicros());
      return order != 0 ? order < 0 : first.name().compareTo(other.first.name()) < 0;
    }

    SnapshotRow row() {
      return first.standingFor(List.copyOf(reasons), weight);
    }
  }

  /** One field of the candidates. */
  private interface Values {
    /** Of the candidates that are like a row in the field. */
    double share(InferenceEvent row);

    /** What two rows that are alike have in common to the letter. */
    String exact(InferenceEvent row);
  }

  private static final class Numbers implements Values {
    private final int slot;
    private final int field;
    private final double[] sorted; // without those that are missing
    private final double missing; // share
    private final double reach;
    private final int distinct;

    Numbers(int slot, int field, double tolerance, Collection<InferenceEvent> candidates) {
      this.slot = slot;
      this.field = field;
      this.sorted =
          candidates.stream()
              .mapToDouble(row -> row.numbers()[slot])
              .filter(Double::isFinite)
              .map(value -> value + 0.0) // -0.0 is 0.0
              .sorted()
              .toArray();
      this.missing = 1 - (double) sorted.length / Math.max(1, candidates.size());
      double range = sorted.length == 0 ? 0 : quartile(3) - quartile(1);
      this.reach = Double.isFinite(range) ? tolerance * range : 0;
      int different = 0;
      for (int i = 0; i < sorted.length; i++) {
        different += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
      }
      this.distinct = different;
    }

    private double quartile(int quarters) {
      return sorted[(int) ((long) (sorted.length - 1) * quarters / 4)];
    }

    double of(InferenceEvent row) {
      return row.numbers()[slot];
    }

    @Override
    public double share(InferenceEvent row) {
      double value = of(row);
      if (!Double.isFinite(value)) {
        return missing;
      }
      int rows = sorted.length == 0 ? 0 : upTo(value + reach, true) - upTo(value - reach, false);
      return rows * (1 - missing) / Math.max(1, sorted.length);
    }

    /** How many values are below a bound. */
    private int upTo(double bound, boolean inclusive) {
      int low = 0;
      int high = sorted.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        boolean below = inclusive ? sorted[middle] <= bound : sorted[middle] < bound;
        if (below) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    boolean like(InferenceEvent one, InferenceEvent other) {
      double a = of(one);
      double b = of(other);
      return !Double.isFinite(a) || !Double.isFinite(b) || Math.abs(a - b) <= reach;
    }

    @Override
    public String exact(InferenceEvent row) {
      double value = of(row);
      return Double.isFinite(value) ? "" : row.invalid(field) ? "invalid" : String.valueOf(value);
    }
  }

  private static final class Texts implements Values {
    private final Function<InferenceEvent, String> of;
    private final Function<String, String> plain;
    private final Map<String, String> keys = new HashMap<>(); // by text as it stands
    private final Map<String, Integer> counts = new HashMap<>();
    private final double rows;

    Texts(
        Function<InferenceEvent, String> of,
        Function<String, String> plain,
        Collection<InferenceEvent> candidates) {
      this.of = of;
      this.plain = plain;
      this.rows = Math.max(1, candidates.size());
      candidates.forEach(row -> counts.merge(exact(row), 1, Integer::sum));
    }

    @Override
    public double share(InferenceEvent row) {
      return counts.getOrDefault(exact(row), 0) / rows;
    }

    @Override
    public String exact(InferenceEvent row) {
      String text = of.apply(row);
      return text == null ? "0" : keys.computeIfAbsent(text, own -> "1" + plain.apply(own));
    }
  }

  /** Without case, Unicode's forms and white space more than one blank between words. */
  static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .strip()
        .replaceAll("\\s+", " ");
  }
}
