package dev.assay.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.problem.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriorTest {
  private static final Choice OPTIONS = Choice.of("adam", "sgd", "lion");

  record Net(
      @Range(low = 1e-4, high = 1, log = true, around = 1e-2, spread = 3) double rate,
      @Range(low = 1, high = 8, around = 2, spread = 1.5) int layers,
      @OneOf(
              value = {"relu", "tanh"},
              weights = {2, 1})
          String activation,
      boolean bias) {}

  record Half(@Range(low = 0, high = 1, around = 0.5) double x) {}

  @Test
  void recordsSayWhatIsExpected() {
    var space =
        SearchSpace.of(Net.class).prior("bias", new Prior.Weights(List.of(1.0, 4.0))).space();
    assertThat(space.parameters())
        .extracting(Parameter::prior)
        .containsExactly(
            Prior.within(1e-2, 3),
            Prior.around(2, 1.5),
            new Prior.Weights(List.of(2.0, 1.0)),
            new Prior.Weights(List.of(1.0, 4.0)));
    assertThatThrownBy(() -> SearchSpace.of(Half.class))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("spread")
        .hasMessageContaining("Half.x");
  }

  @Test
  void aBuilderSaysWhatIsExpected() {
    var builder = SearchSpace.builder().add("optimizer", OPTIONS);
    builder.prior("optimizer", Prior.weights(OPTIONS, Map.of("adam", 3, "lion", 0)));
    assertThat(builder.build().parameters().getFirst().prior())
        .isEqualTo(new Prior.Weights(List.of(3.0, 1.0, 0.0)));
    assertThatThrownBy(() -> builder.prior("optimiser", Prior.around(1, 1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("optimizer");
    assertThatThrownBy(() -> Prior.weights(OPTIONS, Map.of("adamw", 3)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("\"adam\"");
  }

  @Test
  void whatFollowsAParameterMayBeItsPrior() {
    var space =
        SearchSpace.builder()
            .floatRange("rate", 1e-5, 1)
            .prior(Prior.within(1e-3, 3))
            .log() // in any order
            .intRange("layers", 1, 8)
            .choice("kind", "a", "b")
            .prior("layers", Prior.around(3, 1))
            .build();
    assertThat(space.parameters())
        .extracting(Parameter::prior)
        .containsExactly(Prior.within(1e-3, 3), Prior.around(3, 1), null);
    assertThatThrownBy(() -> SearchSpace.builder().prior(Prior.around(3, 1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("prior");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aSpreadIsADistanceAboveZeroOrAFactorAboveOne(double spread) {
    assertThatThrownBy(() -> Prior.around(0, spread)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> Prior.within(1, spread)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> Prior.within(1, 1)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> Prior.around(Double.NaN, 1)).isInstanceOf(Problem.class);
  }

  @Test
  void aPriorMayLieAroundABound() {
    for (double low : new double[] {1e-4, 3e-7, 0.1}) {
      var range = FloatRange.log(low, 7 * low);
      assertThat(new Parameter("x", range).expecting(Prior.within(low, 2)).prior()).isNotNull();
      assertThat(new Parameter("x", range).expecting(Prior.within(7 * low, 2)).prior()).isNotNull();
    }
    var steps = new Parameter("x", new FloatRange(0, 1, false, 0.3));
    assertThat(steps.expecting(Prior.around(0.9, 0.1)).prior()).isNotNull();
    assertThatThrownBy(() -> steps.expecting(Prior.around(0.95, 0.1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("from 0 to 0.9");
  }

  @Test
  void centresAndDeviationsAreInUnitsOfTheRange() {
    assertUnits(Prior.around(1, 0.5), new FloatRange(-1, 3), 0.5, 0.125);
    assertUnits(Prior.within(1e-2, 10), FloatRange.log(1e-4, 1), 0.5, 0.25);
    assertUnits(Prior.around(4, 2), new IntRange(1, 10), 0.35, 0.2);
    assertUnits(Prior.around(0.2, 0.1), new FloatRange(0, 0.4, false, 0.1), 0.5, 0.2);
    var whole = IntRange.log(1, 63);
    var prior = (Prior.Around) Prior.within(8, 2);
    assertThat(prior.centre(whole)).isCloseTo(whole.toUnit(8), within(1e-12));
    assertThat(prior.deviation(whole)).isCloseTo(Math.log(2) / Math.log(63.5 / 0.5), within(1e-12));
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  private static void assertUnits(
      Prior prior, Distribution range, double centre, double deviation) {
    var around = (Prior.Around) prior;
    assertThat(around.centre(range)).isCloseTo(centre, within(1e-12));
    assertThat(around.deviation(range)).isCloseTo(deviation, within(1e-12));
  }

  @Test
  void aDescriptionIsReadBack() {
    var space =
        SearchSpace.builder()
            .add("rate", FloatRange.log(1e-4, 1))
            .add("depth", new IntRange(1, 8), Condition.when("optimizer", "adam"))
            .add("optimizer", OPTIONS)
            .add("other", new FloatRange(0, 1))
            .prior("rate", Prior.within(1e-3, 2.5))
            .prior("depth", Prior.around(3, 0.5))
            .prior("optimizer", Prior.weights(OPTIONS, Map.of("sgd", 2)))
            .build();
    var description = SpaceDescription.of(space);
    assertThat(description.toString())
        .contains("prior={around=0.001, spread=2.5x}")
        .contains("prior={around=3.0, spread=0.5}")
        .contains("prior=[1.0, 2.0, 1.0]");
    assertThat(SpaceDescription.read(description)).isEqualTo(space);
  }

  /// What was stored by versions without priors is what is stored without priors.
  @Test
  void aSpaceWithoutPriorsIsDescribedAsBefore() {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    assertThat(SpaceDescription.of(space).toString())
        .isEqualTo("{parameters={x={float=[0.0, 1.0], log=false, step=0.0}}, constraints=[]}");
  }

  @Test
  void aFixedParameterLosesItsPriorAndOthersKeepTheirs() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("y", new FloatRange(0, 1))
            .prior("x", Prior.around(0.2, 0.1))
            .prior("y", Prior.around(0.3, 0.1))
            .build()
            .fix(Map.of("x", 0.5));
    assertThat(space.parameters())
        .extracting(Parameter::prior)
        .containsExactly(null, Prior.around(0.3, 0.1));
  }

  @Test
  void oneNameUnderTwoOptionsHasOnePrior() {
    var builder =
        SearchSpace.builder()
            .add("kind", Choice.of("a", "b"))
            .add(depth("a", Prior.around(2, 1)))
            .add(depth("b", Prior.around(2, 1)));
    assertThat(builder.build().parameters().getLast().prior()).isEqualTo(Prior.around(2, 1));
    var other = SearchSpace.builder().add(depth("a", Prior.around(2, 1)));
    assertThatThrownBy(() -> other.add(depth("b", Prior.around(3, 1))))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("around 2, spread 1")
        .hasMessageContaining("around 3, spread 1");
  }

  private static Parameter depth(String kind, Prior prior) {
    return new Parameter("depth", new IntRange(1, 8), null, Condition.when("kind", kind), prior);
  }
}
