package dev.assay.space;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.space.ConstraintTokens.Token;
import dev.assay.space.Expression.Absolute;
import dev.assay.space.Expression.Arithmetic;
import dev.assay.space.Expression.Comparison;
import dev.assay.space.Expression.Constant;
import dev.assay.space.Expression.Floor;
import dev.assay.space.Expression.IsOption;
import dev.assay.space.Expression.Log2;
import dev.assay.space.Expression.Logic;
import dev.assay.space.Expression.Not;
import dev.assay.space.Expression.Operator;
import dev.assay.space.Expression.Relation;
import dev.assay.space.Expression.Variable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads one constraint of a study file and binds it to the parameters.
///
/// ```
/// truth      = conjunction { "or" conjunction }
/// conjunction = negation { "and" negation }
/// negation   = "not" negation | comparison
/// comparison = sum { ("<" | "<=" | "==" | "!=" | ">=" | ">") sum }     a < b < c means a < b and b < c
/// sum        = product { ("+" | "-") product }
/// product    = factor { ("*" | "/" | "%") factor }                     real division; % as in floor
/// factor     = ("-" | "+") factor | number | name | "text" | true | false | "(" truth ")"
///            | ("min" | "max") "(" sum "," sum { "," sum } ")" | ("abs" | "floor" | "ceil" | "log2") "(" sum ")"
/// ```
///
/// Parameters that are texts can be compared with == and != only.
final class ConstraintParser {
  private static final Set<String> FUNCTIONS = Set.of("min", "max", "abs", "floor", "ceil", "log2");
  private static final int DEEPEST = 200;

  /// A chain of as many is as deep: sums and products lean to the left.
  private static final int MOST_OPERATORS = 1000;

  /// An expression and what it yields. `parameter` is its name when it is a bare choice of texts.
  private record Typed(
      Kind kind, @Nullable Expression expression, @Nullable Object literal, int parameter) {}

  private enum Kind {
    NUMBER,
    TRUTH,
    TEXT
  }

  private final String text;
  private final List<Parameter> parameters;
  private final Map<String, Integer> indices;
  private final Map<String, Double> constants;
  private final List<Token> tokens;
  private final Set<Integer> named = new LinkedHashSet<>();
  private int next;
  private int depth;
  private int operators;

  /// @param constants names that stand for a number
  private ConstraintParser(
      String text,
      List<Parameter> parameters,
      Map<String, Integer> indices,
      Map<String, Double> constants) {
    this.text = text;
    this.parameters = parameters;
    this.indices = indices;
    this.constants = constants;
    tokens = ConstraintTokens.of(text);
  }

  static Constraint.Written parse(
      String text, List<Parameter> parameters, Map<String, Integer> indices) {
    var parser = new ConstraintParser(text, parameters, indices, Map.of());
    var expression = parser.whole(Kind.TRUTH);
    return new Constraint.Written(text, expression, List.copyOf(parser.named));
  }

  /// A number instead of a truth.
  static Formula formula(
      String text,
      List<Parameter> parameters,
      Map<String, Integer> indices,
      Map<String, Double> constants) {
    var parser = new ConstraintParser(text, parameters, indices, constants);
    var expression = parser.whole(Kind.NUMBER);
    return new Formula(text, expression, List.copyOf(parser.named));
  }

  private Expression whole(Kind kind) {
    var root = truth();
    if (next < tokens.size()) {
      throw leftOver(tokens.get(next).text());
    }
    return require(root, kind);
  }

  private Problem leftOver(String token) {
    var mend = ConstraintTokens.mend(token);
    return problem(
        "Something follows the end of the constraint: " + token + ".",
        mend == null ? "Remove it, or join it with and; products are written with *." : mend);
  }

  private Typed truth() {
    return logic(false);
  }

  private Typed logic(boolean all) {
    var first = all ? negation() : logic(true);
    var word = all ? "and" : "or";
    if (!at(word)) {
      return first;
    }
    var parts = new ArrayList<Expression>();
    parts.add(require(first, Kind.TRUTH));
    while (accept(word)) {
      parts.add(require(all ? negation() : logic(true), Kind.TRUTH));
    }
    return truthOf(new Logic(all, List.copyOf(parts)));
  }

  private Typed negation() {
    if (accept("not")) {
      deeper();
      var inner = negation();
      depth--;
      return truthOf(new Not(require(inner, Kind.TRUTH)));
    }
    return comparison();
  }

  private Typed comparison() {
    var left = sum();
    var parts = new ArrayList<Expression>();
    for (var relation = relation(); relation != null; relation = relation()) {
      var right = sum();
      parts.add(compare(relation, left, right));
      left = right;
    }
    if (parts.isEmpty()) {
      return left;
    }
    return truthOf(parts.size() == 1 ? parts.getFirst() : new Logic(true, List.copyOf(parts)));
  }

  private @Nullable Relation relation() {
    if (next >= tokens.size()) {
      return null;
    }
    var relation =
        switch (tokens.get(next).text()) {
          case "<" -> Relation.LESS;
          case "<=" -> Relation.AT_MOST;
          case "==" -> Relation.EQUAL;
          case "!=" -> Relation.NOT_EQUAL;
          case ">=" -> Relation.AT_LEAST;
          case ">" -> Relation.GREATER;
          default -> null;
        };
    if (relation != null) {
      next++;
    }
    return relation;
  }

  private Expression compare(Relation relation, Typed left, Typed right) {
    boolean equality = relation == Relation.EQUAL || relation == Relation.NOT_EQUAL;
    if (left.kind() != right.kind() || !equality && left.kind() != Kind.NUMBER) {
      throw problem(
          "These two cannot be compared.",
          "Compare numbers with numbers; texts and truths with == and != only.");
    }
    if (left.kind() != Kind.TEXT) {
      return new Comparison(relation, operand(left), operand(right));
    }
    boolean literalFirst = left.parameter() < 0;
    var choice = literalFirst ? right : left;
    var literal = literalFirst ? left.literal() : right.literal();
    if (choice.parameter() < 0 || literal == null) {
      throw problem("A text must be compared with a parameter.", "Write parameter == \"text\".");
    }
    var parameter = parameters.get(choice.parameter());
    double code = parameter.distribution().code(literal);
    if (Double.isNaN(code)) {
      throw problem(
          "The parameter " + parameter.name() + " has no option \"" + literal + "\".",
          "It is a " + parameter.distribution().describe() + ".");
    }
    var is = new IsOption(choice.parameter(), code);
    return relation == Relation.EQUAL ? is : new Not(is);
  }

  private Typed sum() {
    var left = product();
    while (at("+") || at("-")) {
      left =
          arithmetic(
              accept("+") || !accept("-") ? Operator.ADD : Operator.SUBTRACT, left, product());
    }
    return left;
  }

  private Typed product() {
    var left = factor();
    while (at("*") || at("/") || at("%")) {
      var operator =
          accept("*") ? Operator.MULTIPLY : accept("/") ? Operator.DIVIDE : Operator.REMAINDER;
      if (operator == Operator.REMAINDER) {
        next++;
      }
      left = arithmetic(operator, left, factor());
    }
    return left;
  }

  private Typed arithmetic(Operator operator, Typed left, Typed right) {
    countOperator();
    return numberOf(
        new Arithmetic(operator, require(left, Kind.NUMBER), require(right, Kind.NUMBER)));
  }

  private Typed factor() {
    deeper();
    try {
      if (next >= tokens.size()) {
        throw problem("The constraint ends too early.", "Complete it: batch_size <= 8 * hidden.");
      }
      if (accept("-")) {
        return arithmetic(Operator.SUBTRACT, numberOf(new Constant(0)), factor());
      }
      if (accept("+")) {
        return numberOf(require(factor(), Kind.NUMBER));
      }
      if (accept("(")) {
        var inner = truth();
        expect(")");
        return inner;
      }
      return atom(tokens.get(next++).text());
    } finally {
      depth--;
    }
  }

  private Typed atom(String token) {
    char first = token.charAt(0);
    if (Character.isDigit(first) || first == '.') {
      return numberOf(new Constant(Double.parseDouble(token)));
    }
    if (first == '"' || first == '\'') {
      return new Typed(Kind.TEXT, null, token.substring(1, token.length() - 1), -1);
    }
    if (token.equals("true") || token.equals("false")) {
      return truthOf(new Constant(token.equals("true") ? 1 : 0));
    }
    if (FUNCTIONS.contains(token) && at("(")) {
      return function(token);
    }
    var index = indices.get(token);
    if (index == null && constants.get(token) instanceof Double number) {
      return numberOf(new Constant(number));
    }
    if (index == null) {
      next--;
      throw unknown(token);
    }
    named.add(index);
    return variable(index);
  }

  private Problem unknown(String token) {
    if (next + 1 < tokens.size() && tokens.get(next + 1).text().equals("(")) {
      return problem("The constraint has no such function: " + token + ".", ConstraintTokens.KNOWN);
    }
    if (!Character.isLetter(token.codePointAt(0)) && token.charAt(0) != '_') {
      return problem(
          "A parameter, a number or a text is expected in place of " + token + ".",
          ConstraintTokens.KNOWN);
    }
    var mend = ConstraintTokens.mend(token);
    return problem(
        "The constraint names something unknown: " + token + ".",
        mend == null ? Nearest.suggest(token, named(indices, constants)) : mend);
  }

  private static List<String> named(Map<String, ?> first, Map<String, ?> second) {
    return Stream.concat(first.keySet().stream(), second.keySet().stream()).toList();
  }

  private Typed function(String name) {
    expect("(");
    var argument = require(sum(), Kind.NUMBER);
    if (!name.equals("min") && !name.equals("max")) {
      expect(")");
      return numberOf(
          switch (name) {
            case "abs" -> new Absolute(argument);
            case "floor" -> new Floor(argument);
            case "ceil" -> Expression.ceil(argument);
            case String _ -> new Log2(argument);
          });
    }
    while (accept(",")) {
      var operator = name.equals("min") ? Operator.MIN : Operator.MAX;
      countOperator();
      argument = new Arithmetic(operator, argument, require(sum(), Kind.NUMBER));
    }
    expect(")");
    return numberOf(argument);
  }

  private Typed variable(int index) {
    return switch (parameters.get(index).distribution()) {
      case FloatRange _, IntRange _ -> numberOf(new Variable(index, null));
      case Choice choice -> {
        if (choice.options().stream().allMatch(Number.class::isInstance)) {
          var table =
              choice.options().stream().mapToDouble(o -> ((Number) o).doubleValue()).toArray();
          yield numberOf(new Variable(index, table));
        }
        if (choice.options().stream().allMatch(Boolean.class::isInstance)) {
          var table = choice.options().stream().mapToDouble(o -> (Boolean) o ? 1 : 0).toArray();
          yield truthOf(new Variable(index, table));
        }
        yield new Typed(Kind.TEXT, null, null, index);
      }
    };
  }

  private static Typed numberOf(Expression expression) {
    return new Typed(Kind.NUMBER, expression, null, -1);
  }

  private static Typed truthOf(Expression expression) {
    return new Typed(Kind.TRUTH, expression, null, -1);
  }

  private Expression require(Typed typed, Kind kind) {
    if (typed.kind() != kind) {
      throw problem(
          kind == Kind.TRUTH ? "A truth is needed here." : "A number is needed here.",
          kind == Kind.TRUTH
              ? "Compare: batch_size <= 8 * hidden."
              : "Texts and truths cannot be calculated with.");
    }
    return operand(typed);
  }

  private static Expression operand(Typed typed) {
    return java.util.Objects.requireNonNull(typed.expression());
  }

  private boolean at(String token) {
    return next < tokens.size() && tokens.get(next).text().equals(token);
  }

  private boolean accept(String token) {
    boolean found = at(token);
    if (found) {
      next++;
    }
    return found;
  }

  private void expect(String token) {
    if (!accept(token)) {
      var instead = next < tokens.size() ? ConstraintTokens.mend(tokens.get(next).text()) : null;
      throw problem(
          "A \"" + token + "\" is missing.", instead == null ? "Close what was opened." : instead);
    }
  }

  private void countOperator() {
    if (++operators > MOST_OPERATORS) {
      throw problem(
          "The constraint has more than " + MOST_OPERATORS + " operators.",
          "Shorten it, or split it into several constraints.");
    }
  }

  private void deeper() {
    if (++depth > DEEPEST) {
      throw problem("The constraint is nested too deeply.", "Split it into several constraints.");
    }
  }

  private Problem problem(String what, String mend) {
    int column = next < tokens.size() ? tokens.get(next).column() : text.length() + 1;
    return new Problem(what, ConstraintTokens.place(text, column), mend);
  }
}
