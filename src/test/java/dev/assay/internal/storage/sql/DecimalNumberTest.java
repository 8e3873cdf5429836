package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against the JDK's reader and writer of numbers.
class DecimalNumberTest {
  private static final int MANY = 30_000;

  private final DecimalNumber number = new DecimalNumber();

  private boolean read(String text) {
    var bytes = ("[" + text + ",1").getBytes(StandardCharsets.UTF_8);
    return number.read(bytes, 1, bytes.length - 2);
  }

  /// To the last bit; and what is said to be printed is.
  private void assertRead(String text) {
    assertThat(read(text)).as(text).isTrue();
    double expected = Double.parseDouble(text);
    if (Double.doubleToRawLongBits(number.value()) != Double.doubleToRawLongBits(expected)) {
      assertThat(number.value()).as(text).isEqualTo(expected);
    }
    if (number.isPrinted()) {
      var printed = number.isWhole() ? Long.toString((long) expected) : Double.toString(expected);
      if (!text.equals(printed)) {
        assertThat(text).isEqualTo(printed);
      }
    }
  }

  /// The share of numbers that are told to be printed as they stand.
  private double printed(Supplier<Double> values) {
    int printed = 0;
    for (int i = 0; i < MANY; i++) {
      assertRead(Double.toString(values.get()));
      printed += number.isPrinted() ? 1 : 0;
    }
    return printed / (double) MANY;
  }

  @Test
  void whatTheJdkWroteIsReadBitByBitAndTold() {
    var random = new Random(1);
    assertThat(printed(random::nextDouble)).isGreaterThan(0.998);
    assertThat(printed(random::nextGaussian)).isGreaterThan(0.998);
    assertThat(printed(() -> 1 + random.nextDouble())).isGreaterThan(0.998);
    assertThat(printed(() -> 10 * random.nextDouble() - 5)).isGreaterThan(0.998);
    assertThat(printed(() -> (double) random.nextInt(1_000_000))).isEqualTo(1);
    assertThat(printed(() -> random.nextInt(10_000) / 100.0)).isEqualTo(1);
    assertThat(printed(() -> Math.pow(10, -6 * random.nextDouble()))).isGreaterThan(0.99);
    double _ = printed(() -> Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
    double _ = printed(() -> Math.scalb(1.0, random.nextInt(60) - 30)); // powers of two
    double _ = printed(() -> Math.nextDown(Math.scalb(1.0, random.nextInt(60) - 30)));
  }

  /// Digits at random: of many another text is the printed one.
  @Test
  void otherDecimalsAreReadToo() {
    var random = new Random(2);
    int printed = 0;
    for (int i = 0; i < MANY; i++) {
      var text = new StringBuilder(random.nextBoolean() ? "-" : "");
      text.append(random.nextInt(3) == 0 ? random.nextInt(10_000) : random.nextInt(10));
      text.append('.');
      for (int k = 1 + random.nextInt(20); k > 0; k--) {
        text.append(random.nextInt(10));
      }
      if (random.nextInt(4) == 0) {
        text.append(random.nextBoolean() ? 'E' : 'e').append(random.nextInt(50) - 25);
      }
      assertRead(text.toString());
      printed += number.isPrinted() ? 1 : 0;
    }
    assertThat(printed / (double) MANY).isBetween(0.3, 0.7);
  }

  /// Decimals of 16 to 18 digits about one double, and about the middle to the next: one of them at
  /// most is printed.
  @Test
  void neighboursAreToldApart() {
    var random = new Random(3);
    for (int i = 0; i < MANY / 30; i++) {
      double value = i % 2 == 0 ? 1 + random.nextDouble() : random.nextDouble() * 100;
      var exact = new BigDecimal(i % 3 == 0 ? value : Math.scalb(1.0, random.nextInt(9) - 5));
      var half = new BigDecimal(Math.ulp(exact.doubleValue())).divide(BigDecimal.valueOf(2));
      for (var near : new BigDecimal[] {exact, exact.add(half), exact.subtract(half)}) {
        for (int digits = 15; digits <= 18; digits++) {
          var text = near.round(new MathContext(digits));
          assertRead(text.toPlainString());
          assertRead(text.add(text.ulp()).toPlainString());
          assertRead(text.subtract(text.ulp()).toPlainString());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0",
        "-0.0",
        "0.00",
        "0.001",
        "0.0010",
        "9999999.0",
        "10000000.0",
        "1.0E7",
        "1.0E-5",
        "1.0E-05",
        "1E-5",
        "1.0e-5",
        "10.0E-5",
        "0.1E-5",
        "1.0E-3",
        "0.0009",
        "9.0E-4",
        "2.0E0",
        "4.9E-324",
        "1.7976931348623157E308",
        "1e999",
        "1e-99999999999",
        "0.30000000000000001",
        "0.1000000000000000055511151231257827",
        "9007199254740993",
        "9007199254740993.0",
        "-0",
        "0",
        "12",
        "123456789012345678901234567890",
        "2.2250738585072011E-308",
        "9007199254740992.5"
      })
  void oddOnesAreRead(String text) {
    assertRead(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0", "-0.0", "0.001", "9999999.0", "1.0E-5", "9.0E-4", "0.5", "0", "-12"})
  void theseAreAsTheyArePrinted(String text) {
    assertRead(text);
    assertThat(number.isPrinted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".5",
        "5.",
        "01",
        "-01.5",
        "1.e5",
        "1e",
        "1e+",
        "1e-",
        "+1",
        "1.5x",
        "1 ",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "1.5e3.2",
        "1,5",
        "1.5.2",
        "--1",
        "1-"
      })
  void nothingElseIsANumber(String text) {
    assertThat(read(text)).isFalse();
  }
}
