package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The command line as its users see it: exit codes, JSON documents, three-part errors.
class CommandLineTest {
  private static final String STUDY =
      """
      name: flowers
      objective: {train: softmax, data: iris, cv: 3, fixed: {epochs: 3}}
      maximize: accuracy
      space:
        learning_rate: {float: [1e-3, 0.1], log: true}
        optimizer: {choice: {sgd: {momentum: {float: [0, 0.9]}}, adam: {}}}
      budget: {trials: 6}
      batch: 3
      seed: 5
      """;

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(new Console(new PrintStream(out), new PrintStream(err)), args);
  }

  static Stream<String> commands() {
    return Commands.ALL.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandShowsWhatItTakes(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: assay " + command);
    assertThat(err.size()).isZero();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("study.yaml"), text);
  }

  private String storage() {
    return "sqlite:" + directory.resolve("study.db");
  }

  private int tune(Path file, String... more) {
    var args = new ArrayList<>(List.of("tune", file.toString(), "--storage", storage()));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  private JsonNode json() {
    return JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void tuneAnswersWithTheDocumentOfTheContract() throws IOException {
    assertThat(tune(file(STUDY), "--json")).isEqualTo(ExitCode.DONE);
    var document = json();
    assertThat(document.propertyNames())
        .containsExactly("study", "trials", "best", "seconds", "backend", "seed");
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

  @Test
  void bestAndTrialsReadWhatTuneStored() throws IOException {
    tune(file(STUDY), "--quiet");
    assertThat(run("best", storage(), "--json")).isEqualTo(ExitCode.DONE);
    assertThat(json().get("best")).hasSize(1);
    assertThat(run("trials", storage() + "#flowers", "--format", "csv")).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(7);
    assertThat(run("trials", storage(), "--format", "table")).isEqualTo(ExitCode.DONE);
    assertThat(run("report", storage())).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aStudyThatDoesNotExistNamesTheNearest() throws IOException {
    tune(file(STUDY), "--quiet");
    assertThat(run("best", storage() + "#flower")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("flowers");
  }

  @Test
  void predictWritesALineForEachRow() throws IOException {
    var rows = new StringBuilder("size,kind\n");
    for (int i = 0; i < 96; i++) {
      rows.append(i).append(i < 48 ? ",small\n" : ",large\n");
    }
    var data = Files.writeString(directory.resolve("sizes.csv"), rows);
    var study = STUDY.replace("data: iris", "data: " + data);
    assertThat(tune(file(study))).as(errors()).isEqualTo(ExitCode.DONE);
    var model = directory.resolve("model").toString();
    assertThat(run("refit", storage(), "--out", model)).as(errors()).isZero();
    assertThat(run("predict", model, data.toString())).as(errors()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(97)
        .startsWith("kind,p(large),p(small)")
        .last()
        .asString()
        .matches("(small|large),[-+.0-9e]+,[-+.0-9e]+");

    var file = directory.resolve("predictions.csv");
    assertThat(run("predict", model, data.toString(), "--out", file.toString())).isZero();
    assertThat(Files.readAllLines(file)).hasSize(97);
    assertThat(out.size()).isZero();
  }

  @Test
  void tryRunsTheDefaults() throws IOException {
    assertThat(run("try", file(STUDY).toString())).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("accuracy");
  }

  /// The middles of both columns are no row.
  @Test
  void tryTakesARowOfAList() throws IOException {
    Files.writeString(directory.resolve("rows.csv"), "x,size\n0.1,32\n0.2,64\n0.15,16\n");
    var study =
        """
        objective: {command: [/bin/sh, -c, 'echo loss={x}'], value: {number: loss}}
        minimize: loss
        space: {rows: rows.csv}
        budget: {trials: 1}
        """;
    assertThat(run("try", file(study).toString())).as(errors()).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsPattern("x: 0.(1, size: 32|2, size: 64|15, size: 16)");
  }

  @Test
  void anObjectiveIsShownAsItIsWritten() throws IOException {
    var study =
        """
        objective: {command: [/bin/sh, -c, 'echo loss={x}'], value: {regex: 'loss=([0-9.]+)'}}
        minimize: loss
        space: {x: {float: [0, 1]}}
        budget: {trials: 1}
        """;
    assertThat(run("try", file(study).toString())).as(errors()).isEqualTo(ExitCode.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .contains(
            "objective   {command: [/bin/sh, -c, 'echo loss={x}'], value: {regex:"
                + " 'loss=([0-9.]+)'}}",
            "parameters  {x: 0.5}");
    assertThat(tune(file(study), "--quiet")).as(errors()).isEqualTo(ExitCode.DONE);
    assertThat(tune(file(study.replace("loss=(", "loss=*(")), "--quiet"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors())
        .contains("objective.value.regex: 'loss=([0-9.]+)' in the study, 'loss=*([0-9.]+)' now");
  }

  @Test
  void initWritesAFileThatTuneTakesAndNeverOverwrites() {
    var sample = directory.resolve("own.yaml");
    assertThat(run("init", sample.toString())).isEqualTo(ExitCode.DONE);
    assertThat(run("init", sample.toString())).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(tune(sample, "--trials", "1", "--quiet", "--set", "objective.fixed.epochs=1"))
        .isEqualTo(ExitCode.DONE);
  }

  @Test
  void doctorChecksWhatItChose() {
    assertThat(run("doctor", "--json")).isEqualTo(ExitCode.DONE);
    assertThat(json().get("chosen").asString()).isEqualTo("cpu");
    for (var backend : json().get("backends")) {
      if (backend.get("id").asString().equals("cpu")) {
        assertThat(backend.get("checks"))
            .isNotEmpty()
            .allMatch(check -> check.get("passed").asBoolean());
      }
    }
    assertThat(run("doctor", "--backend", "gpu")).isEqualTo(ExitCode.BAD_INPUT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data: iris         | data: irsi            | iris
          train: softmax     | train: softmx         | softmax
          accuracy           | acuracy               | accuracy
          learning_rate:     | learning_rat:         | learning_rate
          cv: 3              | cv: 60                | folds
          epochs: 3          | epochs: none          | epochs
          budget:            | bugdet:               | budget
          seed: 5            | sampler: rando        | random
          seed: 5            | pruner: medain        | median
          [1e-3, 0.1]        | [0.1, 1e-3]           | swap
          [1e-3, 0.1]        | [0, 0.1]              | above 0
          trials: 6          | trials: 0             | 1
          seed: 5            | constraints: ["learning_rate > 1"] | learning_rate > 1
          """)
  void badInputIsNamedWithItsMend(String right, String wrong, String hint) throws IOException {
    assertThat(STUDY).contains(right);
    assertThat(tune(file(STUDY.replace(right, wrong)), "--json")).isEqualTo(ExitCode.BAD_INPUT);
    var error = json().get("error");
    assertThat(error.get("what").asString()).isNotBlank();
    assertThat(error.get("value").asString()).isNotBlank();
    assertThat(error.get("value").asString() + error.get("mend").asString()).contains(hint);
    assertThat(Files.exists(directory.resolve("study.db"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "maximize: accuracy, maximize: acuracy, 'line 3, maximize'",
    "maximize: accuracy, minimize: accuracy, 'line 3, minimize'",
    "learning_rate:, learning_rat:, 'line 5, space.learning_rat'",
    "'[1e-3, 0.1], log: true', '[-1, 0.1]', 'line 5, space.learning_rate'",
    "epochs: 3, epochs: none, 'line 2, objective.fixed.epochs'",
    "data: iris, data: irsi, 'line 2, objective.data'"
  })
  void whatTheTrainerRefusesHasAPlaceToo(String right, String wrong, String place)
      throws IOException {
    tune(file(STUDY.replace(right, wrong)));
    assertThat(errors()).containsOnlyOnce("study.yaml, ").contains(place + ")");
  }

  @Test
  void badUsageIsAProblemToo() {
    assertThat(run("tun")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("tune");
    assertThat(run("tune", "nowhere.yaml")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("nowhere.yaml");
    assertThat(run("tune", "a.yaml", "--trials")).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void aDatabaseThatIsNoneLosesNothing() throws IOException {
    var file = file(STUDY);
    Files.writeString(directory.resolve("study.db"), "these are my notes, not a database at all");
    assertThat(tune(file)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(directory.resolve("study.db"))
        .hasContent("these are my notes, not a database at all");
  }

  @Test
  void compareWritesAPageAndADocumentAndGoesOn() {
    var out = directory.resolve("comparison").toString();
    var args =
        new String[] {
          "compare",
          "branin",
          "--samplers",
          "random,tpe",
          "--seeds",
          "3",
          "--trials",
          "15",
          "--out",
          out,
          "--json"
        };
    assertThat(run(args)).isEqualTo(ExitCode.DONE);
    var first = json();
    assertThat(first.at("/problems/0/name").asString()).isEqualTo("branin");
    assertThat(first.at("/problems/0/standings")).hasSize(2);
    assertThat(first.at("/seedsNeeded").asInt()).isEqualTo(6);
    assertThat(directory.resolve("comparison/comparison.html")).isNotEmptyFile();
    assertThat(run(args)).isEqualTo(ExitCode.DONE);
    // Wall times come from the runs as they were: nothing ran anew.
    assertThat(json().at("/problems")).isEqualTo(first.at("/problems"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compare | nothing to search",
        "compare brannin | branin",
        "compare branin --samplers tpe | two samplers",
        "compare branin --samplers tpe,rnd | random",
        "compare branin --seeds 0 | 1 or more",
        "compare --suite hard | standard",
        "compare branin --data x | --suite standard",
        "compare --suite standard --data /nowhere | cannot be read"
      })
  void compareNamesWhatIsWrong(String line, String words) {
    var args = new ArrayList<>(List.of(line.split(" ")));
    args.addAll(List.of("--out", directory.resolve("none").toString()));
    assertThat(run(args.toArray(new String[0]))).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains(words);
  }

  private String refused(String yaml, String... more) throws IOException {
    var file = Files.writeString(directory.resolve("refused.yaml"), yaml);
    var args = new ArrayList<>(List.of("tune", file.toString(), "--quiet"));
    args.addAll(List.of(more));
    assertThat(run(args.toArray(String[]::new))).isEqualTo(ExitCode.BAD_INPUT);
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsTooLongIsRefusedInWords() throws IOException {
    var study =
        """
        objective: {function: branin}
        minimize: value
        budget: {trials: 2}
        name: %s
        """;
    assertThat(refused(study.formatted("a".repeat(300))))
        .contains("name is too long")
        .contains("300 bytes")
        .contains("255 bytes");
    assertThat(refused(study.formatted("é".repeat(50)))).contains("300 bytes");
    assertThat(refused(study.formatted("\"a\\0b\"")))
        .contains("NUL")
        .contains("line 4")
        .contains("Remove it");
    assertThat(refused(study.formatted("\"a\\ud800b\""))).contains("half a character");
    var sum = "x1" + " + x1".repeat(8000) + " < 1e6";
    assertThat(refused(study.formatted("sum") + "constraints: ['" + sum + "']"))
        .contains("more than 1000 operators")
        .contains("Shorten it");
  }
}
