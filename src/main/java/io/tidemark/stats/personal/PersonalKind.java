package io.tidemark.stats.personal;

import io.tidemark.stats.CountText;

/** A kind of personal data that can be told by its form. */
public enum PersonalKind {
  CARD("card", "card number", "card numbers"),
  EMAIL("email", "e-mail address", "e-mail addresses"),
  PHONE("phone", "phone number", "phone numbers");

  private final String id;
  private final String one;
  private final String several;

  PersonalKind(String id, String one, String several) {
    this.id = id;
    this.one = one;
    this.several = several;
  }

  /** Its name in outputs. */
  public String id() {
    return id;
  }

  /** So many of them, in words. */
  public String counted(long count) {
    return CountText.of(count, one, several);
  }
}
