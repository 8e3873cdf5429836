package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.storage.InMemoryStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What people write who come from other tools, and the mend that they are told.
class WordsOfOtherToolsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "space: {b: {bool: true}} | Write {choice: [false, true]}.",
        "space: {b: boolean} | Write b: {choice: [false, true]}.",
        "space: {b: bool} | Write b: {choice: [false, true]}.",
        "space: {b: float} | Write b: {float: [LOW, HIGH]}.",
        "space: {b: uniform} | Write b: {float: [1e-5, 0.1]}.",
        "space: {b: 64} | b: {choice: [64, ...]}",
        "space: {b: {choice: relu, tanh, gelu}} | Write choice: [relu, tanh, gelu].",
        "space: {b: {int: 1, 8, log: true}} | Write int: [1, 8].",
        "space: {b: {choice: [relu], tanh}} | Known: choice",
        "budget: 50 | Write budget: {trials: 50}.",
        "constraints: ['x < = 3'] | Write <= without a space in it.",
        "constraints: ['x = = 3'] | Write == without a space in it.",
        "sampler: TPESampler | Did you mean \"tpe\"?",
        "sampler: NSGAIISampler | Did you mean \"nsga2\"?",
        "pruner: MedianPruner | Did you mean \"median\"?",
      })
  void isNamedAsItIsCalledHere(String line, String mend) throws Exception {
    var text = "objective: {function: branin}\nminimize: value\n" + line + "\n";
    if (!line.startsWith("space")) {
      text += "space: {x: {float: [0, 1]}}\n";
    }
    var file = Files.writeString(directory.resolve("study.yaml"), text);
    assertThatThrownBy(
            () -> {
              var read = StudyFile.read(file, List.of());
              new Assembly(read).study(new InMemoryStorage(), Map.of());
            })
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> org.assertj.core.api.Assertions.assertThat(problem.mend()).contains(mend));
  }
}
