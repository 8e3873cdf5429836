package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read without the parser is read as the parser reads it.
class QuickCommandsTest {
  @TempDir private static Path directory;

  private static String study = "";

  private record Said(int code, String out, String err) {}

  private interface Way {
    int run(Console console, String... args);
  }

  private static Said said(Way way, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code = way.run(new Console(new PrintStream(out), new PrintStream(err)), args);
    return new Said(
        code,
        out.toString(StandardCharsets.UTF_8).replaceAll("\\d+ s ago", "just now"),
        err.toString(StandardCharsets.UTF_8));
  }

  @BeforeAll
  static void tune() throws IOException {
    study = "sqlite:" + directory.resolve("study.db");
    var file =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            name: quick
            objective: {function: branin}
            minimize: value
            sampler: random
            budget: {trials: 12}
            storage: "%s"
            """
                .formatted(study));
    assertThat(said(Main::run, "tune", file.toString(), "--quiet").code()).isZero();
  }

  private static String[] words(String line) {
    return line.replace("STUDY", study).split(" ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "best STUDY",
        "best STUDY --json",
        "best --json STUDY#quick",
        "best STUDY#slow",
        "show STUDY",
        "show STUDY 3",
        "show STUDY 99 --json",
        "trials STUDY",
        "trials STUDY --top 3",
        "trials --top 0 STUDY",
        "trials STUDY --format csv",
        "trials STUDY --format xml",
        "trials STUDY --json --top 2",
        "list --names",
        "list --json"
      })
  void aPlainFormIsAnsweredAsByTheParser(String line) {
    var words = words(line);
    assertThat(QuickCommands.of(new Console(System.out, System.err), words)).isNotNull();
    assertThat(said(Main::run, words)).isEqualTo(said(Parsed::run, words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "best",
        "best --help",
        "best STUDY --jso",
        "best STUDY two",
        "best STUDY --study-file",
        "best STUDY --json --json",
        "best STUDY --json=true",
        "show STUDY 3 4",
        "show STUDY three",
        "trials STUDY --top",
        "trials STUDY --top many",
        "trials STUDY --top -3",
        "trials STUDY --top=3",
        "trials STUDY --sort value",
        "trials STUDY --state complete",
        "trials STUDY --top 3 --top 4",
        "list STUDY",
        "list --all",
        "-- best STUDY",
        "lst"
      })
  void anythingElseIsTheParsers(String line) {
    var words = words(line);
    assertThat(QuickCommands.of(new Console(System.out, System.err), words)).isNull();
    assertThat(said(Main::run, words)).isEqualTo(said(Parsed::run, words));
  }

  @Test
  void theParserKnowsOneCommandAsItKnowsAll() {
    assertThat(said(Main::run, "tun").err()).contains("Did you mean");
    assertThat(said(Main::run, "completion", "bash").out()).contains("dashboard");
    assertThat(said(Main::run, "--help").out()).contains("dashboard").contains("doctor");
  }
}
