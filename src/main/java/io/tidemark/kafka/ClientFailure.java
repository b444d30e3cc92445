package io.tidemark.kafka;

import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;

/** Why Kafka's client cannot be made with what a file of properties says, in its own words. */
public final class ClientFailure {
  private static final int LONGEST = 300;
  private static final String WANTED = "cannot be cast to class ";

  private ClientFailure() {}

  /**
   * The reason in one line. What the client says of a badly quoted login may quote a part of the
   * password, and is replaced.
   *
   * @param e what making the client threw; not all of it is Kafka's exception
   * @param client the properties
   */
  public static String of(Throwable e, Properties client) {
    Throwable root = KafkaUri.root(e);
    if (root instanceof NullPointerException) {
      root = reason(client, root);
    }
    for (StackTraceElement each : root.getStackTrace()) {
      if (each.getClassName().startsWith("org.apache.kafka.common.security.Jaas")) {
        boolean absent =
            KafkaUri.firstLine(root).startsWith("Could not find a 'KafkaClient' entry");
        return "sasl.jaas.config "
            + (absent ? "is missing" : "cannot be read")
            + ": it is 'MODULE required name=\"value\" ...;', with the semicolon";
      }
    }
    String words = words(root, client);
    return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "...";
  }

  /**
   * A consumer or producer that cannot be made stumbles over itself while it is closed, and its
   * reason is lost. One that only asks brokers is made of the same properties and does not.
   */
  private static Throwable reason(Properties client, Throwable stumbled) {
    try {
      Admin.create(client).close();
      return stumbled;
    } catch (RuntimeException | LinkageError e) {
      return KafkaUri.root(e);
    }
  }

  private static String words(Throwable root, Properties client) {
    String line = KafkaUri.firstLine(root);
    if (root instanceof NoSuchFileException) {
      return line + ": there is no such file";
    }
    if (root instanceof NullPointerException) {
      return "one of the properties is wrong, and Kafka's client does not say which";
    }
    boolean absent = root instanceof ClassNotFoundException;
    if (!absent && !line.contains("ClassCastException") && !(root instanceof ClassCastException)) {
      return line;
    }
    // NAME, class NAME, or class NAME cannot be cast to class WANTED (...)
    String name = line.replaceFirst("^.*?\\bclass ", "").replaceFirst(" .*", "");
    int cast = line.indexOf(WANTED);
    String wanted =
        cast < 0 ? "" : ", " + line.substring(cast + WANTED.length()).replaceFirst(" .*", "");
    return named(name, client)
        + "class "
        + name
        + (absent ? " is not on the class path" : " is not of the kind that is wanted" + wanted);
  }

  /** Properties that name a class, and no more of them: what others say may be secret. */
  private static String named(String className, Properties client) {
    TreeSet<String> names = new TreeSet<>();
    for (String name : client.stringPropertyNames()) {
      List<String> words = List.of(client.getProperty(name).strip().split("[,\\s]+"));
      if (words.contains(className)) {
        names.add(name);
      }
    }
    return names.isEmpty() ? "" : String.join(", ", names) + ": ";
  }
}
