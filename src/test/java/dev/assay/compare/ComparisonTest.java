package dev.assay.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.BackendSelector;
import dev.assay.internal.engine.GpEngine;
import dev.assay.problem.Problem;
import dev.assay.run.function.TestFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
  @TempDir Path directory;

  private final List<FinishedRun> fresh = new ArrayList<>();

  private ComparisonResult compare(
      Path file, String samplers, int seeds, int parallel, String... of)
      throws InterruptedException {
    fresh.clear();
    try (var log = RunLog.open(file)) {
      var comparison =
          new Comparison(
              Contender.parse(samplers),
              new Comparison.Settings(seeds, 1, 30, parallel, null, directory),
              log,
              new BackendSelector().choose("cpu"),
              GpEngine.standard(),
              (_, _) -> {});
      var cases = List.of(of).stream().map(name -> SearchCase.of(name, List.of())).toList();
      return comparison.run(
          cases,
          (run, isFresh) -> {
            synchronized (fresh) {
              if (isFresh) {
                fresh.add(run);
              }
            }
          });
    }
  }

  /// What does not depend on the clock.
  private static List<String> figures(ComparisonResult result) {
    var figures = new ArrayList<String>();
    for (var one : result.cases()) {
      one.standings().forEach(s -> figures.add(s.sampler() + s.meanRank() + s.median() + s.low()));
      one.pairs().forEach(pair -> figures.add(pair.toString()));
      figures.add(one.curves().getFirst().toString());
    }
    return figures;
  }

  @Test
  void findsWhatIsBetter() throws Exception {
    var result = compare(directory.resolve("a.jsonl"), "random,tpe", 8, 2, "sphere3");
    var one = result.cases().getFirst();
    assertThat(one.standings().getFirst().sampler()).isEqualTo("tpe");
    assertThat(one.pairs())
        .singleElement()
        .satisfies(pair -> {
          assertThat(pair.first()).isEqualTo("tpe");
          assertThat(pair.differs()).isTrue();
          assertThat(pair.superiority()).isGreaterThan(0.8);
        });
    assertThat(one.standings().stream().mapToDouble(CaseResult.Standing::probabilityBest).sum())
        .isBetween(0.999, 1.001);
  }

  /// Mean ranks would: a third comes between the two on some problems and not on others.
  @Test
  void aThirdSamplerHasNoSayInThePairOfTwoOthers() throws Exception {
    var cases = new String[] {"sphere3", "branin", "rastrigin2", "ackley2_shifted", "levy3"};
    var two = compare(directory.resolve("a.jsonl"), "random,tpe", 4, 2, cases);
    var three = compare(directory.resolve("b.jsonl"), "random,tpe,sobol,cmaes", 4, 2, cases);
    var pair = two.pairs().getFirst();
    var same =
        three.pairs().stream()
            .filter(p -> List.of("random", "tpe").containsAll(List.of(p.first(), p.second())))
            .findAny()
            .orElseThrow();
    assertThat(same.test()).isEqualTo(pair.test());
    assertThat(pair.test().pairs()).isPositive();
  }

  @Test
  void aSamplerIsNoBetterThanItself() throws Exception {
    var one =
        compare(directory.resolve("a.jsonl"), "a=tpe,b=tpe", 6, 2, "branin").cases().getFirst();
    // The same seeds give the same trials, so that every pair is equal.
    assertThat(one.pairs().getFirst().test().ties()).isEqualTo(6);
    assertThat(one.pairs().getFirst().differs()).isFalse();
    assertThat(one.optimum()).isEqualTo(TestFunctions.named("branin").optimum());
    assertThat(one.standings()).allMatch(s -> s.meanRank() == 1.5 && s.probabilityBest() == 0.5);
  }

  /// The first trial of a sampler that begins in the middle would win there.
  @Test
  void noFunctionOfTheSuiteHasItsMinimumInTheMiddle() {
    var suite = SearchCase.standard(null, List.of());
    assertThat(suite).hasSize(13);
    for (var one : suite) {
      var function = TestFunctions.named(one.name());
      var middle = new double[function.dimension()];
      for (int j = 0; j < middle.length; j++) {
        middle[j] = (function.low()[j] + function.high()[j]) / 2;
      }
      assertThat(function.value(middle)).isGreaterThan(function.optimum() + 0.5);
    }
  }

  @Test
  void theNumberOfRunsAtOnceChangesNothing() throws Exception {
    var alone = compare(directory.resolve("a.jsonl"), "random,tpe", 4, 1, "branin", "levy2");
    var together = compare(directory.resolve("b.jsonl"), "random,tpe", 4, 4, "branin", "levy2");
    assertThat(figures(together)).isEqualTo(figures(alone));
  }

  @Test
  void aCrashLosesNoMoreThanTheRunThatWasBeingWritten() throws Exception {
    var file = directory.resolve("runs.jsonl");
    var whole = compare(file, "random,tpe", 4, 2, "branin");
    var text = Files.readString(file);
    var lines = text.lines().toList();
    assertThat(lines).hasSize(8);
    // Killed in the middle of the sixth line.
    Files.writeString(
        file, String.join("\n", lines.subList(0, 5)) + "\n" + lines.get(5).substring(0, 40));
    var resumed = compare(file, "random,tpe", 4, 2, "branin");
    assertThat(fresh).hasSize(3);
    assertThat(figures(resumed)).isEqualTo(figures(whole));
    assertThat(Files.readString(file).lines()).hasSize(8);
    compare(file, "random,tpe", 5, 2, "branin");
    assertThat(fresh).hasSize(2);
  }

  @Test
  void whatWasRunOtherwiseIsRunAnew() throws Exception {
    var file = directory.resolve("runs.jsonl");
    compare(file, "random,t=tpe", 2, 1, "branin");
    compare(file, "random,t={tpe: {candidates: 12}}", 2, 1, "branin");
    assertThat(fresh).hasSize(2).allMatch(run -> run.sampler().equals("t"));
  }

  @Test
  void aForeignLineIsNamed() throws IOException {
    var file = Files.writeString(directory.resolve("runs.jsonl"), "{\"no\": \"run\"}\n");
    assertThatThrownBy(() -> RunLog.open(file))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("{\"no\"");
  }

  @Test
  void twoComparisonsDoNotShareAFile() {
    var file = directory.resolve("runs.jsonl");
    try (var _ = RunLog.open(file)) {
      assertThatThrownBy(() -> RunLog.open(file))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("Another comparison");
    }
  }

  @Test
  void replaysHaveASimulatedClockAndGridsAnOptimum() throws Exception {
    Files.writeString(
        directory.resolve("tiles.csv"),
        "x,y,time_ms,status\n1,1,4,ok\n1,2,2,ok\n2,1,8,ok\n2,2,,compile_error\n");
    Files.writeString(
        directory.resolve("tiles.json"),
        "{\"parameters\": {\"x\": [1, 2], \"y\": [1, 2]}, \"metric\": \"time_ms\","
            + " \"direction\": \"minimize\"}");
    var table = directory.resolve("tiles.csv").toString();
    var one = compare(directory.resolve("a.jsonl"), "random,tpe", 3, 1, table).cases().getFirst();
    assertThat(one.name()).isEqualTo("tiles");
    assertThat(one.curves()).hasSize(3);
    assertThat(one.optimum()).isEqualTo(2);
    var shares = Objects.requireNonNull(one.share());
    assertThat(shares)
        .allSatisfy(share -> {
          assertThat(share.atEnd()).isEqualTo(1);
          assertThat(share.expectedAtEnd()).isEqualTo(1);
          assertThat(share.to90()).isBetween(1.0, 4.0);
        });
    // One trial: 1 of 4 each; 2/4, 2/2, 2/8 of the best speed, and nothing.
    assertThat(shares.getFirst().expectedArea()).isLessThan(1);
  }

  @Test
  void aSamplerThatCannotSearchASpaceSaysSoBeforeAnythingRuns() {
    assertThatThrownBy(() -> compare(directory.resolve("a.jsonl"), "random,grid", 2, 1, "branin"))
        .isInstanceOf(Problem.class);
    assertThat(fresh).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"zdt1", "zdt1_6"})
  void severalObjectivesAreRefused(String function) {
    assertThatThrownBy(() -> compare(directory.resolve("a.jsonl"), "random,tpe", 2, 1, function))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("one objective");
  }
}
