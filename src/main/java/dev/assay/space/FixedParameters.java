package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes a space smaller by giving parameters one value each.
final class FixedParameters {
  private final SearchSpace whole;
  private final Map<String, ? extends @Nullable Object> values;

  /// By parameter the code that it is given; NaN where it is not fixed.
  private final double[] fixed;

  /// The parameters that remain, each after its parents.
  private final Map<String, Parameter> kept = new LinkedHashMap<>();

  private FixedParameters(SearchSpace whole, Map<String, ? extends @Nullable Object> values) {
    this.whole = whole;
    this.values = values;
    fixed = new double[whole.dimension()];
    Arrays.fill(fixed, Double.NaN);
    values.forEach((name, value) -> {
      int index = whole.requireIndex(name);
      fixed[index] = whole.parameters().get(index).distribution().code(value);
    });
  }

  static SearchSpace in(SearchSpace whole, Map<String, ? extends @Nullable Object> values) {
    return new FixedParameters(whole, values).space();
  }

  private SearchSpace space() {
    for (var parameter : whole.parameters()) {
      var condition = reduced(parameter.condition());
      if (condition != null) {
        kept.put(parameter.name(), parameter(parameter, condition));
      } else if (values.containsKey(parameter.name())) {
        throw new Problem(
            "A fixed parameter does not exist under the other fixed values.",
            parameter.name() + " in " + values,
            "Leave it out, or change what it depends on.");
      }
    }
    var builder = SearchSpace.builder();
    kept.values().forEach(builder::add);
    for (var constraint : whole.constraints()) {
      builder.where(constraint(constraint));
    }
    return builder.build();
  }

  /// The same of the parameters that are left. Names of those that are gone stay: what names one
  /// holds.
  private Constraint constraint(Constraint constraint) {
    return switch (constraint) {
      case Constraint.Written written -> written(written);
      case Constraint.Listed(var name, var rows, var own) ->
          new Constraint.Listed(name, rows(rows), own);
      // Java's constraints know the whole space, so that they may ask for what is gone.
      case Constraint.Checked checked ->
          new Constraint.Checked(
              checked.name(), configuration -> checked.holds(widened(configuration)));
    };
  }

  /// The rows with the fixed values. All parameters are left: those of a list always exist.
  private RowSet rows(RowSet rows) {
    var left = new ArrayList<double[]>();
    for (var row : rows.all()) {
      var codes = row.clone();
      boolean fits = true;
      for (int i = 0; i < codes.length; i++) {
        boolean free = Double.isNaN(fixed[i]);
        fits &= free || fixed[i] == codes[i];
        boolean choice = whole.parameters().get(i).distribution() instanceof Choice;
        codes[i] = choice && !free ? 0 : codes[i];
      }
      if (fits) {
        left.add(codes);
      }
    }
    return new RowSet(left);
  }

  private Constraint written(Constraint.Written written) {
    var order = List.copyOf(kept.keySet());
    var indices = new HashMap<Integer, Integer>();
    for (int i = 0; i < whole.dimension(); i++) {
      indices.put(i, order.indexOf(whole.parameters().get(i).name()));
    }
    var named = written.named().stream().map(indices::get).toList();
    return named.contains(-1)
        ? new Constraint.Written(written.name(), new Expression.Constant(1), List.of())
        : new Constraint.Written(written.name(), bound(written.root(), indices), named);
  }

  /// The expression of the parameters that are left: those of one value have that value.
  private Expression bound(Expression expression, Map<Integer, Integer> indices) {
    UnaryOperator<Expression> again = inner -> bound(inner, indices);
    return switch (expression) {
      case Expression.Constant constant -> constant;
      case Expression.Variable(var index, var table) -> {
        double code = fixed[index];
        yield Double.isNaN(code)
            ? new Expression.Variable(index(indices, index), table)
            : new Expression.Constant(table == null ? code : table[(int) code]);
      }
      case Expression.IsOption(var index, var wanted) -> {
        double code = fixed[index];
        yield Double.isNaN(code)
            ? new Expression.IsOption(index(indices, index), wanted)
            : new Expression.Constant(code == wanted ? 1 : 0);
      }
      case Expression.Arithmetic(var operator, var left, var right) ->
          new Expression.Arithmetic(operator, again.apply(left), again.apply(right));
      case Expression.Comparison(var relation, var left, var right) ->
          new Expression.Comparison(relation, again.apply(left), again.apply(right));
      case Expression.Absolute(var inner) -> new Expression.Absolute(again.apply(inner));
      case Expression.Floor(var inner) -> new Expression.Floor(again.apply(inner));
      case Expression.Log2(var inner) -> new Expression.Log2(again.apply(inner));
      case Expression.Not(var inner) -> new Expression.Not(again.apply(inner));
      case Expression.Logic(var all, var parts) ->
          new Expression.Logic(all, parts.stream().map(again).toList());
    };
  }

  private static int index(Map<Integer, Integer> indices, int index) {
    return java.util.Objects.requireNonNull(indices.get(index));
  }

  private Configuration widened(Configuration configuration) {
    var space = configuration.space();
    var codes = new double[whole.dimension()];
    for (int i = 0; i < codes.length; i++) {
      var parameter = whole.parameters().get(i);
      if (!kept.containsKey(parameter.name())) {
        codes[i] = Double.NaN;
        continue;
      }
      double code = configuration.code(space.requireIndex(parameter.name()));
      codes[i] = Double.isNaN(fixed[i]) || Double.isNaN(code) ? code : fixed[i];
    }
    return new Configuration(whole, codes);
  }

  private Parameter parameter(Parameter parameter, Condition condition) {
    if (!values.containsKey(parameter.name())) {
      return new Parameter(
          parameter.name(),
          parameter.distribution(),
          parameter.initial(),
          condition,
          parameter.prior());
    }
    var value = values.get(parameter.name());
    double code = ConfigurationValues.requireCode(parameter, value);
    return new Parameter(parameter.name(), single(parameter, code), null, condition);
  }

  private static Distribution single(Parameter parameter, double code) {
    return switch (parameter.distribution()) {
      case FloatRange _ -> new FloatRange(code, code);
      case IntRange _ -> new IntRange((long) code, (long) code);
      case Choice choice ->
          new Choice(Collections.singletonList(choice.value(code)), choice.ordered());
    };
  }

  /// The condition as far as it is still open; null where it cannot hold any more.
  private @Nullable Condition reduced(Condition condition) {
    return switch (condition) {
      case Condition.In in -> reduced(in);
      case Condition.All(var parts) -> {
        Condition all = Condition.ALWAYS;
        for (var part : parts) {
          var open = reduced(part);
          if (open == null) {
            yield null;
          }
          all = all.and(open);
        }
        yield all;
      }
      case Condition.Any(var parts) -> {
        var open = new ArrayList<Condition>();
        for (var part : parts) {
          var reduced = reduced(part);
          if (Condition.ALWAYS.equals(reduced)) {
            yield Condition.ALWAYS;
          }
          if (reduced != null) {
            open.add(reduced);
          }
        }
        yield open.isEmpty() ? null : open.size() == 1 ? open.getFirst() : new Condition.Any(open);
      }
    };
  }

  private @Nullable Condition reduced(Condition.In in) {
    var parent = kept.get(in.parent());
    if (parent == null) {
      return null;
    }
    var possible = new ArrayList<@Nullable Object>();
    for (var value : in.values()) {
      if (!Double.isNaN(parent.distribution().code(value))) {
        possible.add(value);
      }
    }
    if (possible.isEmpty()) {
      return null;
    }
    boolean certain = values.containsKey(in.parent());
    // One value is left: the parameter exists whenever its parent does.
    return certain
        ? parent.condition()
        : new Condition.In(in.parent(), Collections.unmodifiableList(possible));
  }
}
