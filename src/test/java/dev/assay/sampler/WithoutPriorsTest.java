package dev.assay.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Prior;
import dev.assay.space.SearchSpace;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where nothing is expected of parameters, samplers propose what they did before anything could
/// be: these trials were written down then, but for those of `tpe` and `gp`, whose models have
/// changed since.
class WithoutPriorsTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("x", new FloatRange(0, 1))
          .add("y", FloatRange.log(1e-3, 1))
          .add("n", new IntRange(1, 9))
          .add("kind", Choice.of("a", "b", "c"))
          .build();

  @ParameterizedTest
  @CsvSource({
    "random, 4, 0.763 0.0757 3 b; 0.908 0.0522 3 a; 0.496 0.0553 3 a",
    "sobol, 4, 0.658 0.0663 7 c; 0.767 0.0231 1 a; 0.186 0.181 7 c",
    "grid, 4, 0.00 0.00100 1 b; 0.00 0.00100 1 c; 0.00 0.00100 2 a",
    "tpe, 14, 0.370 0.440 4 b; 0.237 0.288 3 b; 0.206 0.293 2 b",
    "cmaes, 14, 0.157 0.0203 3 b; 0.331 0.0146 4 a; 0.118 0.0302 2 b",
    "annealing, 14, 0.375 0.0309 1 b; 0.502 0.0110 3 b; 0.188 0.0597 1 a",
    "nsga2, 60, 0.0362 0.00129 2 c; 0.0514 0.00898 9 c; 0.450 0.618 6 c",
    "halving, 4, 0.763 1; 0.908 1; 0.496 1",
    "gp, 12, 0.353 0.0170 9 b; 0.247 1.00 1 a; 0.292 1.00 1 b",
  })
  void trialsAreWhatTheyWere(String sampler, int trials, String last) {
    Map<String, Object> options =
        switch (sampler) {
          case "halving" -> Map.of("candidates", 9);
          case "grid" -> Map.of("points", 5);
          case "gp" -> Map.of("start", 10);
          default -> Map.of();
        };
    var space =
        sampler.equals("halving")
            ? SearchSpace.builder()
                .add("x", new FloatRange(0, 1))
                .add("epochs", new IntRange(1, 9))
                .build()
            : SPACE;
    var found =
        Trials.search(
            Samplers.create(sampler, options),
            Trials.task(space, 7),
            trials,
            proposal -> {
              double x = proposal.configuration().number("x") - 0.3;
              return new double[] {
                x * x
                    + proposal.configuration().number(sampler.equals("halving") ? "epochs" : "n")
                        / 100
              };
            });
    // The last three hang on all before them.
    assertThat(
            found.subList(trials - 3, trials).stream()
                .map(trial ->
                    trial.configuration().values().values().stream()
                        .map(WithoutPriorsTest::rounded)
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("; ")))
        .as(sampler)
        .isEqualTo(last);
  }

  /// Priors that were taken back leave nothing behind.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "auto",
        "random",
        "sobol",
        "gp",
        "tpe",
        "cmaes",
        "annealing",
        "nsga2",
        "nsga3",
        "pbt"
      })
  void aSpaceOfWhichNothingIsExpectedAnyMoreIsLikeOneOfWhichNothingEverWas(String sampler) {
    var kinds = Choice.of("a", "b", "c");
    var expecting =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("y", FloatRange.log(1e-3, 1))
            .add("n", new IntRange(1, 9))
            .add("kind", kinds)
            .prior("x", Prior.around(0.9, 0.01))
            .prior("y", Prior.within(1e-2, 2))
            .prior("n", Prior.around(2, 1))
            .prior("kind", Prior.weights(kinds, Map.of("c", 50)))
            .build();
    var builder = SearchSpace.builder();
    expecting.parameters().forEach(parameter -> builder.add(parameter.expecting(null)));
    var trials = units(sampler, SPACE);
    assertThat(units(sampler, builder.build())).isEqualTo(trials);
    assertThat(units(sampler, expecting)).as("with priors").isNotEqualTo(trials);
  }

  private static List<String> units(String sampler, SearchSpace space) {
    return Trials.search(
            Samplers.create(sampler, Map.of()),
            Trials.task(space, 7),
            14,
            proposal -> new double[] {Math.abs(proposal.configuration().number("x") - 0.3)})
        .stream()
        .map(trial -> trial.configuration().values() + " " + trial.notes())
        .toList();
  }

  /// To three digits: processors differ in the last bits.
  private static String rounded(@Nullable Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.3g", number)
        : String.valueOf(value);
  }
}
