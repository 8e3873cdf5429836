package dev.assay.space;

import dev.assay.space.Expression.Operator;
import dev.assay.space.Tape.Node;
import dev.assay.space.Tape.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the expressions of some constraints, and the conditions of what they name, as one [Tape].
///
/// Sums, products, minima and maxima of several operands are put into the order in which their
/// variables are settled, so that what is settled of them is one number; where that could change
/// the last bit, they stay as they were written.
final class TapeBuilder {
  /// Beyond this not every whole number is a double.
  private static final double EXACT = 0x1p53;

  private final List<Parameter> parameters;

  /// Of each parameter of the space, which variable it is; -1: none.
  private final int[] positions;

  private final double[][] domains;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<List<Object>, Integer> known = new HashMap<>();
  private final List<Integer> first = new ArrayList<>();
  private final List<Integer> last = new ArrayList<>();
  private final List<Integer> roots = new ArrayList<>();

  /// For each node the largest magnitude that it may have where it is always a whole number;
  /// infinite where it is not.
  private final List<Double> whole = new ArrayList<>();

  /// @param order which parameter each variable is
  /// @param domains each variable's codes, or for a continuous one its bounds
  TapeBuilder(List<Parameter> parameters, int[] order, double[][] domains) {
    this.parameters = parameters;
    this.domains = domains;
    positions = new int[parameters.size()];
    java.util.Arrays.fill(positions, -1);
    for (int v = 0; v < order.length; v++) {
      positions[order[v]] = v;
    }
  }

  /// Adds a constraint.
  void add(Clause clause) {
    int root = node(clause.root());
    for (int index : clause.named()) {
      int exists = exists(index);
      if (exists >= 0) {
        root = binary(Op.OR, root, unary(Op.NOT, exists));
      }
    }
    roots.add(root);
  }

  /// The node that is 1 where a parameter exists; -1 where it always does.
  int exists(int parameter) {
    var condition = parameters.get(parameter).condition();
    return condition.isAlways() ? -1 : node(condition);
  }

  Tape build() {
    return new Tape(
        nodes.toArray(new Node[0]),
        first.stream().mapToInt(Integer::intValue).toArray(),
        last.stream().mapToInt(Integer::intValue).toArray(),
        roots.stream().mapToInt(Integer::intValue).distinct().toArray(),
        domains.clone());
  }

  private int node(Condition condition) {
    return switch (condition) {
      case Condition.In(var parent, var values) -> {
        int index = index(parent);
        var distribution = parameters.get(index).distribution();
        var codes = values.stream().mapToDouble(distribution::code).sorted().toArray();
        yield leaf(Op.MEMBER, index, 0, codes);
      }
      case Condition.All(var parts) -> joined(Op.AND, parts.stream().map(this::node).toList(), 1);
      case Condition.Any(var parts) -> joined(Op.OR, parts.stream().map(this::node).toList(), 0);
    };
  }

  private int index(String name) {
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no parameter " + name);
  }

  private int node(Expression expression) {
    return switch (expression) {
      case Expression.Constant(var number) -> constant(number);
      case Expression.Variable(var index, var table) -> leaf(Op.VARIABLE, index, 0, table);
      case Expression.IsOption(var index, var code) -> leaf(Op.OPTION, index, code, null);
      case Expression.Arithmetic arithmetic -> arithmetic(arithmetic);
      case Expression.Absolute(var inner) -> unary(Op.ABSOLUTE, node(inner));
      case Expression.Floor(var inner) -> unary(Op.FLOOR, node(inner));
      case Expression.Log2(var inner) -> unary(Op.LOG2, node(inner));
      case Expression.Not(var inner) -> unary(Op.NOT, node(inner));
      case Expression.Logic(var all, var parts) ->
          joined(all ? Op.AND : Op.OR, parts.stream().map(this::node).toList(), all ? 1 : 0);
      case Expression.Comparison(var relation, var left, var right) ->
          switch (relation) {
            case LESS -> binary(Op.LESS, node(left), node(right));
            case AT_MOST -> binary(Op.AT_MOST, node(left), node(right));
            case EQUAL -> binary(Op.EQUAL, node(left), node(right));
            case NOT_EQUAL -> binary(Op.NOT_EQUAL, node(left), node(right));
            case AT_LEAST -> binary(Op.AT_MOST, node(right), node(left));
            case GREATER -> binary(Op.LESS, node(right), node(left));
          };
    };
  }

  private int constant(double number) {
    return put(new Node(Op.CONSTANT, -1, -1, number, null), magnitude(number));
  }

  private static double magnitude(double number) {
    return number == Math.rint(number) ? Math.abs(number) : Double.POSITIVE_INFINITY;
  }

  private int leaf(Op op, int parameter, double number, double @Nullable [] table) {
    int variable = positions[parameter];
    double magnitude = 1;
    if (op == Op.VARIABLE) {
      magnitude = 0;
      boolean continuous = parameters.get(parameter).distribution() instanceof FloatRange;
      for (double value : table == null ? domains[variable] : table) {
        magnitude = Math.max(magnitude, continuous ? Double.POSITIVE_INFINITY : magnitude(value));
      }
    }
    return put(new Node(op, variable, -1, number, table), magnitude);
  }

  private int unary(Op op, int operand) {
    double magnitude = op == Op.LOG2 ? Double.POSITIVE_INFINITY : whole.get(operand);
    return put(new Node(op, operand, -1, 0, null), magnitude);
  }

  private int binary(Op op, int left, int right) {
    double a = whole.get(left);
    double b = whole.get(right);
    double magnitude =
        switch (op) {
          case ADD, SUBTRACT -> a + b;
          case MULTIPLY -> Double.isInfinite(a + b) ? Double.POSITIVE_INFINITY : a * b;
          case MIN, MAX -> Math.max(a, b);
          case DIVIDE, REMAINDER, LOG2 -> Double.POSITIVE_INFINITY;
          case CONSTANT,
              VARIABLE,
              OPTION,
              MEMBER,
              ABSOLUTE,
              FLOOR,
              LESS,
              AT_MOST,
              EQUAL,
              NOT_EQUAL,
              NOT,
              AND,
              OR ->
              1;
        };
    return put(
        new Node(op, left, right, 0, null),
        magnitude < EXACT ? magnitude : Double.POSITIVE_INFINITY);
  }

  /// Operands in the order in which they are settled.
  private int joined(Op op, List<Integer> operands, double neutral) {
    if (operands.isEmpty()) {
      return constant(neutral);
    }
    var sorted = new ArrayList<>(operands);
    sorted.sort(Comparator.comparingInt(last::get));
    int node = sorted.getFirst();
    for (int operand : sorted.subList(1, sorted.size())) {
      node = binary(op, node, operand);
    }
    return node;
  }

  /// A term of a sum, or a factor.
  private record Operand(int node, boolean negative) {}

  private int arithmetic(Expression.Arithmetic whole) {
    var op = Op.valueOf(whole.operator().name());
    var operands = new ArrayList<Operand>();
    switch (whole.operator()) {
      case ADD, SUBTRACT -> terms(whole, false, operands);
      case MULTIPLY, MIN, MAX -> factors(whole, whole.operator(), operands);
      case DIVIDE, REMAINDER -> {
        return binary(op, node(whole.left()), node(whole.right()));
      }
    }
    if (operands.size() == 2 || !mayBeReordered(whole.operator(), operands)) {
      return binary(op, node(whole.left()), node(whole.right()));
    }
    operands.sort(Comparator.comparingInt(operand -> last.get(operand.node())));
    boolean sum = op == Op.ADD || op == Op.SUBTRACT;
    var start = operands.getFirst();
    int node = start.negative() ? binary(Op.SUBTRACT, constant(0), start.node()) : start.node();
    for (var operand : operands.subList(1, operands.size())) {
      var join = !sum ? op : operand.negative() ? Op.SUBTRACT : Op.ADD;
      node = binary(join, node, operand.node());
    }
    return node;
  }

  private void terms(Expression expression, boolean negative, List<Operand> terms) {
    if (expression instanceof Expression.Arithmetic(var operator, var left, var right)
        && (operator == Operator.ADD || operator == Operator.SUBTRACT)) {
      terms(left, negative, terms);
      terms(right, negative ^ operator == Operator.SUBTRACT, terms);
    } else {
      terms.add(new Operand(node(expression), negative));
    }
  }

  private void factors(Expression expression, Operator operator, List<Operand> factors) {
    if (expression instanceof Expression.Arithmetic(var own, var left, var right)
        && own == operator) {
      factors(left, operator, factors);
      factors(right, operator, factors);
    } else {
      factors.add(new Operand(node(expression), false));
    }
  }

  /// Whole numbers are added and multiplied exactly in any order, as long as they are not too
  /// large; the smaller of two numbers is exact anyway.
  private boolean mayBeReordered(Operator operator, List<Operand> operands) {
    double magnitude = operator == Operator.MULTIPLY ? 1 : 0;
    for (var operand : operands) {
      double own = whole.get(operand.node());
      magnitude = operator == Operator.MULTIPLY ? magnitude * Math.max(1, own) : magnitude + own;
    }
    return operator == Operator.MIN || operator == Operator.MAX || magnitude < EXACT;
  }

  private int put(Node node, double magnitude) {
    var key =
        List.<Object>of(
            node.op(),
            node.left(),
            node.right(),
            node.number(),
            node.table() == null ? List.of() : java.util.Arrays.toString(node.table()));
    var present = known.get(key);
    if (present != null) {
      return present;
    }
    int id = nodes.size();
    nodes.add(node);
    known.put(key, id);
    whole.add(magnitude);
    switch (node.op().reads) {
      case NOTHING -> span(Integer.MAX_VALUE, -1);
      case VARIABLE -> span(node.left(), node.left());
      case NODES -> {
        int other = node.right() < 0 ? node.left() : node.right();
        span(
            Math.min(first.get(node.left()), first.get(other)),
            Math.max(last.get(node.left()), last.get(other)));
      }
    }
    return id;
  }

  private void span(int from, int to) {
    first.add(from);
    last.add(to);
  }
}
