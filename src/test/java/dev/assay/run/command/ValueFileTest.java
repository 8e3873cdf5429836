package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What files of values say.
class ValueFileTest {
  @TempDir Path directory;

  private double value(String text, @Nullable String key) throws IOException {
    var file = directory.resolve("metrics.json");
    Files.writeString(file, text);
    return new ValueFile(file, key).value(0);
  }

  private double column(String text, String key) throws IOException {
    var file = directory.resolve("log.CSV");
    Files.writeString(file, text);
    return new ValueFile(file, key).value(0);
  }

  /// As Keras and Lightning write them: of the latter, rows of training leave out what validation
  /// says.
  @Test
  void ofACsvFileTheLastNumberOfAColumnCounts() throws IOException {
    assertThat(column("epoch,loss,val_loss\n0,0.9,0.8\n1,0.7,0.6\n", "val_loss")).isEqualTo(0.6);
    assertThat(column("step,val_loss,loss\n0,,0.9\n1,0.5,\n2,,0.4\n", "val_loss")).isEqualTo(0.5);
    assertThat(column("\"a, b\", c\r\n1,2\r\n3, 4", "c")).isEqualTo(4);
    assertThat(column("a,b\n1,2\n3", "b")).as("a row that is being written").isEqualTo(2);
    assertThat(column("a\n1\nnan\n", "a")).isNaN();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a,b\\n1,2\\n|c|there is no column c; it has a, b",
        "a,b\\n|b|column b has no number yet",
        "~~|b|there is no column b",
        "a\\nx\\n|a|x"
      })
  void aColumnThatSaysNothingIsNoValue(String text, String key, String words) {
    assertThatThrownBy(() -> column(text.replace("\\n", "\n"), key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"loss\": 0.5}|loss|0.5",
        "{\"val/loss\": 3}|val/loss|3",
        "{\"val-loss\": 3}|val-loss|3",
        "{\"a\": [5, 6]}|a.1|6",
        "{\"a.b\": 3}|a.b|3",
        "{\"a.b\": {\"c.d\": [7]}}|a.b.c.d.0|7",
        "{\"a\": {\"b.c\": 3, \"b\": 1}}|a.b.c|3",
        "{\"acc.\": 1}|acc.|1",
        "{\"a\": {\"\": {\"b\": 4}}}|a..b|4",
      })
  void keysAreNamesOrPathsOfNames(String text, String key, double value) throws IOException {
    assertThat(value(text, key)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "loss: 0.5|loss|it is no valid JSON: it begins with loss",
        "// metrics\\n{\"loss\": 0.5}|loss|it is no valid JSON: it begins with //",
        "loss\\n0.5\\n|loss|it is no valid JSON: it begins with loss",
        "loss,acc\\n0.5,0.9\\n|loss|it is no valid JSON: it begins with loss",
        "0,5|loss|it is no valid JSON: it begins with 0",
        "0.5|loss|there is no key loss",
        "~~|loss|it is empty",
        "\\n|loss|it is empty",
        "{\"loss\": 1}\\n{\"loss\": 2}|loss|it goes on behind its end with {\"loss\": 2}",
        "{\"loss\": 1} x|loss|it goes on behind its end with x",
        "{\"loss\": 1}}|loss|it goes on behind its end with }",
        "{\"loss\": 0.5|loss|its closing } is missing",
        "{\"loss\": [0.5|loss|its closing ] is missing",
        "{\"a.b\": 3, \"a\": {\"b\": 4}}|a.b|key a.b stands for two values",
        "{\"a\": {\"c\": 4}}|a.b|there is no key b of a.b; it has a",
        "{\"best\": {\"loss\": 4}, \"epoch\": 3}|loss|there is no key loss; it has best, epoch",
        "{\"loss\": 0,5}|loss|\"0,5\" is no number",
        "{\"loss\": 1'000}|loss|it is no valid JSON",
      })
  void whatIsNoValueIsToldInWords(String text, String key, String words) {
    assertThatThrownBy(() -> value(text.replace("\\n", "\n"), key))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(words)
        .doesNotContain("`", "REDACTED", "null");
  }

  @Test
  void aFileWithoutAKeyIsANumber() throws IOException {
    assertThat(value(" 0.5\r\n", null)).isEqualTo(0.5);
    assertThatThrownBy(() -> value("", null)).hasMessageContaining("it is empty");
  }
}
