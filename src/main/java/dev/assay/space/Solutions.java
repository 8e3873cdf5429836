package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The configurations of a space that satisfy its constraints.
sealed interface Solutions permits DerivedSolutions, ListedSolutions {
  /// Those of a space.
  static Solutions of(SearchSpace space) {
    var rows = space.rows();
    return rows == null ? DerivedSolutions.of(space) : ListedSolutions.of(space, rows);
  }

  /// Those whose codes lie on some axes.
  ///
  /// @param axes the codes of each parameter, in order
  static Solutions onAxes(SearchSpace space, double[][] axes) {
    var rows = space.rows();
    return rows == null
        ? new DerivedSolutions(
            space, Arrays.stream(axes).<@Nullable Domain>map(Domain::listed).toList())
        : ListedSolutions.onAxes(space, rows, axes);
  }

  /// Whether it is certain that there are none.
  boolean isProvedEmpty();

  /// Whether one is known, or certain to be drawn.
  boolean isSolved();

  /// At most how many there are: where constraints in Java are not asked. -1 where that is not
  /// known.
  long bound();

  /// How many there are; -1 where that is not known.
  long count();

  /// The probability that a configuration drawn without regard to constraints is one, as far as it
  /// is known.
  double share();

  /// One drawn evenly in units; of listed ones each as likely.
  ///
  /// @return null where constraints in Java refuse so many draws
  @Nullable Configuration draw(RandomGenerator random, int draws);

  /// The one at a point of the unit cube: evenly spread points give evenly spread solutions.
  ///
  /// @param point a unit value for each parameter
  /// @return null where the point stands for none
  @Nullable Configuration at(double[] point);

  /// One near a configuration, itself where it is one: the nearest, by squared distances in units
  /// and 1 for another option, as far as that is known.
  ///
  /// @param goal codes
  /// @return null where none was found
  @Nullable Configuration near(double[] goal, RandomGenerator random);

  /// The codes of all, one after the other, then null: the last parameter varies fastest, listed
  /// ones in the order of their list.
  Supplier<double @Nullable []> walk();

  /// Why there is none.
  Problem unsatisfied();
}
