package dev.assay.problem;

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

  @Test
  void noLetterOfTheIsoFormIsLeft() {
    assertThat(Spoken.of(Duration.ofMillis(1234))).doesNotContain("P", "T");
  }
}
