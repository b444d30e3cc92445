package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
import io.tidemark.spec.Field;
import io.tidemark.spec.FieldType;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import io.tidemark.stats.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** Fields with hardly a usable value: what is said of them is said of nothing. */
public final class EmptyFields {
  /** A larger share without a usable value is worth a word. */
  private static final double MOST_UNUSABLE = .95;

  private EmptyFields() {}

  /** A field and how many of its values are not there, or cannot be read as its type. */
  public record Unusable(Field field, long rows, long missing, long invalid)
      implements java.io.Serializable {
    /** Whether not one value is usable. */
    public boolean empty() {
      return missing + invalid == rows;
    }

    /** As a line of a table. */
    public String text() {
      return String.format(
          Locale.ROOT,
          "  %s (%s, column %s): of %s %.1f %% without a value, %.1f %% with one that is no"
              + " %s",
          PlainText.line(field.name()),
          field.numeric() ? "numeric" : "categorical",
          PlainText.line(field.path()),
          CountText.of(rows, "row"),
          100.0 * missing / rows,
          100.0 * invalid / rows,
          field.numeric() ? "number" : "text, number or boolean");
    }
  }

  /** Rows, and of each field in its order those without a value and those with an unusable one. */
  public static final Coder<List<Long>> COUNTS = ListCoder.of(VarLongCoder.of());

  /** The counts of windows that have rows. */
  public static List<Long> counts(WindowKey key, WindowProfile profile) {
    List<Long> counts = new ArrayList<>();
    counts.add(profile.rows());
    counts.add(key.version().isEmpty() ? profile.rows() : 0);
    for (int i = 0; i < profile.layout().fields(); i++) {
      counts.add(profile.state(0, i).missing());
      counts.add(profile.state(0, i).invalid());
    }
    return counts;
  }

  /** Of several windows, in the order of the spec's fields; the model's version last. */
  public static List<Unusable> of(MonitoringSpec spec, Iterable<List<Long>> windows) {
    return all(spec, windows).stream().filter(EmptyFields::hardlyUsable).toList();
  }

  /** The same of every field, whatever its values are. */
  public static List<Unusable> all(MonitoringSpec spec, Iterable<List<Long>> windows) {
    List<Field> fields = spec.fields();
    long[] sums = new long[2 + 2 * fields.size()];
    for (List<Long> counts : windows) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += counts.get(i);
      }
    }
    List<Unusable> all = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      all.add(new Unusable(fields.get(i), sums[0], sums[2 + 2 * i], sums[3 + 2 * i]));
    }
    String version = spec.events().modelVersion();
    if (version != null) {
      Field field = new Field("model_version", version, FieldType.CATEGORICAL, Field.Role.FEATURE);
      all.add(new Unusable(field, sums[0], sums[1], 0));
    }
    return all;
  }

  private static boolean hardlyUsable(Unusable field) {
    return field.rows() > 0 && field.missing() + field.invalid() > MOST_UNUSABLE * field.rows();
  }

  /** The counts of all of a model's windows together, by models that have some. */
  public static PTransform<
          PCollection<KV<WindowKey, WindowProfile>>, PCollection<KV<String, List<Long>>>>
      total() {
    return new Total();
  }

  private static final class Total
      extends PTransform<
          PCollection<KV<WindowKey, WindowProfile>>, PCollection<KV<String, List<Long>>>> {
    private static final long serialVersionUID = 1;

    @Override
    public PCollection<KV<String, List<Long>>> expand(
        PCollection<KV<WindowKey, WindowProfile>> windows) {
      return windows
          .apply("Counts", ParDo.of(new CountsFn()))
          .setCoder(KvCoder.of(StringUtf8Coder.of(), COUNTS))
          .apply("Sum", Combine.perKey(new SumFn()));
    }
  }

  private static final class CountsFn
      extends DoFn<KV<WindowKey, WindowProfile>, KV<String, List<Long>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<WindowKey, WindowProfile> window, OutputReceiver<KV<String, List<Long>>> out) {
      WindowKey key = window.getKey();
      out.output(KV.of(key.model(), counts(key, window.getValue())));
    }
  }

  private static final class SumFn
      implements SerializableFunction<Iterable<List<Long>>, List<Long>> {
    private static final long serialVersionUID = 1;

    @Override
    public List<Long> apply(Iterable<List<Long>> all) {
      List<Long> sums = new ArrayList<>();
      for (List<Long> each : all) {
        for (int i = 0; i < each.size(); i++) {
          if (i == sums.size()) {
            sums.add(each.get(i));
          } else {
            sums.set(i, sums.get(i) + each.get(i));
          }
        }
      }
      return sums;
    }
  }
}
