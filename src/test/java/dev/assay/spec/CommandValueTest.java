package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.run.command.ValueSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the values of external trials are found, as study files say it.
class CommandValueTest {
  @TempDir Path directory;

  private ValueSource value(String text) throws IOException {
    var file =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            name: t
            objective: {command: [./train.sh], value: %s}
            minimize: loss
            space: {x: {float: [0, 1]}}
            """
                .formatted(text));
    var objective = StudyFile.read(file, List.of()).objective();
    assertThat(objective).isInstanceOf(ObjectiveSpec.Command.class);
    return ((ObjectiveSpec.Command) objective).settings().values().values().iterator().next();
  }

  @Test
  void aNumberIsNamed() throws IOException {
    assertThat(value("{number: val_loss}")).isEqualTo(new ValueSource.Named("val_loss", null));
    assertThat(value("{number: val_loss, step: epoch}"))
        .isEqualTo(new ValueSource.Named("val_loss", "epoch"));
    assertThat(value("{loss: {number: val_loss}}"))
        .isEqualTo(new ValueSource.Named("val_loss", null));
    assertThat(value("{file: m.json, key: a.b}"))
        .isEqualTo(new ValueSource.InFile("m.json", "a.b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | value: {number: val_loss}",
        "{number: a, regex: '(b)'} | value: {number: val_loss}",
        "{number: a, file: b} | value: {number: val_loss}",
        "{regex: '(a)', step: b} | (?<step>...)",
        "{file: a, step: b} | (?<step>...)",
        "{number: a, key: b} | files only",
        "{file: log.csv} | value: {file: log.csv, key: val_loss}",
        "{number: ''} | Fill it in",
        "{number: a, step: ' '} | Fill it in",
        "{regex: 'a'} | value: {regex: 'val_loss=(\\S+)'}",
        "{nubmer: a} | number",
      })
  void whatIsNoSourceIsRefusedWithTheMend(String text, String mend) {
    assertThatThrownBy(() -> value(text)).isInstanceOf(Problem.class).hasMessageContaining(mend);
  }
}
