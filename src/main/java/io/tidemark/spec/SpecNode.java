package io.tidemark.spec;

import io.tidemark.stats.NumberText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of the spec being read. Every question notes what is wrong and answers with the
 * default, so that reading goes on and all problems come out together; keys nobody asked for are
 * problems too.
 */
final class SpecNode {
  private final List<SpecProblem> problems;
  private final String path;
  private final int line;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Map<String, ScalarNode> keys = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  private SpecNode(List<SpecProblem> problems, String path, int line) {
    this.problems = problems;
    this.path = path;
    this.line = line;
  }

  static SpecNode of(Node node, String path, List<SpecProblem> problems) {
    return of(node, path, problems, line(node));
  }

  private static SpecNode of(Node node, String path, List<SpecProblem> problems, int line) {
    SpecNode mapping = new SpecNode(problems, path, line);
    if (!(node instanceof MappingNode map)) {
      problems.add(new SpecProblem(line(node), path, "must be a mapping of keys to values"));
      return mapping;
    }
    for (NodeTuple tuple : map.getValue()) {
      mapping.put(tuple.getKeyNode(), tuple.getValueNode());
    }
    return mapping;
  }

  private static int line(Node node) {
    return node.getStartMark() == null ? 1 : node.getStartMark().getLine() + 1;
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Notes something wrong with a key, or with the mapping for a key that is not there. */
  void problem(String key, String message) {
    problems.add(new SpecProblem(lines.getOrDefault(key, line), pathOf(key), message));
  }

  boolean has(String key) {
    asked.add(key);
    Node node = values.get(key);
    return node != null && !isNull(node);
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /** Whether a key holds a bare {@code off}, {@code no} or {@code false}. */
  boolean isOff(String key) {
    asked.add(key);
    return values.get(key) instanceof ScalarNode scalar
        && Set.of("off", "no", "false")
            .contains(scalar.getValue().toLowerCase(java.util.Locale.ROOT));
  }

  Set<String> keys() {
    return values.keySet();
  }

  /** The mapping under a key, or null. */
  SpecNode mapping(String key) {
    return has(key) ? of(values.get(key), pathOf(key), problems, lines.get(key)) : null;
  }

  /**
   * A list of names, each bare or with a value of its own, as a mapping: a bare one has no value.
   * Empty where there is none.
   */
  SpecNode entries(String key) {
    SpecNode entries = new SpecNode(problems, pathOf(key), lines.getOrDefault(key, line));
    if (!has(key)) {
      return entries;
    }
    if (!(values.get(key) instanceof SequenceNode list)) {
      problem(key, "must be a list");
      return entries;
    }
    for (Node element : list.getValue()) {
      if (element instanceof ScalarNode name && !isNull(element)) {
        entries.put(name, new ScalarNode(Tag.NULL, "", null, null, name.getScalarStyle()));
      } else if (element instanceof MappingNode map) {
        for (NodeTuple tuple : map.getValue()) {
          entries.put(tuple.getKeyNode(), tuple.getValueNode());
        }
      } else {
        problem(key, "must be a list of names, each bare or with its value");
      }
    }
    return entries;
  }

  private void put(Node name, Node value) {
    String key = "?";
    if (name instanceof ScalarNode scalar) {
      key = scalar.getValue();
      keys.put(key, scalar);
    }
    if (values.put(key, value) != null) {
      problems.add(new SpecProblem(line(name), pathOf(key), "is given twice; keep one"));
    }
    lines.put(key, line(name));
  }

  boolean isMapping(String key) {
    return has(key) && values.get(key) instanceof MappingNode;
  }

  /** Text as it is written. */
  String text(String key) {
    ScalarNode scalar = scalar(key);
    return scalar == null ? null : scalar.getValue();
  }

  private ScalarNode scalar(String key) {
    if (!has(key)) {
      return null;
    }
    if (!(values.get(key) instanceof ScalarNode scalar)) {
      problem(key, "must be a single value");
      return null;
    }
    return scalar;
  }

  /**
   * A value that rows of the log have, such as a class, as text: numbers and booleans as logs give
   * them, whatever the notation; quoted text as it is written.
   */
  String requiredValue(String key) {
    String text = required(key);
    return text == null ? null : valueOf(scalar(key));
  }

  /** The same of a value or a list of them; at least one. */
  List<String> requiredValues(String key) {
    if (!(has(key) && values.get(key) instanceof SequenceNode list)) {
      String value = requiredValue(key);
      return value == null ? List.of() : List.of(value);
    }
    List<String> given = new ArrayList<>();
    for (Node element : list.getValue()) {
      if (element instanceof ScalarNode scalar
          && !isNull(element)
          && !scalar.getValue().isEmpty()) {
        given.add(valueOf(scalar));
      } else {
        problem(key, "must be a value or a list of values");
      }
    }
    if (list.getValue().isEmpty()) {
      problem(key, "must be a value or a list of values");
    }
    return given;
  }

  /** A key that is a value of the log, as text. */
  String keyValue(String key) {
    ScalarNode scalar = keys.get(key);
    return scalar == null ? key : valueOf(scalar);
  }

  private static String valueOf(ScalarNode scalar) {
    String text = scalar.getValue();
    if (!scalar.isPlain()) {
      return text;
    }
    boolean flag = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
    return flag ? text.toLowerCase(java.util.Locale.ROOT) : NumberText.of(text);
  }

  String required(String key) {
    String text = text(key);
    if (text == null && !values.containsKey(key)) {
      problem(key, "is missing");
    } else if (text == null && isNull(values.get(key))) {
      problem(key, "has no value");
    } else if (text != null && text.isBlank()) {
      problem(key, "is empty");
    }
    return text;
  }

  /** A value that is read from text; null text gives the default. */
  <T> T parsed(String key, T otherwise, Function<String, T> parse, String expected) {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    try {
      T value = parse.apply(text);
      if (value != null) {
        return value;
      }
    } catch (RuntimeException e) {
      // said below, in the spec's own terms
    }
    problem(key, "must be " + expected + ", not '" + text + "'");
    return otherwise;
  }

  double number(String key, double otherwise, double low, double high) {
    double value = parsed(key, otherwise, Double::valueOf, "a number");
    if (!(value >= low && value <= high)) {
      problem(key, "must be from " + shown(low) + " to " + shown(high) + ", not " + shown(value));
      return otherwise;
    }
    return value;
  }

  long integer(String key, long otherwise, long low) {
    long value =
        parsed(key, otherwise, text -> Long.valueOf(text.replace("_", "")), "a whole number");
    if (value < low) {
      problem(key, "must be at least " + low + ", not " + value);
      return otherwise;
    }
    return value;
  }

  private static String shown(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  boolean flag(String key, boolean otherwise) {
    return parsed(
        key,
        otherwise,
        text ->
            switch (text.toLowerCase(java.util.Locale.ROOT)) {
              case "true", "yes", "on" -> true;
              case "false", "no", "off" -> false;
              default -> null;
            },
        "true or false");
  }

  <E extends Enum<E>> E choice(String key, E otherwise, Class<E> type) {
    List<String> names = new ArrayList<>();
    for (E value : type.getEnumConstants()) {
      names.add(value.name().toLowerCase(java.util.Locale.ROOT));
    }
    return parsed(
        key,
        otherwise,
        text -> {
          int at = names.indexOf(text);
          return at < 0 ? null : type.getEnumConstants()[at];
        },
        "one of " + String.join(", ", names));
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    if (!has(key)) {
      return texts;
    }
    if (!(values.get(key) instanceof SequenceNode list)) {
      problem(key, "must be a list");
      return texts;
    }
    for (Node element : list.getValue()) {
      if (element instanceof ScalarNode scalar && !isNull(element)) {
        texts.add(scalar.getValue());
      } else {
        problem(key, "must be a list of single values");
      }
    }
    for (int i = 0; i < texts.size(); i++) {
      if (texts.indexOf(texts.get(i)) < i) {
        problem(key, "names " + texts.get(i) + " twice");
      }
    }
    return texts;
  }

  /** Call when all keys have been asked for. */
  void end() {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        String near = nearest(key);
        problem(
            key,
            "is no key here"
                + (near == null
                    ? "; there are " + String.join(", ", asked)
                    : "; did you mean " + near + "?"));
      }
    }
  }

  private String nearest(String key) {
    String best = null;
    int distance = 3;
    for (String candidate : asked) {
      int d = editDistance(key, candidate);
      if (d < distance && !values.containsKey(candidate)) {
        best = candidate;
        distance = d;
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
