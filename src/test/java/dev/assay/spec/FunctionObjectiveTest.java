package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import dev.assay.storage.InMemoryStorage;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `objective: {function: NAME}`, from the text of a study file to its trials.
class FunctionObjectiveTest {
  @TempDir Path directory;

  private StudyFile read(String text) throws IOException {
    return StudyFile.read(Files.writeString(directory.resolve("f.yaml"), text), List.of());
  }

  private List<TrialRecord> run(String text) throws IOException {
    var file = read(text);
    var assembly = new Assembly(file);
    var runner = assembly.runner(new BackendSelector().choose("cpu"));
    try (var storage = new InMemoryStorage();
        var study = assembly.study(storage, runner.describe()).open()) {
      assertThat(runner.run(study, file.budget(), file.parallel()).reason())
          .isEqualTo(StopReason.TRIALS);
      return study.trials();
    }
  }

  @Test
  void withoutSpaceTheFunctionsOwnDomainIsSearched() throws IOException {
    var trials =
        run(
            "{objective: {function: branin}, minimize: value, sampler: random, budget: {trials:"
                + " 9}}");
    assertThat(trials)
        .hasSize(9)
        .allSatisfy(trial -> {
          assertThat(trial.configuration().number("x0")).isBetween(-5.0, 10.0);
          assertThat(trial.configuration().number("x1")).isBetween(0.0, 15.0);
          assertThat(trial.value()).isGreaterThan(0.39);
        });
  }

  @Test
  void whatTheLiteratureMinimizesIsMinimized() throws IOException {
    var said = "{objective: {function: branin}, minimize: value, budget: {trials: 12}}";
    var unsaid = said.replace(" minimize: value,", "");
    assertThat(run(unsaid).getLast().configuration())
        .isEqualTo(run(said).getLast().configuration());
  }

  @Test
  void theFilesSpaceAndConstraintsCount() throws IOException {
    var trials =
        run(
            """
            objective: {function: sphere3}
            minimize: value
            sampler: random
            space: {x0: {int: [1, 3]}, x1: {choice: [2, 4]}, x2: {float: [0, 1], step: 0.5}}
            constraints: x0 < x1
            budget: {trials: 8}
            parallel: 2
            """);
    assertThat(trials)
        .hasSize(8)
        .allSatisfy(trial -> {
          var x = trial.configuration();
          assertThat(x.number("x0")).isLessThan(x.number("x1"));
          assertThat(trial.value())
              .isEqualTo(
                  Math.pow(x.number("x0"), 2)
                      + Math.pow(x.number("x1"), 2)
                      + Math.pow(x.number("x2"), 2));
        });
  }

  @Test
  void constraintsNarrowTheFunctionsOwnSpace() throws IOException {
    var trials =
        run(
            "{objective: {function: sphere2}, minimize: value, constraints: [x0 > x1, x0 > 0],"
                + " sampler: random, budget: {trials: 20}}");
    assertThat(trials)
        .allSatisfy(trial ->
            assertThat(trial.configuration().number("x0"))
                .isPositive()
                .isGreaterThan(trial.configuration().number("x1")));
  }

  @Test
  void severalValuesAreSeveralObjectivesInAnyOrder() throws IOException {
    var trials =
        run(
            "{objective: {function: zdt1_3}, minimize: [value1, value0], sampler: random,"
                + " budget: {trials: 5}}");
    assertThat(trials)
        .allSatisfy(trial -> {
          assertThat(trial.values()).hasSize(2);
          assertThat(trial.values().get(1)).isEqualTo(trial.configuration().number("x0"));
        });
  }

  /// Each mistake is named with its place and a mend.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {objective: {function: brannin}, minimize: value} | Did you mean "branin"
          {objective: {function: branin}, minimize: loss} | The function has no such value
          {objective: {function: branin}, minimize: value, space: {x0: {int: [0, 1]}}} | lacks coordinates of the function.
          {objective: {function: sphere1}, minimize: value, space: {x0: {int: [0, 1]}, lr: {int: [0, 1]}}} | no such parameter
          {objective: {function: sphere1}, minimize: value, space: {x0: {choice: [a, b]}}} | is a number
          {objective: {function: sphere1}, minimize: value, constraints: x7 < 1} | x7
          {objective: {train: mlp, data: iris}, maximize: accuracy} | space
          """)
  void mistakesAreNamed(String text, String said) {
    assertThatThrownBy(() -> run(text))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(said)
        .hasMessageContaining("line 1");
  }
}
