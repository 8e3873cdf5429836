package dev.assay.internal.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordsTest {
  @ParameterizedTest
  @CsvSource({
    "postgresql://me:secret@host/db, postgresql://me@host/db",
    "at jdbc:postgresql://me:se:cret@host:5432/db!, at jdbc:postgresql://me@host:5432/db!",
    "http://a:b@c and ftp+x.1://d:e@f, http://a@c and ftp+x.1://d@f",
    "postgres:me:secret@host, postgres:me@host",
    "mail me@host or see http://host:80/a@b, mail me@host or see http://host:80/a@b",
  })
  void ofUrlsAreLeftOut(String text, String masked) {
    assertThat(Passwords.masked(text)).isEqualTo(masked);
  }

  /// A search that began anew at each letter would take hours.
  @Test
  void longWordsAreReadOnce() {
    var text = "a".repeat(5_000_000) + "@";
    assertThat(Passwords.masked(text)).isEqualTo(text).hasSize(5_000_001);
  }
}
