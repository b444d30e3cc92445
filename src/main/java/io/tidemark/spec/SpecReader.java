package io.tidemark.spec;

import io.tidemark.spec.Field.Role;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a monitoring spec, and says everything that is wrong with it at once. */
public final class SpecReader {
  private static final Comparator<SpecProblem> BY_LINE = Comparator.comparingInt(SpecProblem::line);

  private static final int MAX_BYTES = 1 << 20;

  private SpecReader() {}

  /**
   * Reads one spec.
   *
   * @param source name for messages
   * @throws SpecException with all problems
   */
  public static MonitoringSpec read(String source, String yaml) {
    List<SpecProblem> problems = new ArrayList<>();
    Node root = parse(source, yaml);
    SpecNode node = SpecNode.of(root, "", problems);
    MonitoringSpec spec = read(node);
    if (!problems.isEmpty()) {
      // a section that is looked at twice notes its problems twice
      List<SpecProblem> distinct = problems.stream().distinct().sorted(BY_LINE).toList();
      throw new SpecException(source, distinct);
    }
    return spec.with(CanonicalSpec.hash(spec));
  }

  private static Node parse(String source, String yaml) {
    SpecProblem problem;
    if (yaml.length() > MAX_BYTES) {
      problem = new SpecProblem(1, "", "the file is larger than 1 MiB: is it a spec?");
      throw new SpecException(source, List.of(problem));
    }
    try {
      LoaderOptions options = new LoaderOptions();
      options.setMaxAliasesForCollections(10);
      options.setAllowDuplicateKeys(true); // noted with their lines by SpecNode
      Node root = new Yaml(options).compose(new StringReader(yaml));
      if (root != null) {
        return root;
      }
      problem = new SpecProblem(1, "", "the file is empty; see pipelines/ for examples");
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      problem = new SpecProblem(line, "", "is no YAML: " + e.getProblem());
    } catch (YAMLException e) {
      problem = new SpecProblem(1, "", "is no YAML: " + e.getMessage());
    }
    throw new SpecException(source, List.of(problem));
  }

  private static MonitoringSpec read(SpecNode node) {
    String model = node.required("model");
    if (model != null && model.codePoints().anyMatch(Character::isISOControl)) {
      node.problem("model", "has control characters; give a name that can be shown");
    }
    Task task = node.choice("task", Task.BINARY, Task.class);
    if (!node.has("task")) {
      node.problem("task", "is missing; it is binary, multiclass or regression");
    }
    EventsSpec events = EventsReader.read(node, task);
    List<Field> features = features(node);
    checkNames(node, features);
    LabelsSpec labels = LabelsReader.read(node, events);
    WindowReader.Windows windows = WindowReader.read(node);
    WindowSpec window = windows.window();
    List<String> segments = node.texts("segments");
    for (String segment : segments) {
      if (features.stream().noneMatch(f -> f.name().equals(segment) && !f.numeric())) {
        node.problem("segments", segment + " is no categorical feature");
      }
    }
    DriftSpec drift = DriftReader.read(node, features);
    PerformanceSpec performance = PerformanceReader.read(node, task);
    SlicesSpec slices = SlicesReader.read(node, features);
    LabelIssuesSpec labelIssues = LabelIssuesSpec.read(node);
    SnapshotSpec snapshot =
        SnapshotReader.read(node, window, events, labels, features, task, segments);
    boolean labelled = events.label() != null || labels != null;
    RetrainSpec retrain = RetrainReader.read(node, task, labelled, performance, slices, snapshot);
    node.end();
    return new MonitoringSpec(
        model,
        task,
        events,
        features,
        labels,
        window,
        windows.horizons(),
        segments,
        drift,
        performance,
        slices,
        labelIssues,
        snapshot,
        retrain,
        "");
  }

  private static List<Field> features(SpecNode node) {
    List<Field> features = new ArrayList<>();
    SpecNode mapping = node.mapping("features");
    if (mapping == null) {
      node.problem("features", "is missing: name at least one feature and its type");
      return features;
    }
    if (mapping.keys().isEmpty()) {
      node.problem("features", "is empty: name at least one feature and its type");
    }
    for (String name : mapping.keys()) {
      String path = name;
      FieldType type;
      if (mapping.isMapping(name)) {
        SpecNode feature = mapping.mapping(name);
        if (!feature.has("type")) {
          feature.problem("type", "is missing; it is numeric or categorical");
        }
        type = feature.choice("type", FieldType.NUMERIC, FieldType.class);
        path = feature.has("path") ? feature.required("path") : name;
        feature.end();
      } else {
        if (!mapping.has(name)) {
          mapping.problem(name, "has no type; it is numeric or categorical");
        }
        type = mapping.choice(name, FieldType.NUMERIC, FieldType.class);
      }
      features.add(new Field(name, path, type, Role.FEATURE));
    }
    return features;
  }

  private static void checkNames(SpecNode node, List<Field> features) {
    SpecNode mapping = node.mapping("features");
    for (Field feature : features) {
      boolean output =
          feature.name().startsWith("prediction.") || SnapshotNames.reserved(feature.name());
      if (output) {
        mapping.problem(
            feature.name(),
            "is the name of an output column; call the feature otherwise and give its path");
      }
    }
  }
}
