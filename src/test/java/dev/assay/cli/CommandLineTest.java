package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The command line as its users see it: commands that only read or write files, and words that are
/// refused.
class CommandLineTest extends CommandLineCase {
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

  @Test
  void bestAndTrialsReadWhatTuneStored() throws IOException {
    tune(file(STUDY), "--quiet");
    assertThat(run("best", storage() + "#flowers.yaml")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("not its file's: flowers.");
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

  @ParameterizedTest
  @CsvSource({
    "tune, --n-trials, --trials",
    "tune, --n_jobs=4, --parallel",
    "tune, -j, --parallel",
    "tune, --timeout, --time",
    "trials, --limit, --top"
  })
  void optionsOfOtherToolsAreNamedAsTheyAreCalledHere(String command, String theirs, String ours) {
    assertThat(run(command, "some", theirs, "4")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("That is " + ours + " here.");
  }
}
