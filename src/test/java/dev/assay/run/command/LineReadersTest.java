package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What regexes find in lines.
class LineReadersTest extends LineReadersCase {
  private static Heard regex(String regex, String... lines) {
    var reader =
        new RegexReader(
            new dev.assay.run.command.ValueSource.Match(Pattern.compile(regex)),
            new MatchEffort(() -> false));
    var heard = new Heard();
    for (var line : lines) {
      reader.read(line, heard);
    }
    return heard;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "loss=([0-9.]+)|loss=0.5|0.5",
        "loss=([0-9.]+)|loss=0.5,acc=0.9|0.5",
        "loss=([0-9.]+)|loss=0.5, 0.7|0.5",
        "loss=([0-9.]+)|loss=0.5 acc=0.9 loss=0.25|0.25",
        "loss=([0-9.]+)|loss=0.5.|0.5",
        "loss=([0-9.]+)|loss=97.5%|97.5",
        "loss=([0-9.]+)|loss=12s|12.0",
        "loss=([0-9.]+)s|loss=1.5s|1.5",
        "loss=([-+0-9.e]+)|loss=-1.5e-7|-1.5E-7",
        "loss=(\\S+)|loss=9.8e-05|9.8E-5",
        "loss=(\\S+)|loss=0.31, acc=0.9|0.31",
        "loss=(\\S+)|(loss=0.31)|0.31",
        "loss=(\\S+)|loss=[0.31]|0.31",
        "loss=(\\S+)|loss=1,234.5|1234.5",
        "loss=(\\S+)|loss=nan|NaN",
        "loss=(\\S+)|loss=-nan(ind)|NaN",
        "loss=(\\S+)|loss=-inf|-Infinity",
        "loss=(\\S+) (\\S+)|loss=0.5 250|0.5",
        "loss=(\\d+) (\\d+)|loss=1 250|1.0",
        "loss=(\\d+)|loss=1 100%|1.0",
        "loss=(\\d+)|loss=1 250/938|1.0",
        "loss=(\\d+)|loss=0 250|0.0",
        "^\\d+,([0-9.]+)|3,0.345,0.872|0.345",
        "^\\d+,(\\d+),|3,12,7|12.0",
        "^\\d+,([^,]+)|3,12,7|12.0",
        "loss=-([0-9.]+)|loss=-0.5|0.5",
        "loss=\\+([0-9.]+)|loss=+0.5|0.5",
        "loss=.([0-9.]+)|loss=+0.5|0.5",
        "epoch-(\\d+)|epoch-3|3.0",
        "v(\\d+)\\.\\d+|v3.25|3.0",
        "(\\d+)/100|step 3/100|3.0",
        "(\\d+)d|3d2h|3.0",
      })
  void aRegexTakesWholeNumbers(String regex, String line, String last) {
    assertThat(regex(regex, line).kinds()).last().isEqualTo(last);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "loss=([0-9.]+)|loss=9.8e-05|9.8e-05",
        "loss=([0-9.]+)\\b|loss=9.8e-05|9.8e-05",
        "loss=([0-9.]+).*|loss=9.8E+05 x|9.8E+05",
        "loss=([0-9.]+)|loss=1.5D-03|1.5D-03",
        "loss=([0-9.]+)|loss=12,5|12,5",
        "loss=([0-9.]+)|loss=0,5|0,5",
        "loss=([^,]+)|loss=0,5, acc=0,9|0,5",
        "loss=([^\\s,]+)|loss=1,234.5|1,234.5",
        "loss=([0-9.]+)|loss=1.234,56|1.234,56",
        "loss=([0-9,]+)|loss=1,234.5|1,234.5",
        "loss=(\\d+)|loss=0.5|0.5",
        "loss=(\\d)|loss=12|12",
        "loss=([0-9]\\.[0-9]{2})|loss=0.34567|0.34567",
        "loss=([0-9.]+?)|loss=0.5|0.5",
        ".*([0-9.]+)|loss=0.35|0.35",
        ".*loss.*([0-9.]+)|loss=9.8e-05|9.8e-05",
        "loss\\D*([0-9.]+)|loss: -0.5|-0.5",
        "loss.*?([0-9]+)|loss .5|.5",
        "loss=([0-9.]+)|loss=1.#QNAN|1.#QNAN",
        "loss=([0-9.]+)|loss=0x1p3|0x1p3",
        "loss=([0-9.]+)|loss=1_234|1_234",
        "loss=([0-9.]+)|loss=1'234.5|1'234.5",
        "loss=([0-9.]+)|loss=1 234.5|1 234.5",
        "loss=(\\S+)|loss=1 234,5|1 234,5",
        "loss=(\\S+)|loss: loss=12 345 678|12 345 678",
        "loss=([0-9.]+)|loss=1\u2009234.5|1\u2009234.5",
        "loss=([0-9.]+)|loss=1\u2007234|1\u2007234",
        "loss=([0-9.]+)|loss=12,34,567.8|12,34,567.8",
        "loss=([0-9.]+)|loss=0b11|0b11",
        "loss=([0-9.]+)|loss=0o17|0o17",
        "loss=([0-9.]+)|loss=10⁻³|10⁻³",
        "loss=([0-9.]+)|loss=9.8×10^-5|9.8×10^-5",
        "loss=([0-9.]+)|loss=9.8 * 10**-5|9.8 * 10**-5",
      })
  void aPartOfANumberIsNone(String regex, String line, String whole) {
    var heard = regex(regex, line);
    assertThat(heard.kinds()).as(heard.all.toString()).contains("?").doesNotContain("0.5", "0.0");
    assertThat(heard.all).last().asString().contains("\"" + whole + "\"");
  }

  @Test
  void aFinalNanCountsThoughTheRegexAsksForDigits() {
    assertThat(regex("val_loss=([0-9.]+)", "val_loss=0.5", "val_loss=nan").kinds())
        .containsExactly("0.5", "!", "NaN");
    assertThat(regex("val_loss=([0-9.]+)", "val_loss=-inf").kinds())
        .containsExactly("!", "-Infinity");
    assertThat(regex("^([0-9.]+)$", "0.5", "nan").kinds()).containsExactly("0.5", "!", "NaN");
    assertThat(
            regex("epoch \\d+ loss (0\\.\\d{4})", "epoch 1 loss 0.1234", "epoch 2 loss NaN")
                .kinds())
        .containsExactly("0.1234", "!", "NaN");
  }

  @Test
  void aFinalNumberCountsThoughTheRegexAsksForAnother() {
    assertThat(regex("val_loss=([0-9.]+)", "val_loss=0.5", "val_loss=-0.5").kinds())
        .containsExactly("0.5", "?");
    assertThat(regex("loss: (0\\.\\d+)", "loss: 0.5", "loss: 1e-05").kinds())
        .containsExactly("0.5", "?");
    assertThat(regex("^([0-9.]+)$", "0.5", "1e-05").kinds()).containsExactly("0.5", "?");
    for (var other : List.of("٠٫٥", "０．５", "–0.5", "½", "$5", "(0.5)", "≈0.5")) {
      assertThat(regex("loss=([0-9.]+)", "loss=0.5", "loss=" + other + ", acc=1").kinds())
          .as(other)
          .containsExactly("0.5", "?");
    }
  }

  @Test
  void linesThatARegexDoesNotMeanArePassedOver() {
    assertThat(
            regex(
                    "^final loss=([0-9.]+)",
                    "final loss=0.5",
                    "test loss=-0.4",
                    "test loss=nan",
                    "best_loss=nan",
                    "INFO infinite information: nano")
                .kinds())
        .containsExactly("0.5");
    assertThat(regex("epoch \\d*0 loss=(\\S+)", "epoch 10 loss=0.5", "epoch 11 loss=0.4").kinds())
        .containsExactly("0.5");
  }

  @Test
  void theMendHasTheNameThatIsPrinted() {
    assertThat(regex("loss=([0-9.]+)", "val_loss=9.8e-05").all)
        .containsExactly(
            "?the regex took \"9.8\" of \"9.8e-05\"; let it take any number, as (\\S+) does, or"
                + " write value: {number: val_loss}");
    assertThat(regex("\"loss\": (\\d+)", "{\"loss\": 0.5}").all.getFirst())
        .contains("{number: loss}");
    assertThat(regex("^([0-9])", "0.5").all.getFirst()).contains("{number: NAME}");
  }

  @Test
  void whatIsNoNumberIsShown() {
    assertThat(regex("loss=(\\S+)", "loss=diverged").all)
        .containsExactly("?\"diverged\" is no number");
  }

  @Test
  void stepsAreWhole() {
    var regex = "epoch (?<step>\\S+) loss=(?<value>\\S+)";
    assertThat(regex(regex, "epoch 1,200 loss=0.5").kinds()).containsExactly("1200:0.5");
    assertThat(regex(regex, "epoch 1.5 loss=0.5").kinds()).containsExactly("!", "0.5");
    assertThat(regex("epoch (?<step>\\d+).*loss=(?<value>\\S+)", "epoch 1.5 loss=0.5").kinds())
        .containsExactly("!", "0.5");
  }

  @Test
  void coloursAreNoPartOfWhatIsMatched() {
    assertThat(regex("loss=(\\S+)", "\u001b[1mloss\u001b[0m=\u001b[32m0.5\u001b[0m").kinds())
        .containsExactly("0.5");
    assertThat(regex("\\x1b\\[32m(\\S+?)\\x1b", "\u001b[32m0.5\u001b[0m").kinds())
        .containsExactly("0.5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(?:a|b|ab)*loss=(\\d+)", "(a+)+loss=(\\d+)", "(a|a)*c(\\d)", ".*(.*).*x(\\d)"})
  void catastrophicRegexesAreGivenUp(String regex) {
    var heard = regex("(?s)" + regex, "a".repeat(40_000), "aloss=1");
    assertThat(heard.all.getFirst()).contains("40000 characters");
    assertThat(heard.kinds()).doesNotContain("?");
  }

  @Test
  void matchingEndsWithTheTrial() {
    var asked = new int[1];
    var reader =
        new RegexReader(
            new dev.assay.run.command.ValueSource.Match(Pattern.compile("(a+)+loss=(\\d)")),
            new MatchEffort(() -> ++asked[0] > 3));
    var heard = new Heard();
    reader.read("a".repeat(60_000), heard);
    assertThat(asked[0]).isEqualTo(4);
    assertThat(heard.all).isEmpty();
  }

  @Test
  void manyHopelessLinesShareOneAllowance() {
    var looks = new long[1];
    var reader =
        new RegexReader(
            new dev.assay.run.command.ValueSource.Match(Pattern.compile("(a+)+loss=(\\d)")),
            new MatchEffort(() -> {
              looks[0]++;
              return false;
            }));
    for (int i = 0; i < 1000; i++) {
      reader.read("a".repeat(60), new Heard());
    }
    // 1,000 lines of 60 characters, 1,000 looks for each, in turns of 2^16, and 5 million for all.
    assertThat(looks[0] << 16).isLessThan(1000L * 60_000 + 1000L * (1 << 17) + 5_000_000);
  }
}
