package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Spaces that are lists of rows in a file.
class RowsTest {
  private static final String ROWS =
      """
      lr,units,optimizer,nesterov
      0.1,16,sgd,true
      0.00001,64,adam,false
      0.003,16,adam,false
      0.5,128,sgd,false
      0.02,32,sgd,true
      0.00007,32,adam,false
      """;

  @TempDir Path directory;

  private StudyFile study(String csv, String rest) {
    try {
      Files.writeString(directory.resolve("candidates.csv"), csv);
      return StudyFile.read(
          Files.writeString(
              directory.resolve("study.yaml"),
              "name: s\nminimize: y\nspace:\n  rows: candidates.csv\n" + rest),
          List.of());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Map<String, ?>> all(SearchSpace space) {
    var all = new java.util.ArrayList<Map<String, ?>>();
    space.forEach(configuration -> all.add(configuration.values()));
    return all;
  }

  @Test
  void columnsAreParametersAndRowsConfigurations() {
    var space = study(ROWS, "").space();
    assertThat(space.parameters().get(0).distribution()).isEqualTo(FloatRange.log(1e-5, 0.5));
    assertThat(space.parameters().get(1).distribution()).isEqualTo(new IntRange(16, 128));
    assertThat(space.parameters().get(2).distribution().count()).hasValue(2);
    assertThat(space.cardinality()).hasValue(6);
    assertThat(all(space).getFirst())
        .isEqualTo(Map.of("lr", 0.1, "units", 16L, "optimizer", "sgd", "nesterov", true));
    assertThat(all(space)).hasSize(6);
  }

  @Test
  void columnsMayBeDescribedAndRowsConstrained() {
    var space =
        study(
                ROWS,
                "  units: {choice: [16, 32, 64, 128], ordered: true}\n"
                    + "constraints: [units <= 64, \"optimizer == 'adam' or nesterov\"]\n")
            .space();
    assertThat(space.valid()).hasValue(5);
    assertThat(space.parameters().get(1).distribution().count()).hasValue(4);
    var drawn = new HashSet<Configuration>();
    var random = new Philox(0, 0);
    for (int draw = 0; draw < 200; draw++) {
      drawn.add(space.draw(random));
    }
    assertThat(drawn).hasSize(5).allMatch(space::satisfies);
  }

  @Test
  void spreadsheetsOfOtherPlacesAreRead() {
    var space = study("\uFEFFa;b\r\n1;x\r\n2;y\r\n", "").space();
    assertThat(all(space)).containsExactly(Map.of("a", 1L, "b", "x"), Map.of("a", 2L, "b", "y"));
  }

  private static Stream<String> samplers() {
    return Samplers.names().stream()
        .filter(name -> !List.of("pbt", "halving", "freeze_thaw").contains(name));
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void everySamplerTriesEachRowOnce(String sampler) {
    var csv = new StringBuilder("x,n,kind\n");
    var random = new Philox(4, 0);
    for (int row = 0; row < 40; row++) {
      csv.append(random.nextDouble()).append(',').append(row * row).append(',');
      csv.append(row % 3 == 0 ? "plain\n" : "padded\n");
    }
    var space = study(csv.toString(), "").space();
    try (var study =
        Study.over(space)
            .minimize("y")
            .sampler(Samplers.create(sampler, Map.of()))
            .batch(3)
            .open()) {
      var result =
          study.run(
              (x, _) -> Outcome.complete(Math.abs(x.number("x") - 0.3) + x.number("n") * 1e-4),
              Budget.trials(100),
              Workers.of(1));
      assertThat(study.trials().stream().map(TrialRecord::configuration))
          .as(sampler)
          .hasSize(40)
          .doesNotHaveDuplicates();
      assertThat(result.reason()).isEqualTo(StopReason.SPACE_EXHAUSTED);
      if (sampler.equals("grid")) {
        assertThat(study.trials().stream().map(t -> t.configuration().number("n")))
            .isSortedAccordingTo(Double::compare);
      }
    }
  }

  /// Elsewhere gp repeats a trial where its models lean to noise.
  @Test
  void noNoiseMakesARowBeTriedAgain() {
    var csv = new StringBuilder("x,n\n");
    var random = new Philox(6, 0);
    for (int row = 0; row < 120; row++) {
      csv.append(random.nextDouble()).append(',').append(row).append('\n');
    }
    var space = study(csv.toString(), "").space();
    try (var study = Study.over(space).minimize("y").sampler(Samplers.gp()).batch(1).open()) {
      var noise = new Philox(7, 0);
      study.run(
          (x, _) -> Outcome.complete(x.number("x") + noise.nextGaussian()),
          Budget.trials(30),
          Workers.of(1));
      assertThat(study.trials().stream().map(TrialRecord::configuration))
          .hasSize(30)
          .doesNotHaveDuplicates()
          .allMatch(space::satisfies);
    }
  }

  /// The search is one: the best of 400 rows is found long before half of them are tried.
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"gp", "tpe", "annealing"})
  void searchesListsBetterThanChance(String sampler) {
    var csv = new StringBuilder("a,b\n");
    var random = new Philox(9, 0);
    for (int row = 0; row < 400; row++) {
      csv.append(random.nextDouble()).append(',').append(random.nextDouble()).append('\n');
    }
    var space = study(csv.toString(), "").space();
    try (var study =
        Study.over(space)
            .minimize("y")
            .sampler(Samplers.create(sampler, Map.of()))
            .batch(1)
            .open()) {
      var result =
          study.run(
              (x, _) -> Outcome.complete(Math.hypot(x.number("a") - 0.7, x.number("b") - 0.2)),
              Budget.trials(40),
              Workers.of(1));
      // 40 of 400 at random have the best with probability 0.1, one of the best four with 0.34.
      var values = new java.util.ArrayList<Double>();
      space.forEach(x -> values.add(Math.hypot(x.number("a") - 0.7, x.number("b") - 0.2)));
      values.sort(null);
      assertThat(result.best().value()).isLessThanOrEqualTo(values.get(2));
    }
  }

  @Test
  void aFixedParameterKeepsTheRowsThatHaveIt() {
    var space = study(ROWS, "").space().fix(Map.of("optimizer", "adam"));
    assertThat(all(space)).hasSize(3);
    assertThat(space.draw(new Philox(0, 0)).get("optimizer")).isEqualTo("adam");
  }

  @Test
  void theDescriptionTellsListsApartButNotTheirOrder() {
    var lines = ROWS.lines().toList();
    var turned = lines.get(0) + "\n" + String.join("\n", lines.subList(1, 7).reversed()) + "\n";
    var description = SpaceDescription.of(study(ROWS, "").space());
    assertThat(SpaceDescription.of(study(turned, "").space()).get("constraints"))
        .isEqualTo(description.get("constraints"));
    assertThat(SpaceDescription.of(study(ROWS + "0.3,16,sgd,true\n", "").space()))
        .isNotEqualTo(description);
  }

  private static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("", "", "no rows"),
        Arguments.of("a,b\n", "", "no rows"),
        Arguments.of("a,b\n1,2\n3,4\n1,2\n", "", "rows 1 and 3 of candidates.csv"),
        Arguments.of("a,b\n1,2\n1.0,2\n", "", "rows 1 and 2"),
        Arguments.of("a,b\n1,2\nx,4\n", "", "a \"x\", row 2 of candidates.csv"),
        Arguments.of("a;b\n0,31;2\n0,4;4\n", "", "decimals stand behind a point"),
        Arguments.of("a,b\n1,2\n,4\n", "", "A cell of the rows is empty."),
        Arguments.of("a,b\n1,2\nnan,4\n", "", "not finite"),
        Arguments.of("a,\n1,2\n", "", "column 2"),
        Arguments.of("a,a\n1,2\n", "", "same name"),
        Arguments.of("a,b\n1,2\n3\n", "", "candidates.csv"),
        Arguments.of("a,b\n1,2\n", "  c: {int: [1, 3]}\n", "The rows lack a column"),
        Arguments.of("a,b\n1,2\n9,3\n", "  a: {int: [1, 3]}\n", "It is a int [1, 3]."),
        Arguments.of("a,b\n1,2\n", "  b: {int: [1, 3], when: {a: 1}}\n", "always exists"),
        Arguments.of("a,b\n1,2\n", "constraints: [a > b]\n", "No row of the list"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesWhatIsNoList(String csv, String rest, String says) {
    assertThatThrownBy(() -> study(csv, rest))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(says);
  }

  @Test
  void refusesAMissingFileAtItsPlace() {
    assertThatThrownBy(() ->
            StudyFile.read(
                Files.writeString(
                    directory.resolve("study.yaml"), "minimize: y\nspace: {rows: nowhere.csv}\n"),
                List.of()))
        .hasMessageContaining("There is no such table.")
        .hasMessageContaining("line 2");
  }

  @Test
  void aParameterMayStillBeCalledRows() throws IOException {
    var space =
        StudyFile.read(
                Files.writeString(
                    directory.resolve("study.yaml"), "minimize: y\nspace: {rows: {int: [1, 9]}}\n"),
                List.of())
            .space();
    assertThat(space.cardinality()).hasValue(9);
    assertThat(space.isListed()).isFalse();
  }
}
