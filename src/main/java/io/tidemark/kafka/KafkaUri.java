package io.tidemark.kafka;

import io.tidemark.stats.PlainText;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * The parts of {@code kafka://host:port[,host:port]/topic?name=value&name=value}.
 *
 * @param servers the brokers to ask first
 * @param parameters by their names
 */
public record KafkaUri(String servers, String topic, Map<String, String> parameters) {
  public static final String SCHEME = "kafka://";

  /** A URI or a file of properties that cannot be used; the message is for the user. */
  public static final class UnusableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableException(String message) {
      super(PlainText.line(message));
    }
  }

  /**
   * What a URI of one use looks like.
   *
   * @param form what a message tells the user to give
   * @param parameters the names that may be there
   * @param shownParameters the same as a message shows them
   */
  public record Form(String form, Set<String> parameters, String shownParameters) {}

  public static boolean isOne(String uri) {
    return uri.startsWith(SCHEME);
  }

  /**
   * @param option that gave the URI, for messages
   * @throws UnusableException if it is not of this form
   */
  public static KafkaUri of(String option, String uri, Form form) {
    String rest = uri.substring(SCHEME.length());
    int query = rest.indexOf('?');
    String place = query < 0 ? rest : rest.substring(0, query);
    int slash = place.indexOf('/');
    if (slash <= 0 || slash == place.length() - 1 || !isServers(place.substring(0, slash))) {
      throw new UnusableException(option + "=" + uri + ": " + form.form());
    }
    String topic = place.substring(slash + 1);
    if (!topic.matches("[a-zA-Z0-9._-]{1,249}")) {
      throw new UnusableException(
          option + "=" + uri + ": '" + topic + "' is no name of a topic; " + form.form());
    }
    String parameters = query < 0 ? "" : rest.substring(query);
    return new KafkaUri(
        place.substring(0, slash), topic, parameters(option, uri, parameters, form));
  }

  private static boolean isServers(String text) {
    for (String server : text.split(",", -1)) {
      if (!server.matches("[^:@\\s]+:[0-9]{1,5}")) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> parameters(
      String option, String uri, String query, Form form) {
    TreeMap<String, String> given = new TreeMap<>();
    if (query.length() <= 1) {
      return given;
    }
    for (String each : query.substring(1).split("&", -1)) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      if (!form.parameters().contains(name) || equals == each.length() - 1 || equals < 0) {
        throw new UnusableException(
            option + "=" + uri + ": '" + name + "' is none of " + form.shownParameters());
      }
      String value = each.substring(equals + 1);
      // Workers read the file, too, and run in other folders.
      boolean file = name.equals("properties");
      if (given.put(name, file ? absolute(option, uri, value) : value) != null) {
        throw new UnusableException(option + "=" + uri + ": names " + name + " twice");
      }
    }
    return given;
  }

  private static String absolute(String option, String uri, String file) {
    try {
      return Path.of(file).toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      throw new UnusableException(option + "=" + uri + ": '" + file + "' is no name of a file");
    }
  }

  /**
   * A client's properties out of a file, for TLS and SASL.
   *
   * @param shown the topic, for messages
   * @param file "": none
   * @throws UnusableException if it cannot be read
   */
  public static Properties client(String shown, String file) {
    Properties client = new Properties();
    if (!file.isEmpty()) {
      try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
        client.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new UnusableException(
            shown + ": properties=" + file + ": not readable as a file of properties");
      }
    }
    return client;
  }

  /** What a client's exception says, in one line. */
  public static String firstLine(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  /** The first of an exception's causes. */
  public static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
