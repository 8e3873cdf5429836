package dev.assay.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FixedParametersTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("rate", FloatRange.log(1e-4, 1))
          .add("hidden", IntRange.log(16, 256))
          .add("optimizer", Choice.of("sgd", "adam", "lion"))
          .add("nesterov", Choice.of(true, false), Condition.when("optimizer", "sgd"))
          .add("damping", new FloatRange(0, 1), Condition.when("nesterov", false))
          .add("beta", new FloatRange(0.9, 0.99), Condition.when("optimizer", "adam", "lion"))
          .where("optimizer == 'adam' or hidden <= 64")
          .where("beta <= 0.95")
          .where("small", c -> !c.isActive("beta") || c.number("beta") >= 0.91)
          .build();

  @Test
  void whatIsFixedHasOneValueAndWhatCannotExistIsGone() {
    var fixed = SPACE.fix(Map.of("optimizer", "sgd", "hidden", 32));
    assertThat(fixed.parameters().stream().map(Parameter::name))
        .containsExactly("rate", "hidden", "optimizer", "nesterov", "damping");
    assertThat(fixed.parameters().get(3).condition()).isEqualTo(Condition.ALWAYS);
    assertThat(fixed.constraints().stream().map(Constraint::name))
        .containsExactlyElementsOf(SPACE.constraints().stream().map(Constraint::name).toList());
    var random = new Philox(1, 0);
    for (int i = 0; i < 100; i++) {
      var configuration = fixed.draw(random);
      assertThat(configuration.values()).containsEntry("optimizer", "sgd");
      assertThat(configuration.values()).containsEntry("hidden", 32L);
      assertThat(SPACE.configuration(configuration.values()).values())
          .isEqualTo(configuration.values());
    }
  }

  @Test
  void constraintsHoldOverWhatIsFixed() {
    var fixed = SPACE.fix(Map.of("optimizer", "adam"));
    var random = new Philox(1, 0);
    for (int i = 0; i < 100; i++) {
      assertThat(fixed.draw(random).number("beta")).isBetween(0.91, 0.95);
    }
    assertThatThrownBy(() -> SPACE.fix(Map.of("optimizer", "sgd", "hidden", 100)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("hidden <= 64");
  }

  @Test
  void aConditionStaysWhereItsParentIsOpen() {
    var fixed = SPACE.fix(Map.of("beta", 0.92));
    assertThat(fixed.parameters().get(fixed.requireIndex("beta")).condition())
        .isEqualTo(Condition.when("optimizer", "adam", "lion"));
    assertThat(fixed.dimension()).isEqualTo(SPACE.dimension());
    assertThat(SPACE.fix(Map.of())).isSameAs(SPACE);
  }

  @Test
  void whatCannotBeFixedIsNamed() {
    assertThatThrownBy(() -> SPACE.fix(Map.of("rates", 0.1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("rate");
    assertThatThrownBy(() -> SPACE.fix(Map.of("rate", 2)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("rate = 2");
    assertThatThrownBy(() -> SPACE.fix(Map.of("optimizer", "sgd", "beta", 0.92)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("beta");
  }

  @Test
  void aConfigurationIsProjected() {
    var fixed = SPACE.fix(Map.of("rate", 0.1, "optimizer", "sgd"));
    var whole =
        SPACE.configuration(
            Map.of("rate", 0.5, "hidden", 32, "optimizer", "sgd", "nesterov", true));
    assertThat(fixed.project(whole)).isNotNull();
    assertThat(java.util.Objects.requireNonNull(fixed.project(whole)).values())
        .isEqualTo(Map.of("rate", 0.1, "hidden", 32L, "optimizer", "sgd", "nesterov", true));
    // Nobody knows its nesterov.
    assertThat(fixed.project(SPACE.configuration(Map.of("optimizer", "adam", "beta", 0.93))))
        .isNull();
  }
}
