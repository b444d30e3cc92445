package io.tidemark.ingest.row;

import java.io.EOFException;
import java.nio.BufferUnderflowException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a decoder's exception says about a damaged file, in words for the one who has to mend it.
 */
public final class DecodeFailure {
  private static final int LONGEST = 200;

  /** Decoders put what they wrap in front of their own words. */
  private static final Pattern CLASS = Pattern.compile("^([a-z]\\w*\\.)+[A-Z][\\w$]*: ");

  /** What Thrift shows of an object: names of its classes and addresses. */
  private static final Pattern DUMP = Pattern.compile("[!.]? Struct: ?.*");

  /** A class within the words: its simple name says as much. */
  private static final Pattern NAME =
      Pattern.compile("\\b(?:[a-z]\\w*\\.){2,}(?:[A-Z]\\w*\\$)*([A-Z]\\w*)(?:@\\p{XDigit}+)?");

  /** What a decoder stumbles over without a check of its own says nothing about the file. */
  private static final List<Class<? extends Exception>> UNFORESEEN =
      List.of(
          NullPointerException.class,
          IndexOutOfBoundsException.class,
          ClassCastException.class,
          NegativeArraySizeException.class,
          ArithmeticException.class,
          BufferUnderflowException.class);

  private DecodeFailure() {}

  public static String reason(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return "it asks for more memory than there is; if it is whole, give TIDEMARK_MEMORY=8g or"
          + " more";
    }
    String message = e.getMessage();
    if (UNFORESEEN.stream().anyMatch(kind -> kind.isInstance(e)) || message == null) {
      return e instanceof EOFException ? "it ends too early" : "it cannot be decoded";
    }
    String line = message.lines().findFirst().orElse("");
    String words = CLASS.matcher(line).replaceFirst("");
    words = DUMP.matcher(words).replaceFirst("");
    words = NAME.matcher(words).replaceAll("$1").replaceAll("\\p{Cntrl}", "?");
    return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "...";
  }
}
