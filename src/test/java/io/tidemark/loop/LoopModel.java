package io.tidemark.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * A logistic regression of Tribuo's over standardised numbers, categories and pairs of categories,
 * so that it can learn what is special about a slice of two.
 */
final class LoopModel {
  private static final LabelFactory LABELS = new LabelFactory();
  private static final String POSITIVE = "1";
  private static final int EPOCHS = 20;
  private static final double RATE = .2;

  private final Map<String, double[]> scales;
  private final Model<Label> model;

  /**
   * A row to learn from, or to predict.
   *
   * @param numbers by the feature; absent: missing
   * @param categories by the feature; absent: missing
   * @param label null where nobody knows it
   * @param weight how many rows it stands for
   */
  record Row(
      String id,
      Map<String, Double> numbers,
      Map<String, String> categories,
      String label,
      double weight) {
    Row with(String other) {
      return new Row(id, numbers, categories, other, weight);
    }
  }

  private LoopModel(Map<String, double[]> scales, Model<Label> model) {
    this.scales = scales;
    this.model = model;
  }

  /** The order of the rows is part of what is learned: callers sort them. */
  static LoopModel train(List<Row> rows) {
    Map<String, double[]> scales = scales(rows);
    MutableDataset<Label> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("rows", LABELS), LABELS);
    double mean = rows.stream().mapToDouble(Row::weight).average().orElse(1);
    for (Row row : rows) {
      Example<Label> example = example(row, scales, new Label(row.label()));
      example.setWeight((float) (row.weight() / mean));
      data.add(example);
    }
    LinearSGDTrainer trainer =
        new LinearSGDTrainer(
            new LogMulticlass(), new AdaGrad(RATE), EPOCHS, Integer.MAX_VALUE, 1, 1);
    return new LoopModel(scales, trainer.train(data));
  }

  /** Mean and standard deviation of each number. */
  private static Map<String, double[]> scales(List<Row> rows) {
    Map<String, double[]> sums = new TreeMap<>();
    for (Row row : rows) {
      row.numbers()
          .forEach(
              (name, x) -> {
                double[] sum = sums.computeIfAbsent(name, any -> new double[3]);
                sum[0] += row.weight();
                sum[1] += row.weight() * x;
                sum[2] += row.weight() * x * x;
              });
    }
    Map<String, double[]> scales = new TreeMap<>();
    sums.forEach(
        (name, sum) -> {
          double mean = sum[1] / sum[0];
          double variance = Math.max(0, sum[2] / sum[0] - mean * mean);
          scales.put(name, new double[] {mean, variance == 0 ? 1 : Math.sqrt(variance)});
        });
    return scales;
  }

  private static Example<Label> example(Row row, Map<String, double[]> scales, Label label) {
    List<String> names = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    scales.forEach(
        (name, scale) -> {
          Double x = row.numbers().get(name);
          names.add(x == null ? name + " missing" : name);
          values.add(x == null ? 1 : (x - scale[0]) / scale[1]);
        });
    List<String> words = new ArrayList<>();
    row.categories().forEach((name, value) -> words.add(name + "=" + value));
    for (int i = 0; i < words.size(); i++) {
      names.add(words.get(i));
      values.add(1.);
      for (int j = 0; j < i; j++) {
        names.add(words.get(j) + "," + words.get(i));
        values.add(1.);
      }
    }
    return new ArrayExample<>(
        label,
        names.toArray(new String[0]),
        values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The probability of the positive class. */
  double predict(Row row) {
    return model
        .predict(example(row, scales, LabelFactory.UNKNOWN_LABEL))
        .getOutputScores()
        .get(POSITIVE)
        .getScore();
  }
}
