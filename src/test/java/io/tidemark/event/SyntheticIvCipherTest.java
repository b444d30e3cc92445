package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SyntheticIvCipherTest {
  private static final byte[] CONTENT = bytes("a state with a secret in it");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void opensWithItsKeyOnly() {
    byte[] sealed = new SyntheticIvCipher(bytes("key")).seal(CONTENT);
    assertThat(new SyntheticIvCipher(bytes("key")).open(sealed)).hasValue(CONTENT);
    assertThat(new SyntheticIvCipher(bytes("another")).open(sealed)).isEmpty();
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
  }

  @Test
  void equalContentGivesEqualBytes() {
    SyntheticIvCipher seal = new SyntheticIvCipher(bytes("key"));
    assertThat(seal.seal(CONTENT)).isEqualTo(new SyntheticIvCipher(bytes("key")).seal(CONTENT));
    assertThat(seal.seal(CONTENT)).isNotEqualTo(seal.seal(bytes("another")));
  }

  @Test
  void refusesWhatWasChanged() {
    SyntheticIvCipher seal = new SyntheticIvCipher(bytes("key"));
    byte[] sealed = seal.seal(CONTENT);
    sealed[20] ^= 1;
    assertThat(seal.open(sealed)).isEmpty();
    assertThat(seal.open(new byte[3])).isEmpty();
  }
}
