package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What regexes and names find in lines.
class LineReadersTest {
  /// What was found, in words: `0.5`, `3:0.5` at a step, `?why`, `!remark`.
  private static final class Heard implements LineReader.Found {
    final List<String> all = new ArrayList<>();

    @Override
    public void number(@Nullable Long step, double value) {
      all.add(step == null ? "" + value : step + ":" + value);
    }

    @Override
    public void remark(String what) {
      all.add("!" + what);
    }

    @Override
    public void unreadable(String why) {
      all.add("?" + why);
    }

    /// Numbers and the kind of everything else.
    List<String> kinds() {
      return all.stream().map(w -> "?!".indexOf(w.charAt(0)) >= 0 ? w.substring(0, 1) : w).toList();
    }
  }

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

  private static Heard named(String name, @Nullable String step, String... lines) {
    var reader = new NamedNumberReader(new dev.assay.run.command.ValueSource.Named(name, step));
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

  static List<String> sayings() {
    return List.of(
        "val_loss=0.3",
        "val_loss: 0.3",
        "val_loss:0.3",
        "val_loss = 0.3",
        "val_loss\t0.3",
        "val_loss\t=\t0.3\t",
        "val_loss 0.3",
        "\"val_loss\": 0.3",
        "{\"epoch\":3,\"val_loss\":0.3,\"acc\":0.9}",
        "{'val_loss': 0.3}",
        "{\"val_loss\": \"0.3\"}",
        "{\\\"val_loss\\\": 0.3}",
        "{'val_loss': np.float64(0.3), 'acc': 1}",
        "{'val_loss': tensor(0.3000, device='cuda:0')}",
        "val_loss=0.3,acc=0.9",
        "val_loss=0.3, acc=0.9",
        "val_loss=0.3; acc=0.9",
        "loss: 0.2 - val_loss: 0.3 - acc: 0.9",
        "(val_loss=0.3)",
        "[epoch 3] val_loss=0.3]",
        "| val_loss | 0.3 |",
        "**val_loss**: 0.3",
        "`val_loss` -> 0.3",
        "val_loss := 0.3",
        "INFO:root:val_loss=0.3",
        "epoch=1 val_loss=0.9 epoch=2 val_loss=0.3",
        "val_loss=3e-1",
        "val_loss=.3",
        "val_loss=+0.3",
        "val_loss=0.3.",
        "val_loss=0.3(best)",
        "val_loss=0.3 ± 0.1",
        "val_loss=0.3 250 rows",
        "val_loss='0.3'",
        "val_loss=0.3±0.1",
        "val_loss=0.3+/-0.1",
        "val_loss 0.3 best_val_loss 0.1 val_loss_ema 0.2",
        "val_loss=0.3 train/val_loss=0.1",
        "\u001b[32mval_loss\u001b[0m: \u001b[1m0.3\u001b[0m",
        "\ufeffval_loss=0.3",
        "val_loss improved from inf to 0.3, val_loss=0.3");
  }

  @ParameterizedTest
  @MethodSource("sayings")
  void aNamedNumberNeedsNoRegex(String line) {
    assertThat(named("val_loss", null, line).kinds()).last().isEqualTo("0.3");
    assertThat(named("val_loss", null, line).kinds()).doesNotContain("0.1", "0.2", "?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "val_loss=nan|NaN",
        "val_loss: NaN|NaN",
        "\"val_loss\": NaN, \"x\": 1|NaN",
        "val_loss=-nan(ind)|NaN",
        "val_loss -inf|-Infinity",
        "val_loss=1.#INF|Infinity",
        "{'val_loss': nan}|NaN",
        "{'val_loss': tensor(nan)}|NaN",
        "val_loss=-0.5|-0.5",
        "val_loss=9.8e-05|9.8E-5",
        "val_loss=1,234.5|1234.5",
      })
  void namedNumbersAreReadAsTheyAreWritten(String line, String value) {
    assertThat(named("val_loss", null, line).kinds()).containsExactly(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "val_loss=0,3125",
        "val_loss: 0,3, acc: 0,9",
        "val_loss=1.234,56",
        "val_loss=12%",
        "val_loss: 97.5 %",
        "val_loss = 4‰",
        "val_loss 3/10",
        "val_loss: 0.3 / 0.5",
        "val_loss=2^-3",
        "val_loss=2*3",
        "val_loss=0.3s",
        "val_loss=1.2k",
        "val_loss=0.3,0.4",
        "val_loss=0.3-0.4",
        "val_loss=None",
        "val_loss: null,",
        "val_loss: N/A",
        "val_loss: --",
        "val_loss=tensor([0.3, 0.4])",
        "val_loss: [0.3, 0.4]",
        "val_loss= *********",
        "val_loss=0x1p3",
        "val_loss=1_000",
        "val_loss=1'234.5",
        "val_loss=1’234",
        "val_loss=1 234.5",
        "val_loss=12 345",
        "val_loss: 1 234,5",
        "val_loss=1\u2009234.5",
        "val_loss=1\u202f234,5",
        "val_loss=1\u2007234",
        "val_loss=12,34,567",
        "val_loss=9.8 * 10^-5",
        "val_loss=10⁻³",
        "val_loss=٠٫٥",
        "val_loss ٠٫٥",
        "val_loss=０．５",
        "val_loss=½",
        "val_loss=–0.5",
        "val_loss 0,3",
        "val_loss=9.8e",
      })
  void whatIsNoNumberBehindTheNameIsNotGuessed(String line) {
    assertThat(named("val_loss", null, line).kinds()).containsExactly("?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "val_loss",
        "val_loss=",
        "val_loss:",
        "best_val_loss=0.3",
        "val_loss_ema=0.3",
        "train/val_loss 0.3",
        "x.val_loss=1",
        "--val_loss=0.3",
        "val_losses=0.3",
        "val_loss improved by 0.3",
        "val_loss: improved",
        "Early stopping on val_loss: no improvement for 5 epochs",
        "epoch val_loss acc",
        "val_loss/mean=1",
        "Monitoring val_loss in 3 epochs",
        "VAL_LOSS=0.3",
      })
  void otherWordsAreNoNumbersOfTheName(String line) {
    assertThat(named("val_loss", null, line).all).isEmpty();
  }

  @Test
  void stepsStandOnTheSameLineOrBefore() {
    assertThat(
            named(
                    "val_loss",
                    "Epoch",
                    "Epoch 1/10",
                    "loss: 3 - val_loss: 0.5",
                    "Epoch 2/10 val_loss: 0.25",
                    "val_loss=0.2, Epoch=3")
                .kinds())
        .containsExactly("1:0.5", "2:0.25", "3:0.2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "val_loss=0.3|val_loss",
        "Val_Loss: 0.3|Val_Loss",
        "val loss 0.3|val loss",
        "valloss=1|valloss",
        "val-loss=0,3|",
        "my val_loss is small|",
        "val_loss|",
      })
  void aNameIsFoundHoweverItIsPrinted(String output, @Nullable String name) {
    assertThat(NamedNumberReader.printed("val_loss", output + "\n0.5\n")).isEqualTo(name);
  }
}
