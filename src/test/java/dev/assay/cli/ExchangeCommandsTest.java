package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.exchange.StudyExport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `import` and `export` as their users see them.
class ExchangeCommandsTest {
  private static final String STUDY =
      """
      name: bowl
      objective: {function: branin}
      minimize: value
      space:
        x0: {float: [-5, 10]}
        x1: {float: [0, 15]}
      sampler: random
      budget: {trials: 5}
      """;

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(new Console(new PrintStream(out), new PrintStream(err)), args);
  }

  private JsonNode json() {
    return JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String storage(String name) {
    return "sqlite:" + path(name);
  }

  @BeforeEach
  void tuneAndTakeToOptuna() throws IOException {
    Files.writeString(directory.resolve("study.yaml"), STUDY);
    assertThat(run("tune", path("study.yaml"), "--storage", storage("a.db"), "--quiet")).isZero();
    assertThat(run("export", storage("a.db"), "--format", "optuna", "--to", path("optuna.db")))
        .isZero();
    assertThat(errors()).contains("Wrote 5 trials to");
  }

  private int bring(String file, String... more) {
    var args = new java.util.ArrayList<>(java.util.List.of("import", path("optuna.db")));
    args.addAll(java.util.List.of("--storage", storage("b.db"), "--file", path(file)));
    args.addAll(java.util.List.of(more));
    return run(args.toArray(new String[0]));
  }

  @Test
  void aStudyFileIsWrittenAndTheStudyGoesOn() throws IOException {
    assertThat(bring("new.yaml", "--name", "brought", "--minimize", "value", "--json")).isZero();
    assertThat(json().path("trials").asInt()).isEqualTo(5);
    assertThat(json().path("complete").asInt()).isEqualTo(5);
    var written = directory.resolve("new.yaml");
    assertThat(written).content().contains("name: brought", "minimize: value", "x0: {float: [-5");
    Files.writeString(
        written,
        Files.readString(written) + "objective: {function: branin}\nbudget: {trials: 8}\n");
    assertThat(run("tune", written.toString(), "--json")).as(errors()).isZero();
    assertThat(json().at("/trials/completed").asInt()).isEqualTo(8);
  }

  @Test
  void aStudyFileThatIsThereTakesTheTrials() {
    assertThat(bring("study.yaml")).as(errors()).isZero();
    assertThat(
            run(
                "tune",
                path("study.yaml"),
                "--storage",
                storage("b.db"),
                "--trials",
                "7",
                "--json"))
        .as(errors())
        .isZero();
    assertThat(json().at("/trials/completed").asInt()).isEqualTo(7);
  }

  @Test
  void whatIsThereIsNotOverwritten() throws IOException {
    assertThat(bring("new.yaml", "--name", "one")).isZero();
    var text = Files.readString(directory.resolve("new.yaml"));
    assertThat(bring("new.yaml", "--name", "one")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("There is a study of that name already.");
    assertThat(bring("new.yaml", "--name", "two")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("The study file names another study.");
    assertThat(directory.resolve("new.yaml")).hasContent(text.strip());
    assertThat(run("export", storage("a.db"), "--format", "parquet", "--to", path("optuna.db")))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("The file exists already.");
  }

  @Test
  void aStoredStudyIsWrittenAsOneInMemoryIs() throws IOException {
    assertThat(bring("new.yaml", "--name", "one")).isZero();
    var there = path("there.parquet");
    assertThat(run("export", storage("a.db"), "--format", "parquet", "--to", there)).isZero();
    var view = NamedStudy.of(storage("a.db")).view();
    assertThat(StudyExport.write(view, "parquet", path("here.parquet")))
        .isEqualTo(view.trials().size())
        .isPositive();
    assertThat(Path.of(there)).hasSameBinaryContentAs(Path.of(path("here.parquet")));
  }

  @Test
  void formatsThatDoNotExistAreNamed() {
    assertThat(run("export", storage("a.db"), "--format", "parket", "--to", "x"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("There is no such format.", "parquet");
    assertThat(run("import", path("optuna.db"), "--from", "optunna")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("There is no such source of studies.", "optuna");
    assertThat(run("export", storage("a.db"), "--format", "optuna")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("--to study.db");
    assertThat(run("export", storage("a.db"), "--format", "mlflow", "--to", path("x")))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("http:// or https://");
  }

  @Test
  void theBestOfAKernelGoesToPrograms() throws IOException {
    assertThat(run("kernel", "export", storage("a.db"))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("#pragma once", "#define ");
    var wisdom = path("wisdom.json");
    assertThat(run("kernel", "export", storage("a.db"), "--format", "wisdom", "--to", wisdom))
        .isZero();
    assertThat(Path.of(wisdom)).content().contains("\"parameters\"");
    assertThat(run("kernel", "import", storage("a.db"))).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("There is no such command for kernels.", "assay kernel export");
    assertThat(run("kernel", "export", storage("a.db"), "--format", "csv"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("assay export STUDY --format csv");
  }

  @Test
  void textGoesToStdout() {
    assertThat(run("export", storage("a.db"), "--format", "csv")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(6);
    assertThat(run("export", storage("a.db"), "--format", "json")).isZero();
    assertThat(json()).hasSize(5);
  }
}
