package dev.assay.internal.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpokenTest {
  @ParameterizedTest
  @CsvSource({
    "PT5S, 5 s",
    "PT0.25S, 0.25 s",
    "PT10S, 10 s",
    "PT90S, 1 min 30 s",
    "PT2H, 2 h",
    "PT25H30M0.5S, 1 d 1 h 30 min 0.5 s",
    "PT0S, 0 s"
  })
  void timesAreSaidInUnits(String time, String words) {
    assertThat(Spoken.of(Duration.parse(time))).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Trailing token (`JsonToken.START_OBJECT`) found after value (bound as `x.JsonNode`): not"
            + "|Trailing token (START_OBJECT) found after value",
        "no plus signs: enable `JsonReadFeature.ALLOW` to allow|no plus signs",
        "Unexpected end: expected close marker for Object (start marker at [Source: REDACTED (`A.B`"
            + "|Unexpected end: expected close marker for Object",
        "Unrecognized token 'x'~ at [Source: REDACTED]|Unrecognized token 'x'",
        "Leading zeroes not allowed|Leading zeroes not allowed",
      })
  void parsersAreQuotedWithoutTheirSettings(String message, String words) {
    assertThat(Spoken.ofParser(message.replace('~', '\n'))).isEqualTo(words);
  }

  @Test
  void noLetterOfTheIsoFormIsLeft() {
    assertThat(Spoken.of(Duration.ofMillis(1234))).doesNotContain("P", "T");
  }

  @ParameterizedTest
  @CsvSource({
    "abcdef, abcdef",
    "abcdefg, abcde…",
    "abcd🚀, abcd🚀",
    "abcd🚀g, abcd…",
    "abc🚀fg, abc🚀…"
  })
  void aLongTextIsCutBetweenCharacters(String text, String shown) {
    assertThat(Spoken.cut(text, 6)).isEqualTo(shown);
  }
}
