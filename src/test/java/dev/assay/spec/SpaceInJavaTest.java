package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.space.SpaceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The builder of a space says what a study file says.
class SpaceInJavaTest {
  @TempDir Path directory;

  @Test
  void theSameSpaceInJavaAndInYaml() throws IOException {
    var file = directory.resolve("study.yaml");
    Files.writeString(
        file,
        """
        minimize: loss
        space:
          learning_rate: {float: [1e-4, 1.0], log: true, default: 0.01}
          dropout: {float: [0, 0.5], step: 0.1}
          layers: {int: [1, 6]}
          width: {int: [8, 512], log: true}
          batch: {int: [32, 256], step: 32}
          size: {choice: [small, large], ordered: true}
          optimizer: {choice: [sgd, adam], default: adam}
          momentum: {float: [0, 0.99], when: {optimizer: sgd}}
        constraints: layers <= 4 or optimizer == 'adam'
        """);
    var built =
        SearchSpace.builder()
            .floatRange("learning_rate", 1e-4, 1.0)
            .log()
            .initial(0.01)
            .floatRange("dropout", 0, 0.5)
            .step(0.1)
            .intRange("layers", 1, 6)
            .intRange("width", 8, 512)
            .log()
            .intRange("batch", 32, 256)
            .step(32)
            .ordered("size", "small", "large")
            .choice("optimizer", "sgd", "adam")
            .initial("adam")
            .floatRange("momentum", 0, 0.99)
            .when("optimizer", "sgd")
            .where("layers <= 4 or optimizer == 'adam'")
            .build();
    assertThat(built).isEqualTo(StudyFile.read(file, List.of()).space());
  }

  @Test
  void wordsMixWithPartsThatAreAddedWhole() {
    var space =
        SearchSpace.builder()
            .choice("kind", "a", "b", "c")
            .intRange("k", 1, 3)
            .when("kind", "a")
            .add("n", new IntRange(0, 1))
            .intRange("k", 1, 3)
            .when("kind", "b")
            .build();
    assertThat(space.parameters()).hasSize(3);
    assertThat(space.parameters().get(0).distribution()).isEqualTo(Choice.of("a", "b", "c"));
    assertThat(space.cardinality()).hasValue(2 * (3 + 3 + 1));
  }

  static Stream<UnaryOperator<SpaceBuilder>> wrong() {
    return Stream.of(
        SpaceBuilder::log,
        b -> b.step(2),
        b -> b.initial(1),
        b -> b.when("a", 1),
        b -> b.choice("c", "x", "y").log(),
        b -> b.choice("c", "x", "y").step(1),
        b -> b.intRange("n", 1, 9).step(0.5),
        b -> b.intRange("n", 1, 9).step(Double.NaN),
        b -> b.intRange("n", 0, 9).log(),
        b -> b.floatRange("x", 0, 1).initial(2).intRange("n", 0, 1),
        b -> b.intRange(" ", 0, 9).intRange("n", 0, 1),
        b -> b.add("n", new IntRange(0, 1)).log());
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatCannotBeMeantIsRefused(UnaryOperator<SpaceBuilder> words) {
    assertThatThrownBy(() -> words.apply(SearchSpace.builder())).isInstanceOf(Problem.class);
  }
}
