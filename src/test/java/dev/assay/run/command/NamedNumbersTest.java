package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is found behind the name of a metric, as programs print it.
class NamedNumbersTest extends LineReadersCase {
  private static Heard named(String name, @Nullable String step, String... lines) {
    var reader = new NamedNumberReader(new dev.assay.run.command.ValueSource.Named(name, step));
    var heard = new Heard();
    for (var line : lines) {
      reader.read(line, heard);
    }
    return heard;
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
