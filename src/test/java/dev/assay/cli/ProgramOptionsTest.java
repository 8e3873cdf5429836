package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramOptionsTest {
  private static final String HELP =
      """
      usage: train.py [-h] [--lr LR]

      options:
        -h, --help            show this help message and exit
        --lr LR               learning rate (default: 0.001)
        -b N, --batch-size N  rows at once
                              (default: 64)
        --opt {sgd,adam}      optimizer (default: adam)
        --dropout FLOAT       [default: 0.1]
        --depth INTEGER RANGE  [default: 3; 1<=x<=8]
        --act [relu|tanh]     activation  [default: relu]
        --seed SEED           (default: 1)
        --data PATH           rows  [required]
        --amp                 half precision
      """;

  @TempDir Path directory;

  private static List<String> lines(List<ProgramOption> options) {
    return options.stream().map(OptionGuess::line).map(String::strip).toList();
  }

  @Test
  void helpTextsAreRead() {
    var lines = lines(ProgramHelp.read(HELP));
    assertThat(lines).hasSize(9);
    assertThat(lines.get(0)).startsWith("lr: {float: [1.0E-4, 0.01], log: true, default: 0.001}");
    assertThat(lines.get(1)).startsWith("batch-size: {int: [16, 256], log: true, default: 64}");
    assertThat(lines.get(2)).startsWith("opt: {choice: [sgd, adam], default: adam}");
    assertThat(lines.get(3)).startsWith("dropout: {float: [0.0, 0.9], default: 0.1}");
    assertThat(lines.get(4)).startsWith("depth: {int: [1, 8], default: 3}");
    assertThat(lines.get(5)).startsWith("act: {choice: [relu, tanh], default: relu}");
    assertThat(lines.get(6)).startsWith("# seed: ").contains("how it runs");
    assertThat(lines.get(7)).startsWith("# data: needed");
    assertThat(lines.get(8)).startsWith("# amp: a switch");
  }

  @Test
  void whatInitWritesIsAStudyFileThatRuns() throws IOException {
    var program =
        Files.writeString(
            directory.resolve("program.sh"),
            """
            if [ "$1" = --help ]; then printf '  --lr LR  rate: of # all (default: 0.5)\\n'; exit; fi
            echo "@assay {\\"loss\\": ${1#--lr=}}"
            """);
    var file = directory.resolve("mine.yaml");
    var out = new java.io.ByteArrayOutputStream();
    var console = new Console(new java.io.PrintStream(out), new java.io.PrintStream(out));
    assertThat(Main.run(console, "init", file.toString(), "--command", "sh " + program))
        .as(out.toString(java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(ExitCode.DONE);
    assertThat(
            Main.run(
                console,
                "tune",
                file.toString(),
                "--quiet",
                "--json",
                "--trials",
                "2",
                "--storage",
                "memory:"))
        .as(out.toString(java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(ExitCode.DONE);
    assertThat(Main.run(console, "init", file.toString(), "--command", "sh " + program))
        .isEqualTo(ExitCode.BAD_INPUT);
  }

  private Problem refused(String... command) {
    var options = new ProgramOptions(List.of(command), Duration.ofMillis(300));
    return catchThrowableOfType(Problem.class, options::read);
  }

  @Test
  void aProgramThatTellsNothingIsNamed() throws IOException {
    assertThat(refused("no-such-program").what()).contains("no such program");
    assertThat(refused("python3", directory.resolve("no.py").toString()).value()).contains("no.py");
    assertThat(refused("sh", "-c", "exec sleep 60").what()).contains("did not end");
    assertThat(refused("sh", "-c", "echo no torch >&2; exit 3").value()).contains("3, no torch");
    assertThat(refused("sh", "-c", "echo hello").what()).contains("no options");
  }

  @ParameterizedTest
  @CsvSource({
    "0, '{float: [0.0, 1.0], default: 0.0}'",
    "-2.0, '{float: [-20.0, 0.0], default: -2.0}'"
  })
  void defaultsWithoutAScaleHaveRangesToo(double start, String written) {
    var option =
        new ProgramOption(
            "shift", ProgramOption.Kind.REAL, start, List.of(), null, null, false, "");
    assertThat(OptionGuess.line(option)).contains(written);
  }
}
