package dev.assay.internal.sampler.cost;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogModelTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("width", new IntRange(8, 512))
          .add("depth", new IntRange(1, 8))
          .add("rate", FloatRange.log(1e-4, 1))
          .add("optimizer", Choice.of("sgd", "adam"))
          .build();

  private final SizeFeatures features = new SizeFeatures(SPACE);

  private static double product(Configuration c) {
    double width = c.number("width");
    return 1e-4 * width * width * c.number("depth") * ("adam".equals(c.get("optimizer")) ? 2 : 1);
  }

  private List<Configuration> drawn(int count, long seed) {
    RandomGenerator random = new Streams(seed).stream(0, Purpose.PROPOSAL);
    var drawn = new ArrayList<Configuration>();
    for (int i = 0; i < count; i++) {
      drawn.add(SPACE.draw(random));
    }
    return drawn;
  }

  private @Nullable LogModel learnt(
      List<Configuration> trials, ToDoubleFunction<Configuration> amount) {
    return LogModel.of(
        trials.stream().map(features::of).toList(),
        trials.stream().map(amount::applyAsDouble).toList());
  }

  @Test
  void aProductOfSizesIsLearntFromAFewTrials() {
    var model = requireNonNull(learnt(drawn(20, 1), LogModelTest::product));
    for (var other : drawn(50, 2)) {
      assertThat(model.log(features.of(other))).isCloseTo(Math.log(product(other)), within(0.35));
    }
  }

  /// Of a hundred that were not seen about that share lies below an upper quantile.
  @Test
  void itKnowsHowFarItMayBeOff() {
    var random = new Streams(3).stream(1, Purpose.PROPOSAL);
    ToDoubleFunction<Configuration> noisy = c -> product(c) * Math.exp(0.3 * random.nextGaussian());
    var model = requireNonNull(learnt(drawn(60, 3), noisy));
    int below = 0;
    for (var other : drawn(200, 4)) {
      var point = features.of(other);
      double quantile = model.log(point) + 1.645 * model.deviation(point);
      below += Math.log(noisy.applyAsDouble(other)) < quantile ? 1 : 0;
    }
    assertThat(below).isBetween(175, 199);
  }

  @Test
  void whatFollowsNothingHasNoModel() {
    var random = new Streams(5).stream(1, Purpose.PROPOSAL);
    assertThat(learnt(drawn(40, 5), _ -> Math.exp(random.nextGaussian()))).isNull();
    assertThat(learnt(drawn(40, 5), _ -> 3)).isNull();
    assertThat(learnt(drawn(4, 5), LogModelTest::product)).isNull();
  }

  @Test
  void ofManyTrialsSomeAreTaken() {
    var model = requireNonNull(learnt(drawn(1000, 6), LogModelTest::product));
    var other = drawn(1, 7).getFirst();
    assertThat(model.log(features.of(other))).isCloseTo(Math.log(product(other)), within(0.35));
  }
}
