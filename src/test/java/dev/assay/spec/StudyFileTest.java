package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.problem.Problem;
import dev.assay.space.Prior;
import dev.assay.storage.InMemoryStorage;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Study files, good and bad.
class StudyFileTest {
  @TempDir Path directory;

  static Stream<BadFiles.Bad> badFiles() {
    return BadFiles.all();
  }

  private static StudyFile parse(String text, String... overrides) {
    return new StudyFileReader(Path.of("study.yaml"), text, List.of(overrides)).read();
  }

  private static Problem problemOf(String text, String... overrides) {
    return catchThrowableOfType(Problem.class, () -> parse(text, overrides));
  }

  @Test
  void aGoodFileIsRead() {
    var file = parse(BadFiles.GOOD);
    assertThat(file.name()).isEqualTo("study");
    assertThat(file.objectives()).containsExactly(new Objective("accuracy", Direction.MAXIMIZE));
    assertThat(file.space().parameters())
        .extracting(parameter -> parameter.name())
        .containsExactly("learning_rate", "hidden", "optimizer", "momentum", "warmup");
    assertThat(file.budget().trials()).isEqualTo(10);
    assertThat(file.budget().time()).isEqualTo(Duration.ofMinutes(5));
    assertThat(file.batch()).isEqualTo(2);
    assertThat(file.seed()).isEqualTo(42);
    assertThat(file.places().get("hidden")).hasToString("study.yaml, line 5, space.hidden");
  }

  @Test
  void priorsAreRead() {
    var space =
        parse(
                """
                minimize: x
                space:
                  rate: {float: [1e-5, 1], log: true, prior: {around: 1e-3, spread: 3x}}
                  width: {int: [8, 512], log: true, prior: {around: 64, spread: 2 x}}
                  dropout: {float: [0, 0.5], step: 0.1, prior: {around: 0.25, spread: 0.1}}
                  batch: {choice: [16, 32, 64], ordered: true, prior: [1, 2.5, 1]}
                  flag: {choice: [true, false], prior: {true: 4}}
                  small: {choice: [0.001, 1e-2], prior: {1e-3: 0, 0.01: 1}}
                  optimizer:
                    choice:
                      adam: {beta: {float: [0, 1], prior: {around: 0.9, spread: 0.05}}}
                      sgd: {}
                      lion: {}
                    prior: {adam: 3, sgd: 2}
                """)
            .space();
    assertThat(space.parameters())
        .extracting(parameter -> parameter.prior())
        .containsExactly(
            Prior.within(1e-3, 3),
            Prior.within(64, 2),
            Prior.around(0.25, 0.1),
            new Prior.Weights(List.of(1.0, 2.5, 1.0)),
            new Prior.Weights(List.of(4.0, 1.0)),
            new Prior.Weights(List.of(0.0, 1.0)),
            new Prior.Weights(List.of(3.0, 2.0, 1.0)),
            Prior.around(0.9, 0.05));
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void aBadFileIsRefusedWithPlaceAndMend(BadFiles.Bad bad) {
    var problem = problemOf(bad.text());
    assertThat(problem).as("%s", bad.text()).isNotNull();
    assertThat(problem.what()).isNotBlank();
    assertThat(problem.value()).contains(bad.value()).contains("study.yaml");
    assertThat(problem.mend()).isNotBlank().contains(bad.mend());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'a: [1, 2\nb: 3'               | line 2, column 2  | brackets
          'a: 1\n\tb: 2'                 | line 2, column 1  | tabs
          'a: b: c'                      | line 1, column 5  | quotes
          'a: "unfinished'               | line 1, column 15 | quotes
          'a: 1\n b: 2'                  | line 2, column 3  | indentation
          'a: @b'                        | line 1, column 4  | quotes
          """)
  void invalidYamlIsNamedWithLineAndColumn(String text, String place, String mend) {
    var problem = problemOf(text.replace("\\n", "\n").replace("\\t", "\t"));
    assertThat(problem.what()).startsWith("This is not valid YAML: ");
    assertThat(problem.value()).isEqualTo("study.yaml, " + place);
    assertThat(problem.mend()).contains(mend);
  }

  @Test
  void aTokenThatIsWrongIsQuoted() {
    assertThat(problemOf("a: [1, 2\nb: 3").what())
        .isEqualTo("This is not valid YAML: expected ',' or ']', but got ':'.");
  }

  @Test
  void invalidJsonIsNamedWithLineAndColumn() {
    var reader =
        new StudyFileReader(Path.of("study.json"), "{\"name\": \"a\",\n \"x\" 1}", List.of());
    var problem = catchThrowableOfType(Problem.class, reader::read);
    assertThat(problem.what()).startsWith("This is not valid JSON: ");
    assertThat(problem.value()).startsWith("study.json, line 2, column ");
  }

  @Test
  void jsonIsReadToo() {
    var text = "{\"minimize\": \"loss\", \"space\": {\"x\": {\"float\": [0, 1]}}}";
    var file = new StudyFileReader(Path.of("study.json"), text, List.of()).read();
    assertThat(file.space().dimension()).isEqualTo(1);
    assertThat(file.batch()).isZero();
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    var problem = problemOf(BadFiles.GOOD + "seed: 43\n");
    assertThat(problem.value()).isEqualTo("seed (study.yaml, line 16, seed; first in line 15)");
    assertThat(problemOf(BadFiles.GOOD.replace("  hidden:", "  learning_rate:")).value())
        .contains("line 5, space.learning_rate; first in line 4");
  }

  @Test
  void anOverrideIsAPlaceOfItsOwn() {
    assertThat(parse(BadFiles.GOOD, "budget.trials=7", "seed=").budget().trials()).isEqualTo(7);
    assertThat(problemOf(BadFiles.GOOD, "budget.trials=0").value())
        .isEqualTo("0 (--set budget.trials)");
    assertThat(problemOf(BadFiles.GOOD, "bugdet.trials=5").mend()).contains("\"budget\"");
    assertThat(problemOf(BadFiles.GOOD, "budget.trials").mend()).contains("budget.trials=100");
    assertThat(problemOf(BadFiles.GOOD, "constraints.1=x").mend()).contains("0 to 0");
  }

  @Test
  void manyAliasesCannotFillTheMemory() {
    var text = new StringBuilder("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (int i = 1; i < 9; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "1"));
    }
    assertThat(problemOf(text.toString()).what()).isEqualTo("The file holds too many values.");
  }

  @Test
  void aFileThatIsNotThereNamesTheNearest() throws IOException {
    Files.writeString(directory.resolve("digits.yaml"), BadFiles.GOOD);
    var problem = readProblem("digit.yaml");
    assertThat(problem.value()).endsWith("digit.yaml");
    assertThat(problem.mend()).startsWith("Did you mean \"digits.yaml\"?");
    assertThat(readProblem("nowhere/digits.yaml").mend()).contains("no such directory");
    assertThat(readProblem("").what()).isEqualTo("This is a directory.");
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    Files.write(directory.resolve("bytes.yaml"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
    assertThat(readProblem("bytes.yaml").mend()).contains("UTF-8");
    Files.writeString(directory.resolve("empty.yaml"), "\n# nothing\n");
    assertThat(readProblem("empty.yaml").what()).isEqualTo("The study file is empty.");
    Files.write(
        directory.resolve("mark.yaml"),
        ("\uFEFF" + BadFiles.GOOD).getBytes(StandardCharsets.UTF_8));
    assertThat(StudyFile.read(directory.resolve("mark.yaml"), List.of()).seed()).isEqualTo(42);
  }

  private Problem readProblem(String name) {
    return catchThrowableOfType(
        Problem.class, () -> StudyFile.read(directory.resolve(name), List.of()));
  }

  @Test
  void aPrunerOfSeveralObjectivesIsRefusedWithItsPlace() {
    var file =
        parse(
            """
            minimize: [y, z]
            space: {x: {float: [0, 1]}}
            pruner: {hyperband: {max: 9}}
            """);
    try (var storage = new InMemoryStorage()) {
      assertThatThrownBy(() -> new Assembly(file).study(storage, Map.of()))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("pruner hyperband, objectives y, z (")
          .hasMessageContaining("line 3, pruner.hyperband")
          .hasMessageContaining("Remove the pruner");
    }
  }

  @Test
  void numbersAreReadAsTheCoreSchemaOfYamlWritesThem() {
    var file =
        parse(
            """
            minimize: y
            seed: 0x2A
            space:
              a: {int: [0, 0o20]}
              b: {float: [1e-4, 1E+1]}
              c: {float: [+0.5, .75]}
              d: {choice: [yes, no, on, off, 2026-11-29, 12:30:45, 1_0]}
              e: {choice: [True, FALSE]}
              f: {choice: [1e-4, 0x10, 010]}
            """);
    assertThat(file.seed()).isEqualTo(42);
    var described =
        file.space().parameters().stream().map(p -> p.distribution().describe()).toList();
    assertThat(described)
        .containsExactly(
            "int [0, 16]",
            "float [1e-4, 10]",
            "float [0.5, 0.75]",
            "choice [yes, no, on, off, 2026-11-29, 12:30:45, 1_0]",
            "choice [true, false]",
            "choice [1.0E-4, 16, 10]");
  }

  @ParameterizedTest
  @CsvSource({
    "start, .nan",
    "start, .inf",
    "start, '8'",
    "start, 4.5",
    "noise, .nan",
    "noise, yes"
  })
  void optionsOfSamplersNameTheirOptionAndItsPlace(String option, String value) {
    var text = "minimize: y\nspace: {x: {float: [0, 1]}}\nsampler: {gp: {%s: \"%s\"}}\n";
    var quoted = value.startsWith(".") ? text.replace("\"", "") : text;
    var assembly = new Assembly(parse(quoted.formatted(option, value)));
    assertThatThrownBy(() -> assembly.study(new InMemoryStorage(), Map.of()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(option + " ")
        .hasMessageContaining("line 3, sampler.gp." + option)
        .hasMessageContaining("leave it out");
  }
}
