package io.tidemark.event;

import java.util.List;

/**
 * When two texts name the same class. A class may be a boolean in one file, and 1 or 0 in the spec
 * or in another: true is 1 and false is 0 where classes are compared, in whatever case they are
 * spelled. Everything else is compared as it stands.
 */
public final class ClassText {
  private static final List<String> ONE = List.of("1", "true", "True", "TRUE");
  private static final List<String> ZERO = List.of("0", "false", "False", "FALSE");

  private ClassText() {}

  public static boolean same(String one, String other) {
    return one.equals(other) || key(one).equals(key(other));
  }

  /** One text for all that name the same class. */
  public static String key(String text) {
    if (text.length() == 4 && text.equalsIgnoreCase("true")) {
      return "1";
    }
    return text.length() == 5 && text.equalsIgnoreCase("false") ? "0" : text;
  }

  /** All usual spellings of a class, its own first. */
  public static List<String> spellings(String text) {
    return switch (key(text)) {
      case "1" -> ONE;
      case "0" -> ZERO;
      default -> List.of(text);
    };
  }
}
