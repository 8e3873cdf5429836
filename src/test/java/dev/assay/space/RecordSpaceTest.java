package dev.assay.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordSpaceTest {
  enum Activation {
    RELU,
    TANH {
      @Override
      public String toString() {
        return "hyperbolic tangent";
      }
    }
  }

  sealed interface Optimizer {
    record Sgd(boolean nesterov, Schedule schedule) implements Optimizer {}

    sealed interface Adaptive extends Optimizer {
      record Adam(@Range(low = 0.9, high = 0.9999) double beta2, Schedule schedule)
          implements Adaptive {}

      record Lion() implements Adaptive {}
    }
  }

  sealed interface Schedule {
    record Constant() implements Schedule {}

    record Step(@Range(low = 1, high = 10) int every) implements Schedule {}
  }

  record Shape(@Range(low = 16, high = 256, log = true) int hidden, Activation activation) {}

  record Mlp(
      @Range(low = 1e-4, high = 1, log = true) double learningRate,
      @Range(low = 0, high = 0.5, step = 0.1) float dropout,
      @Range(low = 1, high = 1e9) long steps,
      @OneOf(
              value = {"16", "32", "64"},
              ordered = true)
          int batch,
      @OneOf({"he", "glorot"}) String init,
      Shape shape,
      Optimizer optimizer) {}

  @Test
  void aRecordIsTheSchema() {
    var space = SearchSpace.of(Mlp.class).space();
    var expected =
        SearchSpace.builder()
            .add("learningRate", FloatRange.log(1e-4, 1))
            .add("dropout", new FloatRange(0, 0.5, false, 0.1))
            .add("steps", new IntRange(1, 1_000_000_000))
            .add("batch", Choice.ordered(16, 32, 64))
            .add("init", Choice.of("he", "glorot"))
            .add("hidden", IntRange.log(16, 256))
            .add("activation", Choice.of("RELU", "TANH"))
            .add("optimizer", Choice.of("Sgd", "Adam", "Lion"))
            .add("nesterov", Choice.of(false, true), Condition.when("optimizer", "Sgd"))
            .add(
                "schedule",
                Choice.of("Constant", "Step"),
                new Condition.Any(
                    List.of(
                        Condition.when("optimizer", "Sgd"), Condition.when("optimizer", "Adam"))))
            .add(
                "every",
                new IntRange(1, 10),
                new Condition.Any(
                    List.of(
                        Condition.when("optimizer", "Sgd").and(Condition.when("schedule", "Step")),
                        Condition.when("optimizer", "Adam")
                            .and(Condition.when("schedule", "Step")))))
            .add("beta2", new FloatRange(0.9, 0.9999), Condition.when("optimizer", "Adam"))
            .build();
    assertThat(space.parameters()).containsExactlyInAnyOrderElementsOf(expected.parameters());
  }

  @Test
  void everyConfigurationIsARecordAndBack() {
    var space = SearchSpace.of(Mlp.class);
    var random = new Philox(7, 0);
    var optimizers = new java.util.HashSet<Class<?>>();
    for (int i = 0; i < 300; i++) {
      var configuration = space.space().draw(random);
      var mlp = space.decode(configuration);
      optimizers.add(mlp.optimizer().getClass());
      assertThat(mlp.learningRate()).isEqualTo(configuration.number("learningRate"));
      assertThat(mlp.shape().activation().name()).isEqualTo(configuration.get("activation"));
      assertThat(space.space().read(space.values(mlp)).values().keySet())
          .isEqualTo(configuration.values().keySet());
      assertThat(space.decode(space.space().read(space.values(mlp)))).isEqualTo(mlp);
    }
    assertThat(optimizers).hasSize(3);
  }

  @Test
  void constraintsSeeRecords() {
    var space =
        SearchSpace.of(Shape.class)
            .where("narrow", c -> c.hidden() <= 64 || c.activation() == Activation.RELU)
            .where("even", c -> c.hidden() % 2 == 0);
    assertThat(space.space().constraints().stream().map(Constraint::name))
        .containsExactly("narrow", "even");
    var random = new Philox(7, 0);
    for (int i = 0; i < 200; i++) {
      var shape = space.decode(space.space().draw(random));
      assertThat(shape.hidden() <= 64 || shape.activation() == Activation.RELU).isTrue();
      assertThat(shape.hidden()).isEven();
    }
    assertThatThrownBy(() -> space.where("never", _ -> false))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("never");
  }

  @Test
  void fixedAndTypedGoTogether() {
    var typed = SearchSpace.of(Mlp.class).where("no he", c -> !c.init().equals("he"));
    var fixed = typed.space().fix(Map.of("optimizer", "Adam"));
    var random = new Philox(7, 0);
    for (int i = 0; i < 50; i++) {
      var mlp = typed.decode(fixed.draw(random));
      assertThat(mlp.optimizer()).isInstanceOf(Optimizer.Adaptive.Adam.class);
      assertThat(mlp.init()).isEqualTo("glorot");
    }
  }

  record NoRange(double rate) {}

  record NoOptions(String init) {}

  record Unsupported(List<String> layers) {}

  record Both(@Range(low = 0, high = 1) @OneOf({"1"}) double rate) {}

  record RangeOfText(@Range(low = 0, high = 1) String init) {}

  record OptionsOfTruth(@OneOf({"true"}) boolean flag) {}

  record NoNumber(@OneOf({"a"}) int size) {}

  record Uneven(@Range(low = 0.5, high = 3) int size) {}

  record Swapped(@Range(low = 3, high = 1) double size) {}

  record LogZero(@Range(low = 0, high = 1, log = true) double size) {}

  record Twice(Shape one, Shape two) {}

  record Shared(Optimizer one, Optimizer two) {}

  record Endless(@Range(low = 0, high = 1) double x, Loop loop) {}

  record Self(Self self) {}

  sealed interface Loop {
    record Again(Loop loop) implements Loop {}
  }

  sealed interface Mixed {
    final class NoRecord implements Mixed {}
  }

  record HasClass(Mixed mixed) {}

  sealed interface Different {
    record A(@Range(low = 0, high = 1) double x) implements Different {}

    record B(@Range(low = 0, high = 2) double x) implements Different {}
  }

  record Differs(Different different) {}

  record Empty() {}

  @ParameterizedTest
  @CsvSource({
    "NoRange, NoRange.rate",
    "NoOptions, @OneOf",
    "Unsupported, java.util.List<java.lang.String>",
    "Both, Both.rate",
    "RangeOfText, RangeOfText.init",
    "OptionsOfTruth, OptionsOfTruth.flag",
    "NoNumber, NoNumber.size",
    "Uneven, whole",
    "Swapped, Maybe swap",
    "LogZero, LogZero.size",
    "Twice, 'hidden: Shape.hidden and Shape.hidden'",
    "Shared, Sgd.nesterov",
    "Endless, Endless.loop and Again.loop",
    "Self, itself",
    "HasClass, NoRecord",
    "Differs, B.x",
    "Empty, empty"
  })
  void whatIsNoSpaceIsRefusedByName(String type, String named) throws ClassNotFoundException {
    var record = Class.forName(RecordSpaceTest.class.getName() + "$" + type);
    assertThatThrownBy(() -> SearchSpace.of(record.asSubclass(Record.class)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(named);
  }
}
