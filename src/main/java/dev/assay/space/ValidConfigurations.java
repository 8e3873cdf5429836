package dev.assay.space;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The configurations of a space that satisfy its constraints, and how they are found: by drawing
/// until one does where that is quick, else by what is known of them.
final class ValidConfigurations {
  /// Draws in a row that may break constraints.
  static final int DRAWS = 100_000;

  /// Shares of the space from which on drawing until the constraints hold is quick enough.
  private static final double OFTEN = 1.0 / 64;

  private static final double OFTEN_ENOUGH = 1e-3;

  private final SearchSpace space;

  /// Null where there are no constraints.
  private final @Nullable Solutions solutions;

  private final OptionalLong atMost;
  private final boolean rare;

  private ValidConfigurations(SearchSpace space, @Nullable Solutions solutions) {
    this.space = space;
    this.solutions = solutions;
    long bound = solutions == null ? -1 : solutions.bound();
    atMost = bound < 0 ? space.cardinality() : known(bound);
    boolean finite = space.cardinality().isPresent() || atMost.isPresent();
    rare = solutions != null && solutions.share() < (finite ? OFTEN : OFTEN_ENOUGH);
  }

  /// Those of a space that has everything else.
  ///
  /// @throws dev.assay.problem.Problem when there are none
  static ValidConfigurations of(SearchSpace space) {
    var solutions = space.constraints().isEmpty() ? null : Solutions.of(space);
    if (solutions != null && !solutions.isSolved()) {
      throw solutions.unsatisfied();
    }
    return new ValidConfigurations(space, solutions);
  }

  /// A count, where it is one.
  static OptionalLong known(long count) {
    return count < 0 || count > Conditions.MOST ? OptionalLong.empty() : OptionalLong.of(count);
  }

  OptionalLong count() {
    return solutions == null ? space.cardinality() : known(solutions.count());
  }

  OptionalLong atMost() {
    return atMost;
  }

  boolean areRare() {
    return rare;
  }

  @Nullable Configuration find(RandomGenerator random) {
    var configuration = rare ? null : tryDraw(random, DRAWS);
    return configuration == null && solutions != null
        ? solutions.draw(random, DRAWS)
        : configuration;
  }

  @Nullable Configuration tryDraw(RandomGenerator random, int draws) {
    for (int draw = 0; draw < draws; draw++) {
      var point = new double[space.dimension()];
      for (int i = 0; i < point.length; i++) {
        point[i] = random.nextDouble();
      }
      var configuration = space.inPlace(point);
      if (space.satisfies(configuration)) {
        return configuration;
      }
    }
    return null;
  }

  @Nullable Configuration at(double[] point) {
    return solutions == null ? space.fromUnit(point) : solutions.at(point);
  }

  @Nullable Configuration near(Configuration goal, RandomGenerator random) {
    return solutions == null || space.satisfies(goal) ? goal : solutions.near(goal.codes(), random);
  }

  Iterator<Configuration> onAxes(double[][] axes) {
    return iterator(Solutions.onAxes(space, axes).walk());
  }

  Iterator<Configuration> all() {
    return iterator((solutions == null ? Solutions.of(space) : solutions).walk());
  }

  private Iterator<Configuration> iterator(Supplier<double @Nullable []> walk) {
    return new Iterator<>() {
      private double @Nullable [] next = walk.get();

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public Configuration next() {
        var codes = next;
        if (codes == null) {
          throw new NoSuchElementException("no configuration is left");
        }
        next = walk.get();
        return new Configuration(space, codes);
      }
    };
  }
}
