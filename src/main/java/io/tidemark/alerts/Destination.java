package io.tidemark.alerts;

import io.tidemark.kafka.KafkaUri;
import java.io.Serializable;
import java.util.Locale;

/**
 * Where alerts go. It travels in the job, so it holds no secret: keys and client properties are
 * files, which each worker reads for itself.
 */
public sealed interface Destination extends Serializable permits Webhook, AlertTopic {
  /**
   * @param uri what {@code --alerts} says
   * @param keyFile what {@code --alerts-key} says: a file with the key of signatures; null: none
   * @throws AlertsException with a message for the user
   */
  static Destination of(String uri, String keyFile) {
    if (KafkaUri.isOne(uri)) {
      if (keyFile != null) {
        throw new AlertsException(
            "--alerts-key: signs what a webhook gets; for a topic leave it out and give"
                + " ?properties=FILE with what the brokers ask for");
      }
      return AlertTopic.of(uri);
    }
    String lower = uri.toLowerCase(Locale.ROOT);
    if (lower.startsWith("https://") || lower.startsWith("http://")) {
      return Webhook.of(uri, keyFile);
    }
    throw new AlertsException(
        "--alerts: begins with neither kafka:// nor https://; give kafka://host:port/topic or"
            + " https://host/path");
  }

  /**
   * An address that takes lineage by POST.
   *
   * @param uri what {@code --lineage} says
   * @throws AlertsException with a message for the user
   */
  static Destination ofLineage(String uri) {
    String lower = uri.toLowerCase(Locale.ROOT);
    if (lower.startsWith("https://") || lower.startsWith("http://")) {
      return Webhook.of("--lineage", "Tidemark-Lineage-Id", uri, null);
    }
    throw new AlertsException(
        "--lineage: begins with neither https:// nor http://; give https://host/path");
  }

  /** As messages name it: without what may be secret. */
  String shown();

  /**
   * Sees that its files can be used.
   *
   * @throws AlertsException with a message for the user
   */
  void checkFiles();

  /**
   * Sees, without sending anything, that its files can be used and that somebody listens.
   *
   * @throws AlertsException with a message for the user
   */
  void check();

  /**
   * @throws AlertsException if its files cannot be used here
   */
  Sender open();
}
