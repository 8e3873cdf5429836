package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `assay tune` as its users see it: what it prints, what it stores, and how it ends.
class TuneCommandTest extends CommandLineCase {
  @Test
  void tuneAnswersWithTheDocumentOfTheContract() throws IOException {
    assertThat(tune(file(STUDY), "--json")).isEqualTo(ExitCode.DONE);
    var document = json();
    assertThat(document.propertyNames())
        .containsExactly("study", "trials", "best", "seconds", "backend", "seed", "precision");
    assertThat(document.at("/trials/completed").asInt()).isEqualTo(6);
    assertThat(document.at("/best/0/values/accuracy").asDouble()).isBetween(0.3, 1.0);
    assertThat(document.at("/seconds/wall").asDouble()).isPositive();
    assertThat(document.at("/backend").asString()).isEqualTo("cpu");
    assertThat(document.at("/seed").asLong()).isEqualTo(5);
    assertThat(directory.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void theSummaryNamesTheBestTheCountsAndTheCostOfTheSearch() throws IOException {
    tune(file(STUDY));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Best accuracy ")
        .contains("6 completed, 0 pruned, 0 failed")
        .containsPattern("The search took .* % of the wall time\\.");
  }

  /// On that line Branin's function falls to the lower bound of x1, and there is nothing beyond.
  @Test
  void theSummarySaysThatTheSearchConverged() throws IOException {
    tune(
        file(
            """
            name: bound
            objective: {function: branin}
            space: {x0: {float: [10, 10]}, x1: {float: [5, 15]}}
            minimize: value
            sampler: {gp: {model: single}}
            budget: {trials: 24}
            """));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsPattern("Explored in \\d+ trials: converged: models expect no gain");
  }

  @Test
  void aReportThatCannotBeWrittenTakesNothingFromTheStudy() throws IOException {
    Files.createDirectories(directory.resolve("report.html").resolve("in the way"));
    assertThat(tune(file(STUDY), "--json")).isEqualTo(ExitCode.DONE);
    assertThat(json().at("/trials/completed").asInt()).isEqualTo(6);
    assertThat(errors())
        .contains("its report cannot be written", "report.html", "assay report flowers")
        .doesNotContain("should not");
    assertThat(run("report", storage() + "#flowers")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("The page cannot be written", "writable");
  }

  @Test
  void aPopulationSaysThatItsResultIsASchedule() throws IOException {
    var file =
        file(
            """
            name: population
            objective: {train: softmax, data: iris, fixed: {epochs: 12, optimizer: sgd}}
            minimize: log_loss
            space:
              learning_rate: {float: [1e-4, 1], log: true}
              momentum: {float: [0, 0.99]}
            sampler: {pbt: {population: 6, interval: 1, resample: 1}}
            seed: 2
            """);
    assertThat(tune(file, "--quiet")).isEqualTo(ExitCode.DONE);
    assertThat(run("best", storage() + "#population", "--study-file")).isEqualTo(ExitCode.DONE);
    var rerun = out.toString(StandardCharsets.UTF_8);
    assertThat(rerun).contains("# Its schedule:\n#   steps 1-").contains("-12: learning_rate ");
    assertThat(errors()).contains("its last parameters only");
    assertThat(tune(file(rerun), "--quiet")).isEqualTo(ExitCode.DONE);

    assertThat(run("importance", storage() + "#population")).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("72 completed trials", "judged beside those that end with it");
  }

  @Test
  void aPopulationIsNotServed() throws IOException {
    var file =
        file(STUDY.replace("budget: {trials: 6}", "sampler: {pbt: {population: 4}}")).toString();
    assertThat(run("serve", file, "--stdio", "--storage", "memory:")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("cannot be served", "sampler.pbt", "assay tune");
  }

  @Test
  void aStudyThatNobodyNamedIsServedOverStdioOnly() {
    assertThat(run("serve", "--port", "0")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("one study", "study.yaml");
    assertThat(run("serve")).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void theNumberOfWorkersDoesNotChangeTheTrials() throws IOException {
    var file = file(STUDY);
    tune(file, "--parallel", "1", "--quiet");
    run("trials", storage() + "#flowers", "--json");
    var one = configurationsAndValues();
    tune(file, "--parallel", "3", "--quiet", "--fresh");
    run("trials", storage() + "#flowers", "--json");
    assertThat(configurationsAndValues()).isEqualTo(one).hasSize(6);
  }

  private List<String> configurationsAndValues() {
    var list = new ArrayList<String>();
    json().forEach(trial -> list.add(trial.get("params") + " " + trial.get("values")));
    return list;
  }

  @Test
  void aStudyWithTwoObjectivesEndsWithItsParetoSet() throws IOException {
    var study =
        file(
            "name: zdt\nobjective: {function: zdt1}\nminimize: [value0, value1]\n"
                + "sampler: random\nbudget: {trials: 200}\nseed: 3\n");
    assertThat(tune(study)).isEqualTo(ExitCode.DONE);
    var lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).anyMatch(line -> line.matches("Pareto set: \\d+ trials of 200"));
    assertThat(lines).anyMatch(line -> line.startsWith("Hypervolume "));
    assertThat(lines)
        .filteredOn(line -> line.startsWith("Report: "))
        .singleElement(STRING)
        .matches("Report: \\S+report.html \\([0-9.]+ m?s\\)");
    assertThat(lines)
        .filteredOn(line -> !line.startsWith("Report: "))
        .allMatch(line -> line.length() <= 80);
    assertThat(run("best", storage() + "#zdt", "--json")).isEqualTo(ExitCode.DONE);
    var best = json().get("best");
    assertThat(best.size()).isGreaterThan(1);
    for (var one : best) {
      for (var other : best) {
        assertThat(
                one.at("/values/value0").asDouble() < other.at("/values/value0").asDouble()
                    && one.at("/values/value1").asDouble() < other.at("/values/value1").asDouble())
            .isFalse();
      }
    }
  }

  @Test
  void aStudyCanStartFromAnotherWithParametersFixedAndOutcomesBounded() throws IOException {
    var bounded = STUDY + "subject_to: [log_loss <= 1, fit_seconds <= 1000]\n";
    tune(file(bounded), "--quiet");
    var next =
        bounded.replace("name: flowers", "name: next")
            + "warm_start: sqlite:study.db#flowers\n"
            + "fix: {optimizer: adam}\n";
    assertThat(tune(file(next), "--quiet")).isEqualTo(ExitCode.DONE);
    run("trials", storage() + "#next", "--json");
    assertThat(json()).hasSize(6);
    json()
        .forEach(trial -> {
          assertThat(trial.at("/params/optimizer").asString()).isEqualTo("adam");
          assertThat(trial.at("/params").has("momentum")).isFalse();
          assertThat(trial.at("/attributes/log_loss").isNumber()).isTrue();
        });
    var third = next.replace("name: next", "name: third");
    assertThat(tune(file(third + "start: [{optimizer: sgd}]"))).isEqualTo(ExitCode.BAD_INPUT);
    for (var wrong :
        List.of(
            "fix: {optimiser: adam}",
            "fix: {optimizer: lion}",
            "subject_to: memory <= 1",
            "subject_to: accuracy > 1",
            "warm_start: nobody")) {
      assertThat(tune(file(STUDY.replace("flowers", "fourth") + wrong)))
          .isEqualTo(ExitCode.BAD_INPUT);
      assertThat(errors()).contains(wrong.substring(0, wrong.indexOf(':')));
    }
    var wider = third.replace("momentum: {float: [0, 0.9]}", "momentum: {float: [0, 1]}");
    assertThat(tune(file(wider), "--quiet")).isEqualTo(ExitCode.DONE);
    var apart = wider.replace("name: third", "name: fifth").replace("[1e-3, 0.1]", "[0.2, 0.3]");
    assertThat(tune(file(apart))).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors())
        .contains("No trial of the earlier study fits.")
        .contains("learning_rate = ");
  }

  @Test
  void aFinishedStudyIsShownAndALargerBudgetGoesOn() throws IOException {
    var file = file(STUDY);
    tune(file, "--json");
    var first = json().get("best");
    assertThat(tune(file, "--json")).isEqualTo(ExitCode.DONE);
    assertThat(json().get("best")).isEqualTo(first);
    assertThat(tune(file, "--trials", "9", "--json", "--resume")).isEqualTo(ExitCode.DONE);
    assertThat(json().at("/trials/completed").asInt()).isEqualTo(9);
  }

  /// The trainer's weights depend on the trial's seed.
  @Test
  void finalistsAreConfirmedLaterOnRequest() throws IOException {
    var file = file(STUDY);
    tune(file, "--json");
    var best = json().get("best");
    assertThat(tune(file, "--confirm", "3", "--json")).isEqualTo(ExitCode.DONE);
    var document = json();
    assertThat(document.get("best")).isEqualTo(best);
    assertThat(document.at("/trials/completed").asInt()).isEqualTo(15);
    assertThat(document.get("confirmed")).hasSize(3);
    var first = document.at("/confirmed/0");
    assertThat(document.at("/recommended/id")).isEqualTo(first.get("id"));
    assertThat(document.at("/recommended/expected")).isEqualTo(first.get("mean"));
    assertThat(first.get("mean").asDouble())
        .isBetween(first.get("low").asDouble(), first.get("high").asDouble());
    assertThat(first.get("runs")).hasSize(3);
    run("best", storage() + "#flowers", "--json");
    assertThat(json().get("confirmed")).isEqualTo(document.get("confirmed"));
    run("best", storage() + "#flowers", "--study-file");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("flowers trial " + first.get("id").asInt());
    run("trials", storage() + "#flowers", "--json");
    assertThat(json().get(5).get("confirms").isNull()).isTrue();
    assertThat(json().get(6).get("confirms").isInt()).isTrue();
    tune(file);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Confirmed best accuracy ")
        .contains(", in 3 runs  (trial " + first.get("id").asInt() + ")")
        .contains("15 completed, 0 pruned, 0 failed, 9 of them to confirm");
    assertThat(tune(file, "--confirm", "0")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("0 (--set confirm)");
  }

  @Test
  void anotherSeedIsAnotherStudy() throws IOException {
    var file = file(STUDY);
    tune(file, "--quiet");
    assertThat(tune(file, "--seed", "6", "--json")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("seed: 5 in the study, 6 now").contains("--fresh");
    assertThat(json().at("/error/what").asString()).isNotEmpty();
    var lost = file(STUDY + "warm_start: nobody\n");
    assertThat(tune(lost, "--fresh")).isEqualTo(ExitCode.BAD_INPUT);
    file(STUDY);
    assertThat(tune(file, "--quiet", "--resume")).isEqualTo(ExitCode.DONE); // not put aside
    assertThat(tune(file, "--seed", "6", "--fresh", "--quiet")).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aRequirementThatIsNotMetIsAnExitCodeOfItsOwn() throws IOException {
    var file = file(STUDY);
    assertThat(tune(file, "--quiet", "--require", "accuracy>=0.1")).isEqualTo(ExitCode.DONE);
    assertThat(tune(file, "--quiet", "--require", "accuracy>1"))
        .isEqualTo(ExitCode.REQUIREMENT_NOT_MET);
    assertThat(tune(file, "--quiet", "--require", "loss<1")).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void aStudyWhoseTrialsAllFailEndsWithThree() throws IOException {
    var diverging = STUDY.replace("[1e-3, 0.1], log: true", "[1e20, 1e30], log: true");
    assertThat(tune(file(diverging), "--json")).isEqualTo(ExitCode.NO_TRIAL_COMPLETED);
    assertThat(json().at("/trials/failed").asInt()).isEqualTo(6);
    assertThat(json().get("best")).isEmpty();
  }

  @Test
  void aProgramThatNeverWorksIsNotRunToTheEnd() throws IOException {
    var broken =
        """
        objective: {command: [sh, -c, 'test -e mended || { echo no torch here >&2; exit 3; }; echo loss: 0.5', '{args}'], value: {number: loss}}
        name: broken
        minimize: loss
        space: {x: {float: [0, 1]}}
        budget: {trials: 8}
        parallel: 2
        """;
    assertThat(tune(file(broken), "--json")).isEqualTo(ExitCode.NO_TRIAL_COMPLETED);
    assertThat(json().at("/trials/failed").asInt()).isBetween(5, 6);
    assertThat(errors()).contains("no torch here").contains("same command").contains("none");
    Files.createFile(directory.resolve("mended"));
    assertThat(tune(file(broken), "--json", "--quiet")).isEqualTo(ExitCode.DONE);
    assertThat(json().at("/trials/completed").asInt()).isBetween(2, 3);
    Files.delete(directory.resolve("mended"));
    tune(file(broken + "seed: 5\n"), "--fresh", "--json", "--set", "budget.failures=none");
    assertThat(json().at("/trials/failed").asInt()).isEqualTo(8);
  }
}
