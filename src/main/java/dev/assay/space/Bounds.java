package dev.assay.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Takes values that no solution has out of a component's parameters: one parameter is settled or
/// held in a part of its range while the others may be anything (bounds consistency by shaving,
/// Martin and Shmoys 1996). Repeated, since each parameter's bounds tell of the others'.
final class Bounds {
  private static final int ROUNDS = 4;

  /// Halvings in search of the place where a continuous range begins or ends to be possible.
  private static final int HALVINGS = 24;

  private final List<@Nullable Domain> domains;
  private final Component component;
  private final double[] from;
  private final double[] to;
  private boolean empty;

  Bounds(Component given) {
    domains = new ArrayList<>(given.domains());
    var few = given.few();
    var order = given.order(few);
    var tape = given.tape(order, new int[order.length]);
    from = new double[order.length - few.size()];
    to = new double[from.length];
    Arrays.fill(to, 1);
    empty = !tape.isPossible();
    boolean conditional =
        given.members().stream().anyMatch(i -> !given.parameters().get(i).condition().isAlways());
    boolean changed = true;
    for (int round = 0; round < ROUNDS && changed && !empty; round++) {
      changed = false;
      for (int v = 0; v < few.size() && !empty; v++) {
        changed |= filter(tape, v, order[v]);
      }
      for (int j = 0; j < from.length && !empty && !conditional; j++) {
        changed |= shave(tape, few.size() + j, j, given.parameters().get(order[few.size() + j]));
      }
    }
    component = given.with(domains);
  }

  private boolean filter(Tape tape, int variable, int index) {
    var domain = Objects.requireNonNull(domains.get(index));
    var kept = domain.filter(code -> tape.settle(variable, code, code));
    if (kept == domain) {
      tape.release(variable);
      return false;
    }
    // A parameter that may be absent keeps its values: without it the constraints may hold.
    empty = kept.size() == 0;
    if (empty) {
      return false;
    }
    domains.set(index, kept);
    tape.narrow(variable, kept.codes());
    return true;
  }

  private boolean shave(Tape tape, int variable, int j, Parameter parameter) {
    var distribution = parameter.distribution();
    double low = from[j];
    double high = to[j];
    from[j] = edge(tape, variable, distribution, low, high);
    to[j] = edge(tape, variable, distribution, high, from[j]);
    tape.narrow(
        variable, new double[] {distribution.fromUnit(from[j]), distribution.fromUnit(to[j])});
    empty |= !tape.isPossible();
    return to[j] - from[j] < 0.9 * (high - low);
  }

  /// Where a range begins to be possible, come from an end of it.
  private static double edge(
      Tape tape, int variable, Distribution distribution, double end, double possible) {
    double impossible = end;
    double inside = possible;
    for (int k = 0; k < HALVINGS; k++) {
      double middle = (impossible + inside) / 2;
      double from = distribution.fromUnit(Math.min(end, middle));
      double to = distribution.fromUnit(Math.max(end, middle));
      if (tape.settle(variable, from, to)) {
        inside = middle;
      } else {
        impossible = middle;
      }
    }
    return impossible;
  }

  /// The component with what is left of its parameters' values.
  Component component() {
    return component;
  }

  /// Units from which the parameters with many values are possible; likewise [#to].
  double[] from() {
    return from;
  }

  double[] to() {
    return to;
  }

  /// Whether it is certain that nothing is left.
  boolean isEmpty() {
    return empty;
  }
}
