package dev.assay.space;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The parameters that are searched, when each exists, and what must hold between them. Immutable.
///
/// ```java
/// var space = SearchSpace.builder()
///     .add("learning_rate", FloatRange.log(1e-4, 1))
///     .add("optimizer", Choice.of("sgd", "adam"))
///     .add("nesterov", Choice.of(true, false), Condition.when("optimizer", "sgd"))
///     .where("learning_rate < 0.5 or optimizer == 'adam'")
///     .build();
/// ```
public final class SearchSpace {
  private final List<Parameter> parameters;
  private final Map<String, Integer> indices;
  private final List<Constraint> constraints;

  /// For each parameter, whether it exists under the codes of those before it; null: always.
  private final List<@Nullable Predicate<double[]>> active;

  private final OptionalLong cardinality;

  private final ValidConfigurations valid;
  private final boolean open;

  SearchSpace(
      List<Parameter> parameters,
      List<String> expressions,
      List<Constraint> furtherConstraints,
      boolean open) {
    this.open = open;
    this.parameters = parameters;
    indices = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      indices.put(parameters.get(i).name(), i);
    }
    active = Conditions.compile(parameters, indices);
    constraints = new ArrayList<>();
    for (var text : expressions) {
      constraints.add(ConstraintParser.parse(text, parameters, indices));
    }
    constraints.addAll(furtherConstraints);
    var rows = rows();
    cardinality =
        open
            ? OptionalLong.empty()
            : rows == null
                ? ValidConfigurations.known(Conditions.count(parameters))
                : OptionalLong.of(rows.size());
    valid = ValidConfigurations.of(this);
  }

  /// The space of a record's components.
  ///
  /// @throws Problem for a component that is no parameter: of another type, without a range, or
  ///   with a name that another one has
  public static <R extends Record> RecordSpace<R> of(Class<R> type) {
    return RecordSpace.of(type);
  }

  /// A space that nobody declared: what trials asked for while they ran. Every parameter exists in
  /// those configurations that have a value for it. May be without parameters.
  ///
  /// @param parameters unconditional ones
  public static SearchSpace open(List<Parameter> parameters) {
    var builder = builder();
    parameters.forEach(builder::add);
    return builder.open();
  }

  public static SpaceBuilder builder() {
    return new SpaceBuilder();
  }

  /// Where each parameter stands, by name.
  Map<String, Integer> indices() {
    return indices;
  }

  /// The parameters, each after those that its existence depends on.
  public List<Parameter> parameters() {
    return parameters;
  }

  public List<Constraint> constraints() {
    return List.copyOf(constraints);
  }

  /// d, the number of parameters.
  public int dimension() {
    return parameters.size();
  }

  /// Whether the space is one of [#open].
  public boolean isOpen() {
    return open;
  }

  /// Whether there is a parameter of that name.
  public boolean has(String name) {
    return indices.containsKey(name);
  }

  /// Whether every parameter always exists.
  public boolean isUnconditional() {
    return !open && active.stream().allMatch(java.util.Objects::isNull);
  }

  /// The index of a parameter.
  ///
  /// @throws Problem when there is none of that name
  public int requireIndex(String name) {
    var index = indices.get(name);
    if (index == null) {
      throw new Problem(
          "There is no such parameter.", name, Nearest.suggest(name, indices.keySet()));
    }
    return index;
  }

  /// How many configurations there are before constraints are applied; empty when a continuous
  /// parameter or more than 2^62 combinations make that no number.
  public OptionalLong cardinality() {
    return cardinality;
  }

  /// The configuration at a point: parameters that the choices made leave without existence are
  /// inactive, whatever their unit value. Constraints are not looked at.
  ///
  /// @param point d unit values, in the order of [#parameters]; those outside of [0, 1] are clamped
  /// @throws IllegalArgumentException for a parameter that exists and whose unit value is NaN
  public Configuration fromUnit(double[] point) {
    var own = new double[parameters.size()];
    System.arraycopy(point, 0, own, 0, own.length);
    return inPlace(own);
  }

  /// As [#fromUnit], whose point becomes the configuration's own codes.
  Configuration inPlace(double[] point) {
    for (int i = 0; i < point.length; i++) {
      if (!exists(i, point)) { // codes of those before it decide that
        point[i] = Double.NaN;
      } else if (Double.isNaN(point[i])) {
        throw new IllegalArgumentException(
            "the unit value of " + parameters.get(i).name() + " is NaN");
      } else {
        point[i] = parameters.get(i).distribution().fromUnit(point[i]);
      }
    }
    return new Configuration(this, point);
  }

  /// The configuration with these codes: parameters that the choices made leave without existence
  /// are inactive, whatever their code. Neither constraints nor the codes are looked at.
  ///
  /// @param codes d codes, each one that its distribution has, in the order of [#parameters]
  public Configuration fromCodes(double[] codes) {
    var own = codes.clone();
    for (int i = 0; i < own.length; i++) {
      if (!exists(i, own)) {
        own[i] = Double.NaN;
      }
    }
    return new Configuration(this, own);
  }

  /// The point of a configuration: d unit values, NaN for inactive parameters.
  public double[] toUnit(Configuration configuration) {
    var point = new double[parameters.size()];
    for (int i = 0; i < point.length; i++) {
      double code = configuration.code(i);
      point[i] = Double.isNaN(code) ? code : parameters.get(i).distribution().toUnit(code);
    }
    return point;
  }

  /// The configuration with these values; active parameters that are not named take their default.
  ///
  /// @throws Problem for an unknown or inactive name, a value outside its distribution, or a
  ///   constraint that does not hold; rows of a recorded table need not be met
  public Configuration configuration(Map<String, ? extends @Nullable Object> values) {
    return ConfigurationValues.checked(read(values));
  }

  /// A configuration with other values in some places.
  ///
  /// @param values parameters and values; parameters that exist only under them take their
  ///   defaults, those that do not exist under them are left out
  /// @param random moves the other parameters where a constraint would be broken
  /// @throws Problem for a value that its parameter does not have, or when nothing satisfies the
  ///   constraints
  public Configuration changed(
      Configuration configuration,
      Map<String, ? extends @Nullable Object> values,
      RandomGenerator random) {
    return ConfigurationValues.changed(this, configuration, values, random);
  }

  /// As [#configuration], but constraints are not looked at: for trials that were stored.
  public Configuration read(Map<String, ? extends @Nullable Object> values) {
    return ConfigurationValues.read(this, values, null);
  }

  /// This space with some parameters given one value each: they stay, with that value alone;
  /// parameters that can no longer exist are gone.
  ///
  /// @throws Problem for an unknown name, a value that the parameter cannot take, or a parameter
  ///   that does not exist under the other values
  public SearchSpace fix(Map<String, ? extends @Nullable Object> values) {
    return values.isEmpty() ? this : FixedParameters.in(this, values);
  }

  /// The configuration with another space's values, as far as parameters of this space have them; a
  /// parameter with one value takes that.
  ///
  /// @return null where an active parameter has no value there, or one that it cannot take
  public @Nullable Configuration project(Configuration other) {
    return ConfigurationValues.project(this, other);
  }

  /// The configuration of the parameters' defaults; it may break constraints.
  public Configuration defaults() {
    return ConfigurationValues.defaults(this);
  }

  /// The first parameter that exists and has no value of its distribution, or that has one and does
  /// not exist; null where all is well, as it is with everything but [#fromCodes] of wrong codes.
  public @Nullable Parameter misfit(Configuration configuration) {
    for (int i = 0; i < configuration.codes().length; i++) {
      double code = configuration.code(i);
      boolean fits =
          exists(i, configuration.codes())
              ? parameters.get(i).distribution().has(code)
              : Double.isNaN(code);
      if (!fits) {
        return parameters.get(i);
      }
    }
    return null;
  }

  /// Whether every constraint holds.
  public boolean satisfies(Configuration configuration) {
    for (var constraint : constraints) {
      if (!constraint.holds(configuration)) {
        return false;
      }
    }
    return true;
  }

  /// How many configurations satisfy the constraints; empty where that is not known, as with
  /// constraints in Java, or no number.
  public OptionalLong valid() {
    return valid.count();
  }

  /// At most so many configurations satisfy the constraints; empty where no bound is known.
  public OptionalLong validAtMost() {
    return valid.atMost();
  }

  /// Whether the configurations can be counted, so that one may be proposed twice, and all may have
  /// been tried.
  public boolean isFinite() {
    return cardinality.isPresent() || valid.atMost().isPresent();
  }

  /// Whether nearly nothing in the space satisfies the constraints, so that what is put together
  /// without regard to them seldom does.
  public boolean isTight() {
    return valid.areRare();
  }

  /// A configuration drawn uniformly in units from those that satisfy the constraints: until one
  /// does, or where few do, from what is known of them.
  ///
  /// @throws Problem when constraints in Java refuse 100,000 draws in a row
  public Configuration draw(RandomGenerator random) {
    var configuration = find(random);
    if (configuration == null) {
      throw Unsatisfied.notFound(constraints);
    }
    return configuration;
  }

  /// As [#draw].
  ///
  /// @return null when constraints in Java refuse 100,000 draws in a row
  public @Nullable Configuration find(RandomGenerator random) {
    return valid.find(random);
  }

  /// As [#draw] where most of the space satisfies the constraints, with a number of draws of the
  /// caller's own.
  ///
  /// @return null when all of them break constraints
  public @Nullable Configuration tryDraw(RandomGenerator random, int draws) {
    return valid.tryDraw(random, draws);
  }

  /// The configuration at a point of the unit cube that is folded onto those that satisfy the
  /// constraints: evenly spread points give evenly spread configurations.
  ///
  /// @param point d unit values, in the order of [#parameters]
  /// @return null where the point stands for none
  public @Nullable Configuration solutionAt(double[] point) {
    return valid.at(point);
  }

  /// A configuration that satisfies the constraints and lies near another one: the nearest in
  /// units, as far as that is known.
  ///
  /// @return null where none was found
  public @Nullable Configuration near(Configuration goal, RandomGenerator random) {
    return valid.near(goal, random);
  }

  /// Every configuration of a finite space that satisfies the constraints, each once; the last
  /// parameter varies fastest.
  ///
  /// @throws IllegalStateException when the space is not finite
  public void forEach(Consumer<Configuration> action) {
    if (!isFinite()) {
      throw new IllegalStateException("the space is not finite");
    }
    all().forEachRemaining(action);
  }

  /// Every configuration that satisfies the constraints and has its codes on these axes, each once,
  /// found as they are asked for; the last parameter varies fastest, each in the order of its axis.
  ///
  /// @param axes the codes of each parameter
  public Iterator<Configuration> onAxes(double[][] axes) {
    return valid.onAxes(axes);
  }

  /// Every configuration of a finite space that satisfies the constraints, found as they are asked
  /// for: those of a list in its order, others with the last parameter varying fastest.
  public Iterator<Configuration> all() {
    return valid.all();
  }

  /// Whether the space is a list of configurations.
  public boolean isListed() {
    return rows() != null;
  }

  /// What the space is a list of.
  @Nullable RowSet rows() {
    for (var constraint : constraints) {
      if (constraint instanceof Constraint.Listed(_, var rows, _)) {
        return rows;
      }
    }
    return null;
  }

  /// Whether parameter i exists under the codes of those before it.
  public boolean exists(int i, double[] codes) {
    var test = active.get(i);
    return test == null || test.test(codes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SearchSpace that
        && open == that.open
        && parameters.equals(that.parameters)
        && constraints.equals(that.constraints);
  }

  @Override
  public int hashCode() {
    return parameters.hashCode();
  }

  @Override
  public String toString() {
    return "SearchSpace" + parameters;
  }
}
