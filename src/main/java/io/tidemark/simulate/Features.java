package io.tidemark.simulate;

import io.tidemark.simulate.Planted.Kind;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The features of one log's rows, with what is planted in them. */
final class Features {
  private final List<NumericFeature> numeric = new ArrayList<>();
  private final List<CategoricalFeature> categorical = new ArrayList<>();
  private final Factors factors;
  private final Draws[] numericDraws;
  private final Draws[] categoricalDraws;
  private final Draws[] factorDraws;
  private final int seasonal;
  private final double amplitude;
  private final double sharpness;

  // By feature and window.
  private final double[][] shift;
  private final double[][] missing;
  private final double[][] reversed;
  private final double[][] brandNew;

  /**
   * What features are like follows from the seed; their values, from the stream as well.
   *
   * @param planted nothing for the reference
   * @param seasonal name of the numeric feature whose mean follows the season, or null
   */
  Features(
      MonitoringSpec spec,
      SimulationOptions options,
      String stream,
      List<Planted> planted,
      String seasonal,
      int outputs) {
    long seed = options.seed();
    for (Field field : spec.features()) {
      if (field.numeric()) {
        numeric.add(NumericFeature.of(field, seed, outputs, spec.features().size()));
      } else {
        categorical.add(CategoricalFeature.of(field, seed, outputs));
      }
    }
    List<Field> numericFields = numeric.stream().map(NumericFeature::field).toList();
    List<Field> categoricalFields = categorical.stream().map(CategoricalFeature::field).toList();
    this.factors = Factors.of(numericFields, options.correlation(), seed);
    this.numericDraws = draws(numericFields, seed, stream);
    this.categoricalDraws = draws(categoricalFields, seed, stream);
    this.factorDraws = new Draws[factors.groups().size()];
    Arrays.setAll(factorDraws, i -> new Draws(seed, stream + " factor " + i));
    this.seasonal = numericFields.stream().map(Field::name).toList().indexOf(seasonal);
    this.amplitude = options.amplitude();
    this.sharpness = options.sharpness();
    int windows = options.windows();
    this.shift = sizes(numericFields, planted, Kind.COVARIATE_SHIFT, windows);
    this.missing = sizes(numericFields, planted, Kind.MISSING, windows);
    this.reversed = sizes(categoricalFields, planted, Kind.CATEGORY_SHARES, windows);
    this.brandNew = sizes(categoricalFields, planted, Kind.NEW_CATEGORY, windows);
  }

  private static Draws[] draws(List<Field> fields, long seed, String stream) {
    return fields.stream()
        .map(field -> new Draws(seed, stream + " " + field.name()))
        .toArray(Draws[]::new);
  }

  private static double[][] sizes(
      List<Field> fields, List<Planted> planted, Kind kind, int windows) {
    double[] none = new double[windows];
    double[][] sizes = new double[fields.size()][];
    for (int i = 0; i < sizes.length; i++) {
      String name = fields.get(i).name();
      boolean changes = planted.stream().anyMatch(change -> change.field().equals(name));
      sizes[i] = changes ? Planted.sizes(planted, name, kind, windows) : none;
    }
    return sizes;
  }

  List<NumericFeature> numeric() {
    return numeric;
  }

  List<List<String>> correlated() {
    return factors.groups();
  }

  Row row(int outputs) {
    return new Row(numeric.size(), categorical.size(), factorDraws.length, outputs);
  }

  /**
   * Draws the latent values and categories of a row from its source, and what they amount to.
   *
   * @param wave of the season at the row's time
   */
  void draw(Row row, double wave) {
    Arrays.fill(row.scores, 0);
    for (int i = 0; i < factorDraws.length; i++) {
      row.factors[i] = factorDraws[i].bell(row.source, 0);
    }
    double shared = Math.sqrt(factors.correlation());
    double own = Math.sqrt(1 - factors.correlation());
    for (int i = 0; i < row.latents.length; i++) {
      double latent = numericDraws[i].bell(row.source, 0);
      if (factors.of()[i] >= 0) {
        latent = shared * row.factors[factors.of()[i]] + own * latent;
      }
      latent += shift[i][row.window] + (i == seasonal ? amplitude * wave : 0);
      row.latents[i] = latent;
      double[] drivers = numeric.get(i).drivers();
      for (int output = 0; output < row.scores.length; output++) {
        row.scores[output] += drivers[output] * latent;
      }
    }
    for (int i = 0; i < row.categories.length; i++) {
      CategoricalFeature feature = categorical.get(i);
      double u = categoricalDraws[i].uniform(row.source, 0);
      row.categories[i] = feature.index(u, reversed[i][row.window]);
      for (int output = 0; output < row.scores.length; output++) {
        row.scores[output] += feature.effect(row.categories[i], output);
      }
    }
    for (int output = 0; output < row.scores.length; output++) {
      row.scores[output] *= sharpness;
    }
  }

  /** Puts in their places what the log shows of a row's features. */
  void show(Row row, LogColumns columns, Object[] values) {
    for (int i = 0; i < row.latents.length; i++) {
      NumericFeature feature = numeric.get(i);
      Draws draws = numericDraws[i];
      Object value = null;
      if (missing[i][row.window] == 0 || draws.uniform(row.source, 8) >= missing[i][row.window]) {
        double shown = feature.shown(row.latents[i], draws.uniform(row.source, 7));
        value = feature.whole() ? (Object) (long) shown : (Object) shown;
      }
      values[columns.place(feature.field().path())] = value;
    }
    for (int i = 0; i < row.categories.length; i++) {
      CategoricalFeature feature = categorical.get(i);
      boolean unseen =
          brandNew[i][row.window] > 0
              && categoricalDraws[i].uniform(row.source, 8) < brandNew[i][row.window];
      values[columns.place(feature.field().path())] =
          unseen ? Planted.NEW_VALUE : feature.values()[row.categories[i]];
    }
  }
}
