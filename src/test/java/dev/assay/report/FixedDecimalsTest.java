package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Decimals as the JDK's formats write them, of which ours are a shorter way.
class FixedDecimalsTest {
  @Test
  void areTheJdks() {
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      int decimals = random.nextInt(8);
      double value = random.nextDouble() * Math.pow(10, random.nextInt(-4, 8));
      // Among them halves, of which rounding decides.
      value = i % 3 == 0 ? Math.rint(value * 1000) / 1000 + 0.0005 : value;
      value = i % 2 == 0 ? value : -1 - value; // no zero with a sign
      assertThat(Figures.fixed(value, decimals))
          .isEqualTo(String.format(Locale.ROOT, "%." + decimals + "f", value));
    }
  }
}
