package dev.assay.internal.sampler.genetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreedingTest {
  private static final SearchSpace PLANE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();

  private static final double[] MOTHER = {0.1, 0.2};
  private static final double[] FATHER = {0.6, 0.7};

  /// Draws that are written down: numbers in [0, 1) of which everything else is made.
  private static RandomGenerator draws(double... numbers) {
    return new RandomGenerator() {
      private int at;

      @Override
      public double nextDouble() {
        return numbers[at++];
      }

      @Override
      public int nextInt(int bound) {
        return (int) (numbers[at++] * bound);
      }

      @Override
      public boolean nextBoolean() {
        return numbers[at++] < 0.5;
      }

      @Override
      public long nextLong() {
        throw new UnsupportedOperationException();
      }
    };
  }

  /// Crossed with probability 0.9, then each from the father with 0.3.
  @Test
  void aCrossedChildHasSomeOfEach() {
    var breeding = new Breeding(PLANE, 0.9, 0.3, 0.01, 20);
    assertThat(breeding.child(MOTHER, FATHER, draws(0.89, 0.29, 0.5, 0.31, 0.5)))
        .containsExactly(0.6, 0.2);
  }

  @Test
  void aChildThatIsNotCrossedIsItsMothers() {
    var breeding = new Breeding(PLANE, 0.9, 0.3, 0.01, 20);
    assertThat(breeding.child(MOTHER, FATHER, draws(0.91, 0.5, 0.5))).containsExactly(0.1, 0.2);
  }

  /// Without a rate of its own one parameter of d mutates.
  @Test
  void oneOfTheParametersMutates() {
    var breeding = new Breeding(PLANE, 0, 0.5, 0, 20);
    var child = breeding.child(MOTHER, FATHER, draws(0.5, 0.49, 0.25, 0.51));
    assertThat(child[0]).isNotEqualTo(0.1);
    assertThat(child[1]).isEqualTo(0.2);
  }

  /// x + (2u + (1 - 2u)(1 - x)²¹)^(1/21) - 1 for u below one half, x + 1 - (2(1 - u) + (2u - 1)
  /// x²¹)^(1/21) above it.
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.25, 0.467531800493",
    "0.5, 0.75, 0.532468199507",
    "0.05, 0.01, 0.001720398370",
    "0.05, 0.99, 0.219964501461"
  })
  void numbersMutateByDebsPolynomial(double x, double u, double mutated) {
    var breeding = new Breeding(PLANE, 0, 0.5, 1, 20);
    var child = breeding.child(new double[] {x, x}, FATHER, draws(0.5, 0, u, 0, u));
    assertThat(child).containsExactly(new double[] {mutated, mutated}, within(1e-9));
  }

  /// Another option, each as likely; a step of a number that would be none goes to the next value.
  @Test
  void discreteParametersMutateToOthers() {
    var space =
        SearchSpace.builder()
            .add("c", Choice.of("p", "q", "r"))
            .add("k", new IntRange(0, 9))
            .build();
    var breeding = new Breeding(space, 0, 0.5, 1, 20);
    var mother = new double[] {1, 4};
    // Of three options the other two; half a step, and one up or down.
    assertThat(breeding.child(mother, mother, draws(0.5, 0, 0.1, 0, 0.49, 0.1)))
        .containsExactly(0, 5);
    assertThat(breeding.child(mother, mother, draws(0.5, 0, 0.9, 0, 0.49, 0.9)))
        .containsExactly(2, 3);
    var last = new double[] {1, 9};
    assertThat(breeding.child(last, last, draws(0.5, 0, 0.9, 0, 0.49, 0.1)))
        .as("there is one way only")
        .containsExactly(2, 8);
  }

  /// What the mother does not have comes from the father, and what neither has is drawn.
  @Test
  void parametersThatExistInTheChildAloneAreDrawn() {
    var space =
        SearchSpace.builder()
            .add("c", Choice.of("p", "q"))
            .add("x", new FloatRange(0, 1), Condition.when("c", "q"))
            .build();
    var breeding = new Breeding(space, 1, 0.5, 0.01, 20);
    var without = new double[] {0, Double.NaN};
    var with = new double[] {1, 0.4};
    assertThat(breeding.child(without, with, draws(0, 0.1, 0.5, 0.9, 0.5)))
        .as("the option and its number")
        .containsExactly(1, 0.4);
    assertThat(breeding.child(with, without, draws(0, 0.1, 0.5)))
        .as("without the option")
        .containsExactly(0, Double.NaN);
    assertThat(breeding.child(without, without, draws(0, 0.1, 0.001, 0.2, 0.9, 0.25)))
        .as("a mutated option")
        .containsExactly(1, 0.25);
  }
}
