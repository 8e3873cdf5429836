package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The rows of a list that satisfy the other constraints.
final class ListedSolutions implements Solutions {
  private final SearchSpace space;
  private final List<double[]> rows;

  private ListedSolutions(SearchSpace space, List<double[]> rows) {
    this.space = space;
    this.rows = rows;
  }

  static ListedSolutions of(SearchSpace space, RowSet rows) {
    return new ListedSolutions(
        space,
        rows.all().stream().filter(row -> space.satisfies(new Configuration(space, row))).toList());
  }

  static ListedSolutions onAxes(SearchSpace space, RowSet rows, double[][] axes) {
    var all = of(space, rows);
    return new ListedSolutions(
        space, all.rows.stream().filter(row -> isOnAxes(row, axes)).toList());
  }

  private static boolean isOnAxes(double[] row, double[][] axes) {
    for (int i = 0; i < row.length; i++) {
      double code = row[i];
      if (Arrays.stream(axes[i]).noneMatch(place -> place == code)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isProvedEmpty() {
    return rows.isEmpty();
  }

  @Override
  public boolean isSolved() {
    return !rows.isEmpty();
  }

  @Override
  public long bound() {
    return rows.size();
  }

  @Override
  public long count() {
    return rows.size();
  }

  /// Whatever is put together without looking at the list is hardly ever in it.
  @Override
  public double share() {
    return 0;
  }

  @Override
  public @Nullable Configuration draw(RandomGenerator random, int draws) {
    return rows.isEmpty() ? null : configuration(rows.get(random.nextInt(rows.size())));
  }

  @Override
  public @Nullable Configuration at(double[] point) {
    return nearest(space.fromUnit(point).codes());
  }

  @Override
  public @Nullable Configuration near(double[] goal, RandomGenerator random) {
    return nearest(goal);
  }

  private @Nullable Configuration nearest(double[] goal) {
    double @Nullable [] nearest = null;
    double least = Double.POSITIVE_INFINITY;
    for (var row : rows) {
      double distance = 0;
      for (int i = 0; i < row.length && distance < least; i++) {
        distance += space.parameters().get(i).distance(row[i], goal[i]);
      }
      if (distance < least) {
        least = distance;
        nearest = row;
      }
    }
    return nearest == null ? null : configuration(nearest);
  }

  private Configuration configuration(double[] row) {
    return new Configuration(space, row);
  }

  @Override
  public Supplier<double @Nullable []> walk() {
    var iterator = rows.iterator();
    return () -> iterator.hasNext() ? iterator.next() : null;
  }

  @Override
  public Problem unsatisfied() {
    return new Problem(
        "No row of the list satisfies the constraints.",
        space.constraints().stream().map(Constraint::name).toList().toString(),
        "Loosen the constraints, or add rows.");
  }
}
