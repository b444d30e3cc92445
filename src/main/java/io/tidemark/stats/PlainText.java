package io.tidemark.stats;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a terminal or a log is shown of texts that come from elsewhere: names of columns and files,
 * values, addresses. Characters that steer a terminal, or turn text round, are written as escapes;
 * of addresses who logs in and what an unknown parameter says is left out.
 */
public final class PlainText {
  private static final Pattern LOGIN = Pattern.compile("(?i)([a-z][a-z0-9+.-]*://)[^\\s]*@");

  /** Of the parameters of an address, with those that may be shown left out. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)([a-z][a-z0-9+.-]*://[^\\s?]*\\?)([^\\s'\"]*)");

  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?<![^&])(?!(?:until|delay|idle|lost|schema|schema-id|properties|group)=)([^&=]*)=[^&]*");

  private PlainText() {}

  /** A name or a message of one line: where a line would end is written as an escape, too. */
  public static String line(String text) {
    String shown = text == null ? "null" : of(text);
    return shown.replace("\n", "\\n").replace("\r", "\\r");
  }

  /** The text as it may be shown. */
  public static String of(String text) {
    String shown = text.contains("://") ? withoutSecrets(text) : text;
    StringBuilder escaped = null;
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      boolean steers = steers(c);
      if (steers && escaped == null) {
        escaped = new StringBuilder(shown.substring(0, i));
      }
      if (escaped != null) {
        if (steers) {
          escaped.append(String.format("\\u%04x", (int) c));
        } else {
          escaped.append(c);
        }
      }
    }
    return escaped == null ? shown : escaped.toString();
  }

  private static String withoutSecrets(String text) {
    String shown = LOGIN.matcher(text).replaceAll("$1...@");
    return SECRET
        .matcher(shown)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group(1) + PARAMETER.matcher(found.group(2)).replaceAll("$1=...")));
  }

  private static boolean steers(char c) {
    boolean control = Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r';
    boolean turns = (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    return control || turns || c == '\u200e' || c == '\u200f' || c == '\u2028' || c == '\u2029';
  }
}
