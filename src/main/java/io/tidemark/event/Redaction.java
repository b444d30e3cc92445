package io.tidemark.event;

import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What may be shown of a column. Masked values become the lower-case hexadecimal HMAC-SHA256 of
 * their text, or null without a key; excluded ones always null. A column is hidden under each of
 * the names that the spec has for it, in the log as well as in the label source.
 */
public final class Redaction implements Serializable {
  private static final long serialVersionUID = 1;

  private final Set<String> masked;
  private final Set<String> excluded;
  private final byte[] key;

  /** Whether no more of a row may be shown than the columns that the spec declares. */
  private final boolean declaredOnly;

  private Redaction(Set<String> masked, Set<String> excluded, byte[] key, boolean declaredOnly) {
    this.masked = masked;
    this.excluded = excluded;
    this.key = key;
    this.declaredOnly = declaredOnly;
  }

  /**
   * @param key of the HMAC, or null
   */
  public static Redaction of(MonitoringSpec spec, byte[] key) {
    Set<String> masked = Set.copyOf(spec.masked());
    Set<String> excluded = Set.copyOf(spec.excluded());
    return new Redaction(masked, excluded, key, !masked.isEmpty() || !excluded.isEmpty());
  }

  /** Hides what any of these hides. */
  public static Redaction strictest(List<Redaction> all) {
    if (all.size() == 1) {
      return all.get(0);
    }
    Set<String> masked = new HashSet<>();
    Set<String> excluded = new HashSet<>();
    byte[] key = null;
    boolean declaredOnly = false;
    for (Redaction each : all) {
      masked.addAll(each.masked);
      excluded.addAll(each.excluded);
      key = key == null ? each.key : key;
      declaredOnly |= each.declaredOnly;
    }
    return new Redaction(Set.copyOf(masked), Set.copyOf(excluded), key, declaredOnly);
  }

  /** Hides nothing: of what has nothing in it that a spec hides. */
  public static Redaction none() {
    return new Redaction(Set.of(), Set.of(), null, false);
  }

  /** Hides what the spec does not declare, and nothing else. */
  public static Redaction declaredColumns() {
    return new Redaction(Set.of(), Set.of(), null, true);
  }

  /** Whether some column of the spec is hidden, of which there may be copies elsewhere. */
  public boolean anyDeclared() {
    return !masked.isEmpty() || !excluded.isEmpty();
  }

  /** Whether anything at all is hidden. */
  public boolean any() {
    return declaredOnly;
  }

  public boolean hides(String column) {
    return masked.contains(column) || excluded.contains(column);
  }

  /** Whether the field or the column that it is read from is hidden. */
  public boolean hides(Field field) {
    return hides(field.name()) || hides(field.path());
  }

  /** Whether the column is in no output at all. */
  public boolean excludes(String column) {
    return excluded.contains(column);
  }

  /** As {@link #excludes(String)}, for a field that may be named by its name or its column. */
  public boolean excludes(Field field) {
    return excludes(field.name()) || excludes(field.path());
  }

  /** The column's text as it may be shown; null: not at all. */
  public String show(String column, String text) {
    if (text == null || excluded.contains(column)) {
      return null;
    }
    return masked.contains(column) ? hmac(text) : text;
  }

  /** As {@link #show(String, String)}, for a field that may be named by its name or its column. */
  public String show(Field field, String text) {
    return hides(field.name()) ? show(field.name(), text) : show(field.path(), text);
  }

  /** The same with another key, or none: null. */
  public Redaction withKey(byte[] other) {
    return new Redaction(masked, excluded, other, declaredOnly);
  }

  /** The key; null: none. */
  public byte[] key() {
    return key;
  }

  /** Whether some column is masked. */
  public boolean masks() {
    return !masked.isEmpty();
  }

  /** Whether there is a key to seal with. */
  public boolean canSeal() {
    return key != null;
  }

  /** Bytes that only the key opens; equal for equal content. */
  public byte[] seal(byte[] content) {
    return new SyntheticIvCipher(key).seal(content);
  }

  /** What was sealed with this key; empty if it was another, or none. */
  public Optional<byte[]> open(byte[] sealed) {
    return key == null ? Optional.empty() : new SyntheticIvCipher(key).open(sealed);
  }

  /** Tells keys apart and says nothing else of them. */
  public String keyName() {
    if (key == null) {
      return "none";
    }
    return "key " + hmac("tidemark names this key").substring(0, 8);
  }

  private String hmac(String text) {
    if (key == null) {
      return null;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 is in every Java platform", e);
    }
  }
}
