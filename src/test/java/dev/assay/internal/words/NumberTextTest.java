package dev.assay.internal.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.3125|0.3125",
        "' 12 '|12",
        "-0.5|-0.5",
        "+7|7",
        ".5|0.5",
        "5.|5",
        "007|7",
        "9.8e-05|9.8e-05",
        "1E3|1000",
        "-1.5e+2|-150",
        "1,234|1234",
        "12,345,678|12345678",
        "-1,234.5|-1234.5",
        "1,234.|1234",
        "1e400|Infinity",
        "1e-400|0",
      })
  void plainScientificAndGroupedNumbersAreRead(String text, double value) {
    assertThat(NumberText.parse(text)).isEqualTo(value);
    assertThat(NumberText.find(text)).hasValue(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nan",
        "NaN",
        "NAN",
        "-nan",
        "+nan",
        ".nan",
        ".NaN",
        "nan(ind)",
        "-nan(ind)",
        "nan(snan)",
        "nan(0x8000000000000)",
        "NaNQ",
        "nans",
        "NaN32",
        "1.#QNAN",
        "1.#QNAN0",
        "-1.#IND",
        "1.#IND00",
        "1.#SNAN",
        "1.#R",
      })
  void nanIsReadAsProgramsSpellIt(String text) {
    assertThat(NumberText.parse(text)).isNaN();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inf",
        "Inf",
        "INF",
        "+inf",
        "infinity",
        "Infinity",
        "+Infinity",
        ".inf",
        "+.inf",
        "1.#INF",
        "1.#INF00",
        "1.#J",
        "∞",
        "Inf32",
      })
  void infinityIsReadAsProgramsSpellIt(String text) {
    assertThat(NumberText.parse(text)).isEqualTo(Double.POSITIVE_INFINITY);
    if (!text.startsWith("+")) {
      assertThat(NumberText.parse("-" + text)).isEqualTo(Double.NEGATIVE_INFINITY);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0,3125",
        "0,312",
        "-0,312",
        "00,123",
        "1.234,56",
        "1,23",
        "1,2345",
        "1234,567",
        "12,34,567",
        "1,234,56",
        "1,,234",
        "1,234e5",
        ",5",
        "1,",
        "9.8e",
        "1e5.5",
        "1.2.3",
        "1 234",
        "1'234",
        "1_234",
        "1.5d",
        "1.5f",
        "1D-05",
        "0x1p3",
        "0x10",
        "--5",
        "+-5",
        "5-",
        "1/2",
        "12%",
        "0.3s",
        "e5",
        ".",
        "-",
        "",
        "  ",
        "none",
        "None",
        "null",
        "N/A",
        "NA",
        "true",
        "infinite",
        "nano",
        "information",
        "nan5",
        "1.#",
        "٣",
        "−0.5",
        "Double.NaN",
        "********",
      })
  void anythingElseIsRefusedWithTheText(String text) {
    assertThat(NumberText.find(text)).isEmpty();
    assertThatThrownBy(() -> NumberText.parse(text))
        .isInstanceOf(NumberFormatException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @Test
  void aDecimalCommaIsToldHowToBeWritten() {
    assertThatThrownBy(() -> NumberText.parse("0,3125"))
        .hasMessage(
            "\"0,3125\" is no number: a comma only groups thousands, as in 1,234.5; decimals stand"
                + " behind a point");
  }

  @Test
  void whatIsShownOfALongTextEnds() {
    assertThatThrownBy(() -> NumberText.parse("x".repeat(100_000)))
        .message()
        .hasSizeLessThan(200)
        .contains("xxx…\"");
    assertThat(NumberText.parse("0." + "3".repeat(100_000))).isEqualTo(1 / 3.0);
    assertThat(NumberText.find("1" + ",234".repeat(100_000))).hasValue(Double.POSITIVE_INFINITY);
  }

  @Test
  void wholeNumbersAreWhole() {
    assertThat(NumberText.whole("12")).isEqualTo(12);
    assertThat(NumberText.whole("1,200")).isEqualTo(1200);
    assertThat(NumberText.whole("-3.0")).isEqualTo(-3);
    assertThat(NumberText.whole("1e3")).isEqualTo(1000);
    for (var text : new String[] {"3.5", "nan", "inf", "1e300", "9007199254740993", "x", ""}) {
      assertThatThrownBy(() -> NumberText.whole(text))
          .isInstanceOf(NumberFormatException.class)
          .hasMessageContaining("\"" + text + "\"");
    }
  }
}
