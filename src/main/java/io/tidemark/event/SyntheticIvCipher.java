package io.tidemark.event;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bytes that only the holder of a key can read, for states whose values no output may show. The
 * nonce is a keyed hash of the content, as in the synthetic-IV modes (RFC 5297): equal content
 * gives equal bytes, which repeated runs need, and nothing else is given away.
 */
final class SyntheticIvCipher {
  private static final String HMAC = "HmacSHA256";
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec nonces;
  private final SecretKeySpec contents;

  /**
   * @param key of any length but 0
   */
  SyntheticIvCipher(byte[] key) {
    this.nonces = new SecretKeySpec(derive(key, "tidemark seal: nonce"), HMAC);
    this.contents = new SecretKeySpec(derive(key, "tidemark seal: content"), "AES");
  }

  byte[] seal(byte[] content) {
    try {
      byte[] nonce = Arrays.copyOf(hmac(nonces, content), NONCE);
      byte[] closed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(content);
      byte[] sealed = Arrays.copyOf(nonce, NONCE + closed.length);
      System.arraycopy(closed, 0, sealed, NONCE, closed.length);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES and HMAC-SHA256 are in every Java platform", e);
    }
  }

  /** The content; empty if it was sealed under another key or changed since. */
  Optional<byte[]> open(byte[] sealed) {
    if (sealed.length < NONCE) {
      return Optional.empty();
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE));
      return Optional.of(cipher.doFinal(sealed, NONCE, sealed.length - NONCE));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, contents, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  private static byte[] derive(byte[] key, String purpose) {
    try {
      return hmac(new SecretKeySpec(key, HMAC), purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 is in every Java platform", e);
    }
  }

  private static byte[] hmac(SecretKeySpec key, byte[] content) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(HMAC);
    mac.init(key);
    return mac.doFinal(content);
  }
}
