package dev.assay.space;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
public final class SpaceBuilder {
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final List<String> expressions = new ArrayList<>();

  /// Those that are no expressions.
  private final List<Constraint> predicates = new ArrayList<>();

  /// The parameter that is still being described.
  private @Nullable Parameter begun;

  private @Nullable Prior expected;

  SpaceBuilder() {}

  /// `name: {float: [low, high]}`; [#log], [#step], [#initial], [#prior(Prior)] and [#when] say
  /// more of it.
  public SpaceBuilder floatRange(String name, double low, double high) {
    return begin(name, new FloatRange(low, high));
  }

  /// `name: {int: [low, high]}`.
  public SpaceBuilder intRange(String name, long low, long high) {
    return begin(name, new IntRange(low, high));
  }

  /// `name: {choice: [a, b]}`.
  public SpaceBuilder choice(String name, Object... options) {
    return begin(name, Choice.of(options));
  }

  /// `name: {choice: [small, large], ordered: true}`: neighbouring options are alike.
  public SpaceBuilder ordered(String name, Object... options) {
    return begin(name, Choice.ordered(options));
  }

  /// `log: true`: equal ratios of the range just added are equally likely.
  public SpaceBuilder log() {
    return describe(
        switch (begun("log").distribution()) {
          case FloatRange range -> new FloatRange(range.low(), range.high(), true, range.step());
          case IntRange range -> new IntRange(range.low(), range.high(), true, range.step());
          case Choice choice -> throw noRange("log", choice);
        });
  }

  /// `step: 0.1`: the range just added has only low, low + step, and so on.
  public SpaceBuilder step(double step) {
    return describe(
        switch (begun("step").distribution()) {
          case FloatRange range -> new FloatRange(range.low(), range.high(), range.log(), step);
          case IntRange range -> new IntRange(range.low(), range.high(), range.log(), whole(step));
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
  public SpaceBuilder initial(Object value) {
    var now = begun("initial");
    begun = new Parameter(now.name(), now.distribution(), value, now.condition());
    return this;
  }

  /// `when: {parent: [values]}`: the parameter just added exists only where another one has one of
  /// these values; said twice, both must hold.
  public SpaceBuilder when(String parent, Object... values) {
    var now = begun("when");
    var condition = now.condition().and(Condition.when(parent, values));
    begun = new Parameter(now.name(), now.distribution(), now.initial(), condition);
    return this;
  }

  /// `prior: {around: 1e-3, spread: 3x}`: where the best value of the parameter just added is
  /// expected.
  public SpaceBuilder prior(Prior prior) {
    begun("prior");
    expected = prior;
    return this;
  }

  private SpaceBuilder begin(String name, Distribution distribution) {
    end();
    begun = new Parameter(name, distribution);
    return this;
  }

  private SpaceBuilder describe(Distribution distribution) {
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

  public SpaceBuilder add(String name, Distribution distribution) {
    return add(new Parameter(name, distribution));
  }

  /// A parameter that exists only under a condition.
  public SpaceBuilder add(String name, Distribution distribution, Condition condition) {
    return add(new Parameter(name, distribution, null, condition));
  }

  /// Adds a parameter. One name may be added again with the same distribution and default: it then
  /// exists when either condition holds.
  public SpaceBuilder add(Parameter parameter) {
    end();
    if (parameter.name().isBlank()) {
      throw new Problem("A parameter needs a name.", "\"\"", "Name it.");
    }
    if (parameter.initial() != null) {
      ConfigurationValues.requireCode(parameter, parameter.initial());
    }
    var earlier = parameters.get(parameter.name());
    parameters.put(
        parameter.name(), earlier == null ? parameter : Conditions.merge(earlier, parameter));
    return this;
  }

  /// Says where the best value of a parameter that was added is expected.
  ///
  /// @throws Problem where there is no such parameter, or it cannot have that prior
  public SpaceBuilder prior(String name, Prior prior) {
    end();
    var parameter = parameters.get(name);
    if (parameter == null) {
      throw new Problem(
          "A prior names an unknown parameter.", name, Nearest.suggest(name, parameters.keySet()));
    }
    parameters.put(name, parameter.expecting(prior));
    return this;
  }

  /// Adds a constraint expression, as in the study file.
  public SpaceBuilder where(String expression) {
    expressions.add(expression);
    return this;
  }

  /// Adds a constraint in Java.
  public SpaceBuilder where(String name, Predicate<Configuration> predicate) {
    predicates.add(new Constraint.Checked(name, predicate));
    return this;
  }

  /// Adds a constraint that a space of the same parameters has.
  public SpaceBuilder where(Constraint constraint) {
    predicates.add(constraint);
    return this;
  }

  /// Makes the space a list: nothing but these configurations is proposed, none twice. Its
  /// parameters always exist. Of equal rows the first counts.
  ///
  /// @param name what the list is, for messages: `one of the 512 rows of candidates.csv`
  /// @param rows codes, one for each parameter in the order in which they were added, each one that
  ///   the parameter's distribution has
  public SpaceBuilder listed(String name, List<double[]> rows) {
    predicates.add(new Constraint.Listed(name, new RowSet(rows), true));
    return this;
  }

  /// As [#listed], of a list that is no part of the space's description
  /// ([dev.assay.internal.space.SpaceDescription]): something stored beside it tells it.
  public SpaceBuilder listedElsewhere(String name, List<double[]> rows) {
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
    return space(false);
  }

  /// As [#build], of parameters that trials asked for: may be empty.
  SearchSpace open() {
    end();
    return space(true);
  }

  private SearchSpace space(boolean open) {
    return new SearchSpace(
        Conditions.parentsFirst(parameters.values()), expressions, predicates, open);
  }
}
