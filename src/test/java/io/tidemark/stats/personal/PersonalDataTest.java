package io.tidemark.stats.personal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has the form of personal data, and what looks like it and has not. */
class PersonalDataTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@example.com",
        "Write to Ann.Lee+news@mail.example.co.uk.",
        "<ann@example.com>,<bob@example.com>",
        "mailto:ann_@example.org?subject=x",
        "https://shop.example/login?user=ann%40example.com&x=1",
        "jörg@müller.de",
        "a@xn--mller-kva.xn--p1ai",
        "12345@163.com",
        "@@ann@example.com",
        "cc @bob ann@example.com"
      })
  void emailAddresses(String text) {
    assertThat(PersonalData.in(text)).containsExactly(PersonalKind.EMAIL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "ann@",
        "@example.com",
        "thanks @ann.lee",
        "3 apples @ 1.20 each",
        "root@localhost",
        "lodash@4.17.21",
        "pkg@1.0.0-beta.1",
        "ann@example",
        "ann@example.c",
        "ann@ example.com",
        "ann@-",
        "100%40 off",
        "@Override"
      })
  void noEmailAddresses(String text) {
    assertThat(PersonalData.in(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+49 30 1234567",
        "+49 (0)30 / 123 45 67",
        "call +4917012345678 today",
        "(+1) 555-123-4567",
        "+1-555-123-4567",
        "+1 (555) 123-4567",
        "+44 20 7946 0958",
        "+33.1.23.45.67.89",
        "+352 12 34 56",
        "+81\u00a03\u20111234\u20115678",
        "tel:+15551234567",
        "0049 30 1234567",
        "0044 (0) 20 7946 0958",
        "555-123-4567",
        "(555) 123-4567",
        "call(555)123-4567",
        "555.123.4567",
        "555 123 4567",
        "1-800-555-0199",
        "555-123-4567x12",
        "555-123-4567,555-987-6543",
        "2024-01-31 555-123-4567",
        "01 23 45 67 89",
        "01.23.45.67.89",
        "020 7946 0958",
        "0161 496 0000.",
        "(030) 1234567",
        "030 / 123 45 67",
        "0171/1234567",
        "07700 900123",
        "02 9374 4000",
        "03-1234-5678",
        "12:30 0171 1234567",
        "Tel. 01701234567",
        "phone number: 5551234567",
        "Handy:01701234567"
      })
  void phoneNumbers(String text) {
    assertThat(PersonalData.in(text)).containsExactly(PersonalKind.PHONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5551234567",
        "01701234567",
        "1700000000000",
        "id 1234567890123",
        "2024-01-31",
        "31.01.2024",
        "01.02.2024",
        "01-02-2024",
        "01.02.2024 12:30",
        "01/02/2024 10:11:12",
        "01-02-2024 10 11",
        "2024-01-31T12:30:00.123456+01:00",
        "2024-01-31 12:30:00 +0100",
        "+2024-01-31 12:30",
        "20240131123045",
        "2024-01-01 2024-12-31",
        "08:00-12:00, 13:00-17:00",
        "08-12 13-17",
        "1 234 567 890",
        "1,234,567,890.12",
        "1.234.567.890,12",
        "+123 456 789",
        "+1.234.567.890,50",
        "+1 234 567 890.50",
        "+1500000.00",
        "-1234567890",
        "0.0301234567",
        "1.2345678901E10",
        "192.168.100.200",
        "10.0.0.1:8080",
        "010.001.002.003",
        "1.10.2024.1234",
        "v12.345.678.9012",
        "978-3-16-148410-0",
        "0-306-40615-2",
        "0306406152",
        "123-45-6789",
        "DE89 3704 0044 0532 0130 00",
        "FR76 3000 6000 0112 3456 7890 189",
        "12345678-1234-4234-8234-123456789012",
        "01234567-0123-4567-8901-012345678901",
        "550e8400-e29b-41d4-a716-446655440000",
        "d41d8cd98f00b204e9800998ecf8427e",
        "order 2024-000123-44",
        "52.520008, 13.404954",
        "555_123_4567",
        "a555-123-4567",
        "12 345 678 9012 345 678",
        "[0.1234, 0.5678, 0.9012]",
        "00:1a:2b:3c:4d:5e",
        "C++ 11 20 17 14 20 23",
        "phone on 2024-01-31",
        "012-345-678"
      })
  void noPhoneNumbers(String text) {
    assertThat(PersonalData.in(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "card 4111111111111111", // Visa
        "paid with 5555-5555-5555-4444", // Mastercard
        "4012 8888 8888 1881",
        "2223 0031 2200 3222",
        "3782 822463 10005", // American Express
        "card:378282246310005.",
        "6011111111111117 exp 12/27", // Discover
        "3530 1113 3330 0000", // JCB
        "3056 930902 5904", // Diners
        "card 36227206271667",
        "4111 1111 1111 1111 123",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111111111111111,12/27,123",
        "no. 6200000000000005" // UnionPay
      })
  void cardNumbers(String text) {
    assertThat(PersonalData.in(text)).containsExactly(PersonalKind.CARD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "card 4111111111111112", // Luhn
        "4111 1111 1111 1112",
        "no. 1234567890123452", // right, but of no network
        "ean 4006381333931",
        "imei 490154203237518",
        "0.4111111111111111",
        "x4111111111111111",
        "4111111111111111a",
        "411111111111111141111111",
        "DE44 4111 1111 1111 1111 00",
        "4111-111111111111",
        "4111 1111-1111 1111",
        "at 1700000000000000",
        "550e8400-4111-1111-1111-1111aaaaaaaa"
      })
  void noCardNumbers(String text) {
    assertThat(PersonalData.in(text)).isEmpty();
  }

  @Test
  void severalKindsInATextInTheirOrder() {
    assertThat(PersonalData.in("+49 30 1234567, ann@example.com, 4111-1111-1111-1111"))
        .containsExactly(PersonalKind.CARD, PersonalKind.EMAIL, PersonalKind.PHONE);
  }

  /** Names that machines give are none. */
  @Test
  void randomIdsAreNone() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      assertThat(PersonalData.in(id.toString())).as(id.toString()).isEmpty();
      String hash = Long.toHexString(id.getMostSignificantBits());
      if (!hash.chars().allMatch(Character::isDigit)) {
        assertThat(PersonalData.in(hash)).as(hash).isEmpty();
      }
    }
  }

  /** Whatever a text is made of, time grows with its length alone. */
  @Test
  void readsHostileTextsInTime() {
    List<String> pieces =
        List.of(
            "0", "4", "1 ", "0-", "+1", "+", "(0", "@", "a@", "a@b.", "a.", "%40", "00 ", "-",
            "4111 ", "555-", "01 ", "tel ", "1.", "x", "é", " ");
    Assertions.assertTimeout(
        Duration.ofSeconds(30),
        () -> {
          for (String piece : pieces) {
            PersonalData.in(piece.repeat(20_000) + "!");
            PersonalData.in(piece.repeat(20_000) + "0123456789");
          }
        });
  }

  @Test
  void readsManyShortTextsFast() {
    Random random = new Random(1);
    String[] texts = new String[10_000];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = "Order " + random.nextInt() + " of " + i + ".01.2024, came late; 12.50 EUR back";
    }
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          for (String text : texts) {
            assertThat(PersonalData.in(text).isEmpty()).isTrue();
          }
        });
  }
}
