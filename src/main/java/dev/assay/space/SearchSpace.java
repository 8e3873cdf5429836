package dev.assay.space;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
  /// Draws in a row that may break constraints.
  static final int DRAWS = 100_000;

  /// Shares of the space from which on drawing until the constraints hold is quick enough.
  private static final double OFTEN = 1.0 / 64;

  private static final double OFTEN_ENOUGH = 1e-3;

  private final List<Parameter> parameters;
  private final Map<String, Integer> indices;
  private final List<Constraint> constraints;

  /// For each parameter, whether it exists under the codes of those before it; null: always.
  private final List<@Nullable Predicate<double[]>> active;

  private final OptionalLong cardinality;

  /// Null where there are no constraints.
  private final @Nullable Solutions solutions;

  private final OptionalLong validAtMost;
  private final boolean tight;
  private final boolean open;

  private SearchSpace(Builder builder, boolean open) {
    this.open = open;
    parameters = Conditions.parentsFirst(builder.parameters.values());
    indices = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      indices.put(parameters.get(i).name(), i);
    }
    active = Conditions.compile(parameters, indices);
    constraints = new ArrayList<>();
    for (var text : builder.expressions) {
      constraints.add(ConstraintParser.parse(text, parameters, indices));
    }
    constraints.addAll(builder.predicates);
    var rows = rows();
    cardinality =
        open
            ? OptionalLong.empty()
            : rows == null ? known(Conditions.count(parameters)) : OptionalLong.of(rows.size());
    solutions = constraints.isEmpty() ? null : Solutions.of(this);
    if (solutions != null && !solutions.isSolved()) {
      throw solutions.unsatisfied();
    }
    long bound = solutions == null ? -1 : solutions.bound();
    validAtMost = bound < 0 ? cardinality : known(bound);
    tight = solutions != null && solutions.share() < (isFinite() ? OFTEN : OFTEN_ENOUGH);
  }

  private static OptionalLong known(long count) {
    return count < 0 || count > Conditions.MOST ? OptionalLong.empty() : OptionalLong.of(count);
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
    return new SearchSpace(builder, true);
  }

  public static Builder builder() {
    return new Builder();
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
  /// @param point d unit values, in the order of [#parameters]
  public Configuration fromUnit(double[] point) {
    var codes = new double[parameters.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] =
          exists(i, codes) ? parameters.get(i).distribution().fromUnit(point[i]) : Double.NaN;
    }
    return new Configuration(this, codes);
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
    return checked(read(values));
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
    var changed = read(values, configuration);
    if (satisfies(changed)) {
      return changed;
    }
    var fixed = fix(values);
    var goal = fixed.project(changed);
    var near = goal == null ? null : fixed.near(goal, random);
    var found = near == null ? null : project(near);
    return checked(found == null ? changed : found);
  }

  private Configuration checked(Configuration configuration) {
    for (var constraint : constraints) {
      // What a list elsewhere stands for may be asked for by a neighbour: a table's nearest row.
      boolean elsewhere = constraint instanceof Constraint.Listed(_, _, var own) && !own;
      if (!elsewhere && !constraint.holds(configuration)) {
        throw new Problem(
            "The configuration breaks a constraint.",
            configuration + " against " + constraint.name(),
            "Change the values or the constraint.");
      }
    }
    return configuration;
  }

  /// As [#configuration], but constraints are not looked at: for trials that were stored.
  public Configuration read(Map<String, ? extends @Nullable Object> values) {
    return read(values, null);
  }

  /// @param otherwise has the values that are not named; null: they are the defaults
  private Configuration read(
      Map<String, ? extends @Nullable Object> values, @Nullable Configuration otherwise) {
    for (var name : values.keySet()) {
      requireIndex(name);
    }
    var codes = new double[parameters.size()];
    for (int i = 0; i < codes.length; i++) {
      var parameter = parameters.get(i);
      if (!exists(i, codes)) {
        codes[i] = Double.NaN;
        if (values.containsKey(parameter.name())) {
          throw new Problem(
              "The parameter does not exist under the other values.",
              parameter.name() + " in " + values,
              "Leave it out, or change what it depends on.");
        }
      } else if (values.containsKey(parameter.name())) {
        codes[i] = requireCode(parameter, values.get(parameter.name()));
      } else {
        codes[i] =
            otherwise != null && otherwise.isActive(i)
                ? otherwise.code(i)
                : open ? Double.NaN : defaultCode(parameter);
      }
    }
    return new Configuration(this, codes);
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
    var values = other.values();
    var codes = new double[parameters.size()];
    for (int i = 0; i < codes.length; i++) {
      var parameter = parameters.get(i);
      var distribution = parameter.distribution();
      if (!exists(i, codes)) {
        codes[i] = Double.NaN;
      } else if (distribution.count().orElse(0) == 1) {
        codes[i] = distribution.middle();
      } else if (values.containsKey(parameter.name())) {
        codes[i] = distribution.code(values.get(parameter.name()));
        if (Double.isNaN(codes[i])) {
          return null;
        }
      } else {
        return null;
      }
    }
    return new Configuration(this, codes);
  }

  /// The configuration of the parameters' defaults; it may break constraints.
  public Configuration defaults() {
    var codes = new double[parameters.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = exists(i, codes) ? defaultCode(parameters.get(i)) : Double.NaN;
    }
    return new Configuration(this, codes);
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
    return solutions == null ? cardinality : known(solutions.count());
  }

  /// At most so many configurations satisfy the constraints; empty where no bound is known.
  public OptionalLong validAtMost() {
    return validAtMost;
  }

  /// Whether the configurations can be counted, so that one may be proposed twice, and all may have
  /// been tried.
  public boolean isFinite() {
    return cardinality.isPresent() || validAtMost.isPresent();
  }

  /// Whether nearly nothing in the space satisfies the constraints, so that what is put together
  /// without regard to them seldom does.
  public boolean isTight() {
    return tight;
  }

  /// A configuration drawn uniformly in units from those that satisfy the constraints: until one
  /// does, or where few do, from what is known of them.
  ///
  /// @throws Problem when constraints in Java refuse [#DRAWS] draws in a row
  public Configuration draw(RandomGenerator random) {
    var configuration = find(random);
    if (configuration == null) {
      throw Unsatisfied.notFound(constraints);
    }
    return configuration;
  }

  /// As [#draw].
  ///
  /// @return null when constraints in Java refuse [#DRAWS] draws in a row
  public @Nullable Configuration find(RandomGenerator random) {
    var configuration = tight ? null : tryDraw(random, DRAWS);
    return configuration == null && solutions != null
        ? solutions.draw(random, DRAWS)
        : configuration;
  }

  /// As [#draw] where most of the space satisfies the constraints, with a number of draws of the
  /// caller's own.
  ///
  /// @return null when all of them break constraints
  public @Nullable Configuration tryDraw(RandomGenerator random, int draws) {
    var point = new double[parameters.size()];
    for (int draw = 0; draw < draws; draw++) {
      for (int i = 0; i < point.length; i++) {
        point[i] = random.nextDouble();
      }
      var configuration = fromUnit(point);
      if (satisfies(configuration)) {
        return configuration;
      }
    }
    return null;
  }

  /// The configuration at a point of the unit cube that is folded onto those that satisfy the
  /// constraints: evenly spread points give evenly spread configurations.
  ///
  /// @param point d unit values, in the order of [#parameters]
  /// @return null where the point stands for none
  public @Nullable Configuration solutionAt(double[] point) {
    return solutions == null ? fromUnit(point) : solutions.at(point);
  }

  /// A configuration that satisfies the constraints and lies near another one: the nearest in
  /// units, as far as that is known.
  ///
  /// @return null where none was found
  public @Nullable Configuration near(Configuration goal, RandomGenerator random) {
    return solutions == null || satisfies(goal) ? goal : solutions.near(goal.codes(), random);
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
    return iterator(Solutions.onAxes(this, axes).walk());
  }

  /// Every configuration of a finite space that satisfies the constraints, found as they are asked
  /// for: those of a list in its order, others with the last parameter varying fastest.
  public Iterator<Configuration> all() {
    return iterator((solutions == null ? Solutions.of(this) : solutions).walk());
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
        return new Configuration(SearchSpace.this, codes);
      }
    };
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

  static double requireCode(Parameter parameter, @Nullable Object value) {
    double code = parameter.distribution().code(value);
    if (Double.isNaN(code)) {
      throw new Problem(
          "The value is not one that the parameter can take.",
          parameter.name() + " = " + value,
          "It is a " + parameter.distribution().describe() + ".");
    }
    return code;
  }

  private static double defaultCode(Parameter parameter) {
    return parameter.initial() == null
        ? parameter.distribution().middle()
        : requireCode(parameter, parameter.initial());
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

  /// Collects parameters and constraints; [#build] checks them all.
  ///
  /// ```java
  /// SearchSpace.builder()
  ///     .floatRange("learning_rate", 1e-4, 1.0).log().initial(0.01)
  ///     .intRange("layers", 1, 6)
  ///     .choice("optimizer", "sgd", "adam")
  ///     .floatRange("momentum", 0, 0.99).when("optimizer", "sgd")
  ///     .where("layers <= 4 or optimizer == 'adam'")
  ///     .build();
  /// ```
  public static final class Builder {
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final List<String> expressions = new ArrayList<>();
    private final List<Constraint> predicates = new ArrayList<>();

    /// The parameter that is still being described.
    private @Nullable Parameter begun;

    private @Nullable Prior expected;

    private Builder() {}

    /// `name: {float: [low, high]}`; [#log], [#step], [#initial], [#prior(Prior)] and [#when] say
    /// more of it.
    public Builder floatRange(String name, double low, double high) {
      return begin(name, new FloatRange(low, high));
    }

    /// `name: {int: [low, high]}`.
    public Builder intRange(String name, long low, long high) {
      return begin(name, new IntRange(low, high));
    }

    /// `name: {choice: [a, b]}`.
    public Builder choice(String name, Object... options) {
      return begin(name, Choice.of(options));
    }

    /// `name: {choice: [small, large], ordered: true}`: neighbouring options are alike.
    public Builder ordered(String name, Object... options) {
      return begin(name, Choice.ordered(options));
    }

    /// `log: true`: equal ratios of the range just added are equally likely.
    public Builder log() {
      return describe(
          switch (begun("log").distribution()) {
            case FloatRange range -> new FloatRange(range.low(), range.high(), true, range.step());
            case IntRange range -> new IntRange(range.low(), range.high(), true, range.step());
            case Choice choice -> throw noRange("log", choice);
          });
    }

    /// `step: 0.1`: the range just added has only low, low + step, and so on.
    public Builder step(double step) {
      return describe(
          switch (begun("step").distribution()) {
            case FloatRange range -> new FloatRange(range.low(), range.high(), range.log(), step);
            case IntRange range ->
                new IntRange(range.low(), range.high(), range.log(), whole(step));
            case Choice choice -> throw noRange("step", choice);
          });
    }

    private static long whole(double step) {
      if (step != Math.rint(step)) {
        throw new Problem(
            "The step of an integer range must be a whole number.",
            "step " + step,
            "Give a whole step of 1 or more, or use a float range.");
      }
      return (long) step;
    }

    /// `default: value`: what the parameter just added is where a value is needed.
    public Builder initial(Object value) {
      var now = begun("initial");
      begun = new Parameter(now.name(), now.distribution(), value, now.condition());
      return this;
    }

    /// `when: {parent: [values]}`: the parameter just added exists only where another one has one
    /// of these values; said twice, both must hold.
    public Builder when(String parent, Object... values) {
      var now = begun("when");
      var condition = now.condition().and(Condition.when(parent, values));
      begun = new Parameter(now.name(), now.distribution(), now.initial(), condition);
      return this;
    }

    /// `prior: {around: 1e-3, spread: 3x}`: where the best value of the parameter just added is
    /// expected.
    public Builder prior(Prior prior) {
      begun("prior");
      expected = prior;
      return this;
    }

    private Builder begin(String name, Distribution distribution) {
      end();
      begun = new Parameter(name, distribution);
      return this;
    }

    private Builder describe(Distribution distribution) {
      var now = begun("");
      begun = new Parameter(now.name(), distribution, now.initial(), now.condition());
      return this;
    }

    private Parameter begun(String word) {
      if (begun == null) {
        throw new Problem(
            "There is no parameter yet that this could be said of.",
            word,
            "Say it after floatRange, intRange, choice or ordered.");
      }
      return begun;
    }

    private Problem noRange(String word, Choice choice) {
      return new Problem(
          "Only a range has a " + word + ".",
          begun(word).name() + ": " + choice.describe(),
          "Leave it out, or make the parameter a floatRange or an intRange.");
    }

    private void end() {
      var ended = begun;
      var prior = expected;
      begun = null;
      expected = null;
      if (ended != null) {
        add(ended.expecting(prior));
      }
    }

    public Builder add(String name, Distribution distribution) {
      return add(new Parameter(name, distribution));
    }

    /// A parameter that exists only under a condition.
    public Builder add(String name, Distribution distribution, Condition condition) {
      return add(new Parameter(name, distribution, null, condition));
    }

    /// Adds a parameter. One name may be added again with the same distribution and default: it
    /// then exists when either condition holds.
    public Builder add(Parameter parameter) {
      end();
      if (parameter.name().isBlank()) {
        throw new Problem("A parameter needs a name.", "\"\"", "Name it.");
      }
      if (parameter.initial() != null) {
        requireCode(parameter, parameter.initial());
      }
      var earlier = parameters.get(parameter.name());
      parameters.put(
          parameter.name(), earlier == null ? parameter : Conditions.merge(earlier, parameter));
      return this;
    }

    /// Says where the best value of a parameter that was added is expected.
    ///
    /// @throws Problem where there is no such parameter, or it cannot have that prior
    public Builder prior(String name, Prior prior) {
      end();
      var parameter = parameters.get(name);
      if (parameter == null) {
        throw new Problem(
            "A prior names an unknown parameter.",
            name,
            Nearest.suggest(name, parameters.keySet()));
      }
      parameters.put(name, parameter.expecting(prior));
      return this;
    }

    /// Adds a constraint expression, as in the study file.
    public Builder where(String expression) {
      expressions.add(expression);
      return this;
    }

    /// Adds a constraint in Java.
    public Builder where(String name, Predicate<Configuration> predicate) {
      predicates.add(new Constraint.Checked(name, predicate));
      return this;
    }

    /// Adds a constraint that a space of the same parameters has.
    public Builder where(Constraint constraint) {
      predicates.add(constraint);
      return this;
    }

    /// Makes the space a list: nothing but these configurations is proposed, none twice. Its
    /// parameters always exist. Of equal rows the first counts.
    ///
    /// @param name what the list is, for messages: `one of the 512 rows of candidates.csv`
    /// @param rows codes, one for each parameter in the order in which they were added, each one
    ///   that the parameter's distribution has
    public Builder listed(String name, List<double[]> rows) {
      predicates.add(new Constraint.Listed(name, new RowSet(rows), true));
      return this;
    }

    /// As [#listed], of a list that is no part of the space's description ([SpaceDescription]):
    /// something stored beside it tells it.
    public Builder listedElsewhere(String name, List<double[]> rows) {
      predicates.add(new Constraint.Listed(name, new RowSet(rows), false));
      return this;
    }

    /// @throws Problem for an empty space, a condition on something unknown or circular, or
    ///   constraints that nothing satisfies
    public SearchSpace build() {
      end();
      if (parameters.isEmpty()) {
        throw new Problem(
            "The space is empty.", "no parameters", "Add one: learning_rate: {float: [1e-4, 1]}.");
      }
      return new SearchSpace(this, false);
    }
  }
}
