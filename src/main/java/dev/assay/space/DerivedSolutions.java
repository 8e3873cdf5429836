package dev.assay.space;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The solutions of constraints between parameters that are ranges and choices.
///
/// Written constraints are taken apart into clauses, and the parameters into components that have
/// nothing to do with each other; a [Conjunction] knows the solutions of each. What no clause asks
/// about is free. Constraints in Java are opaque: they are looked at once all is drawn.
final class DerivedSolutions implements Solutions {
  private final SearchSpace space;
  private final List<@Nullable Domain> domains;
  private final List<Conjunction> conjunctions = new ArrayList<>();
  private final List<Integer> free = new ArrayList<>();
  private final List<Constraint> opaque;

  /// The share of draws that the opaque constraints let pass.
  private double passed = 1;

  /// @param domains by parameter: what it may be; null where its values are many
  DerivedSolutions(SearchSpace space, List<@Nullable Domain> domains) {
    this.space = space;
    this.domains = domains;
    var clauses = new ArrayList<Clause>();
    for (var constraint : space.constraints()) {
      if (constraint instanceof Constraint.Written written) {
        clauses.addAll(Clause.of(written));
      }
    }
    opaque = space.constraints().stream().filter(c -> c instanceof Constraint.Checked).toList();
    var bound = new boolean[space.dimension()];
    for (var component : Component.of(space.parameters(), domains, clauses)) {
      conjunctions.add(new Conjunction(component, space::exists, space.dimension()));
      component.members().forEach(i -> bound[i] = true);
    }
    for (int i = 0; i < bound.length; i++) {
      if (!bound[i]) {
        free.add(i);
      }
    }
  }

  /// The solutions among all that the parameters may be.
  static DerivedSolutions of(SearchSpace space) {
    var domains = new ArrayList<@Nullable Domain>();
    space.parameters().forEach(parameter -> domains.add(Domain.of(parameter.distribution())));
    var solutions = new DerivedSolutions(space, domains);
    if (!solutions.opaque.isEmpty() && solutions.isSolvedWithoutOpaque()) {
      var random = new Philox(0, 0);
      solutions.passed = Conjunction.pilot(() -> solutions.holdsOpaque(solutions.sketch(random)));
    }
    return solutions;
  }

  private boolean isSolvedWithoutOpaque() {
    return conjunctions.stream().allMatch(Conjunction::isSolved);
  }

  @Override
  public boolean isProvedEmpty() {
    return conjunctions.stream().anyMatch(Conjunction::isProvedEmpty);
  }

  /// Whether it is certain that nothing satisfies these clauses.
  boolean isProvedEmpty(Component part) {
    return new Conjunction(part, space::exists, space.dimension()).isProvedEmpty();
  }

  /// A component that certainly has no solution, of one or more.
  Component provedEmpty() {
    return conjunctions.stream()
        .filter(Conjunction::isProvedEmpty)
        .map(Conjunction::given)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public boolean isSolved() {
    return isSolvedWithoutOpaque() && passed > 0;
  }

  @Override
  public long bound() {
    long count = freeCount();
    for (var conjunction : conjunctions) {
      long own = conjunction.count();
      count = own < 0 || count < 0 ? -1 : Conditions.saturatedProduct(count, own);
    }
    return count;
  }

  private long freeCount() {
    var parameters = free.stream().map(space.parameters()::get).toList();
    return Conditions.count(parameters);
  }

  @Override
  public long count() {
    return opaque.isEmpty() ? bound() : -1;
  }

  @Override
  public double share() {
    double share = passed;
    for (var conjunction : conjunctions) {
      share *= conjunction.share();
    }
    return share;
  }

  @Override
  public @Nullable Configuration draw(RandomGenerator random, int draws) {
    for (int draw = 0; draw < draws; draw++) {
      var codes = sketch(random);
      if (holdsOpaque(codes)) {
        return new Configuration(space, codes);
      }
    }
    return null;
  }

  private double[] sketch(RandomGenerator random) {
    var codes = new double[space.dimension()];
    for (var conjunction : conjunctions) {
      conjunction.draw(random, codes);
    }
    for (int i : free) {
      codes[i] = freely(i, random.nextDouble(), codes);
    }
    return codes;
  }

  private double freely(int i, double unit, double[] codes) {
    return space.exists(i, codes)
        ? space.parameters().get(i).distribution().fromUnit(unit)
        : Double.NaN;
  }

  @Override
  public @Nullable Configuration at(double[] point) {
    var codes = new double[space.dimension()];
    for (var conjunction : conjunctions) {
      if (!conjunction.at(i -> point[i], codes)) {
        return null;
      }
    }
    for (int i : free) {
      codes[i] = freely(i, point[i], codes);
    }
    return holdsOpaque(codes) ? new Configuration(space, codes) : null;
  }

  @Override
  public @Nullable Configuration near(double[] goal, RandomGenerator random) {
    var codes = new double[space.dimension()];
    for (var conjunction : conjunctions) {
      conjunction.near(
          goal, (i, code) -> space.parameters().get(i).distance(code, goal[i]), random, codes);
    }
    for (int i : free) {
      codes[i] =
          !space.exists(i, codes)
              ? Double.NaN
              : Double.isNaN(goal[i]) ? freely(i, random.nextDouble(), codes) : goal[i];
    }
    return holdsOpaque(codes) ? new Configuration(space, codes) : null;
  }

  private boolean holdsOpaque(double[] codes) {
    if (opaque.isEmpty()) {
      return true;
    }
    var configuration = new Configuration(space, codes);
    return opaque.stream().allMatch(constraint -> constraint.holds(configuration));
  }

  @Override
  public Supplier<double @Nullable []> walk() {
    return new Walk(space, domains, conjunctions);
  }

  @Override
  public Problem unsatisfied() {
    return Unsatisfied.problem(this, space.constraints());
  }
}
