package io.tidemark.alerts;

import io.tidemark.flow.StatelessCoder;
import io.tidemark.schema.Finding;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.JsonLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Something that a receiver is told once.
 *
 * @param id by which it is told from others, and known when it comes again
 * @param model whose it is
 * @param start of its window or period, microseconds since the epoch; end likewise
 * @param revision rows behind it: of two of one id the one with more is sent
 * @param about what, in a few words
 * @param text what is sent, a JSON object in a line
 */
public record Alert(
    String id, String model, long start, long end, long revision, String about, String text) {

  /** A finding that rang. */
  public static Alert of(Finding finding) {
    String subject = finding.getSubject().isEmpty() ? "" : " of " + finding.getSubject();
    String segment = finding.getSegment().isEmpty() ? "" : " where " + finding.getSegment();
    return new Alert(
        finding.getId(),
        finding.getModel(),
        WindowSpec.micros(finding.getWindowStart()),
        WindowSpec.micros(finding.getWindowEnd()),
        finding.getRevision(),
        finding.getKind() + subject + segment + ", window from " + finding.getWindowStart(),
        JsonLines.line(finding));
  }

  byte[] body() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Of two of one id the one that more rows are behind, whatever order they came in. */
  static Alert newer(Alert one, Alert other) {
    if (one == null || one.revision != other.revision) {
      return one == null || one.revision < other.revision ? other : one;
    }
    return one.text.compareTo(other.text) <= 0 ? one : other;
  }

  /** In a line: id, what it is about, and why it was not delivered. */
  String line(DeliveryException why) {
    return id + " (" + about + "): " + why.getMessage();
  }

  /** In the order of the fields. */
  public static final class AlertCoder extends StatelessCoder<Alert> {
    private static final long serialVersionUID = 1;
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();

    @Override
    public void encode(Alert alert, OutputStream out) throws IOException {
      TEXT.encode(alert.id, out);
      TEXT.encode(alert.model, out);
      LONG.encode(alert.start, out);
      LONG.encode(alert.end, out);
      LONG.encode(alert.revision, out);
      TEXT.encode(alert.about, out);
      TEXT.encode(alert.text, out);
    }

    @Override
    public Alert decode(InputStream in) throws IOException {
      return new Alert(
          TEXT.decode(in),
          TEXT.decode(in),
          LONG.decode(in),
          LONG.decode(in),
          LONG.decode(in),
          TEXT.decode(in),
          TEXT.decode(in));
    }
  }
}
