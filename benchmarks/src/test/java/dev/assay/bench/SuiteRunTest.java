package dev.assay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.RunnerException;

/// What a run measured before it was cut off is not measured again.
class SuiteRunTest {
  @TempDir Path directory;

  private final List<Suite.Unit> units = Suite.SPACE.units("cpu", true, Map.of());
  private final List<String> measured = new ArrayList<>();

  private static Map<String, @Nullable Object> build(String commit, boolean dirty) {
    Map<String, @Nullable Object> provenance =
        new LinkedHashMap<String, @Nullable Object>(ResultsFile.provenance(true, null));
    provenance.put("commit", commit);
    provenance.put("dirty", dirty);
    return provenance;
  }

  private Progress progress(String commit, boolean dirty, boolean fresh) {
    return Progress.open(directory, "quick-cpu", build(commit, dirty), fresh);
  }

  private List<Measurement> one(Suite.Unit unit) {
    measured.add(unit.name());
    double score = unit.name().length();
    return List.of(
        new Measurement(
            unit.name(), unit.parameters(), score, null, "ns/op", score, score, null, null));
  }

  private List<Measurement> cut(Suite.Unit unit) {
    if (measured.size() == 2) {
      throw new IllegalStateException("the power is gone");
    }
    return one(unit);
  }

  private void interruptedRun(Progress progress) {
    assertThatThrownBy(() -> new SuiteRun(this::cut, progress).measure(units))
        .hasMessageContaining("power");
    assertThat(measured).hasSize(2);
    measured.clear();
  }

  private List<Measurement> wholeRun(Progress progress) throws RunnerException {
    var all = new SuiteRun(this::one, progress).measure(units);
    progress.end();
    return all;
  }

  @Test
  void goesOnWithTheSameResult() throws RunnerException, IOException {
    interruptedRun(progress("abc", false, false));
    var resumed = wholeRun(progress("abc", false, false));
    assertThat(measured).hasSize(units.size() - 2);
    assertThat(resumed).isEqualTo(wholeRun(progress("abc", false, false)));
    try (var files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void beginsAnewWhereOtherCodeWasMeasured() throws RunnerException {
    for (var other :
        List.of(
            progress("def", false, false),
            progress("abc", true, false),
            progress("abc", false, true))) {
      interruptedRun(progress("abc", false, true));
      wholeRun(other);
      assertThat(measured).hasSize(units.size());
      measured.clear();
    }
  }

  @Test
  void anotherSuiteLeavesTheInterruptedOneAlone() throws RunnerException {
    interruptedRun(progress("abc", false, false));
    var other = progress("abc", false, false);
    new SuiteRun(this::one, other).measure(Suite.IMPORTANCE.units("cpu", true, Map.of()));
    other.end();
    measured.clear();
    wholeRun(progress("abc", false, false));
    assertThat(measured).hasSize(units.size() - 2);
  }

  @Test
  void whatAnInterruptedRunLeftIsSaidOrRefused() throws IOException {
    assertThat(progress("abc", false, false).words()).isEmpty();
    interruptedRun(progress("abc", false, false));
    assertThat(progress("abc", false, false).words()).first().asString().contains("2 parts");
    assertThat(progress("abc", true, false).words()).first().asString().contains("changed");
    try (var files = Files.walk(directory)) {
      Files.writeString(files.filter(Files::isRegularFile).findFirst().orElseThrow(), "{");
    }
    assertThatThrownBy(() -> progress("abc", false, false)).hasMessageContaining("--fresh");
  }

  @Test
  void everyCombinationIsAUnit() {
    var suggest =
        Suite.SUGGEST.units("cpu", false, Map.of()).stream().map(Suite.Unit::name).toList();
    assertThat(suggest)
        .doesNotHaveDuplicates()
        .contains(
            "SuggestBenchmark.suggest, sampler tpe, n 10000, d 40",
            "SuggestBenchmark.suggest, sampler gp, n 1000, d 5")
        .noneMatch(name -> name.contains("sampler gp,") && name.contains("n 10000"));
    assertThat(Suite.STORAGE.units("cpu", false, Map.of()).stream().map(Suite.Unit::name))
        .containsExactly(
            "StorageBenchmark.append",
            "StorageBenchmark.load, n 10000",
            "StorageBenchmark.load, n 1000000",
            "StorageBenchmark.resume, n 10000",
            "StorageBenchmark.resume, n 1000000");
    assertThat(Suite.GP.units("cuda", false, Map.of("backend", "cuda")))
        .isNotEmpty()
        .allMatch(unit -> "cuda".equals(unit.parameters().get("backend")));
  }

  @Test
  void anUnknownNameSaysTheNearest() {
    assertThatThrownBy(() -> Suite.named(List.of("sugest"), List.of()))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.mend()).contains("suggest"));
    assertThatThrownBy(() -> new PeerRun(true, 1, List.of("optna"), progress("abc", false, true)))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.mend()).contains("optuna"));
  }
}
