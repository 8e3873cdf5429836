package dev.assay.bench.quality;

import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import java.util.List;

/// Parameters that exist under the choices of others, three deep.
final class Branches {
  private Branches() {}

  static List<SearchProblem> all() {
    var pipeline = pipeline();
    return List.of(
        tree(), pipeline, pipeline.named("pipeline12-noise0.02").seen(new Observation.Noise(0.02)));
  }

  /// Three binary choices, one below the other; each of the eight leaves has two numbers of its
  /// own.
  private static SearchProblem tree() {
    var builder = SearchSpace.builder().add("a", Choice.of("l", "r"));
    for (var a : List.of("l", "r")) {
      builder.add("b" + a, Choice.of("l", "r"), Condition.when("a", a));
      for (var b : List.of("l", "r")) {
        builder.add("c" + a + b, Choice.of("l", "r"), Condition.when("b" + a, b));
        for (var c : List.of("l", "r")) {
          var leaf = Condition.when("c" + a + b, c);
          builder.add("x" + a + b + c, new FloatRange(0, 1), leaf);
          builder.add("y" + a + b + c, new FloatRange(0, 1), leaf);
        }
      }
    }
    return new SearchProblem("tree8", builder.build(), 0, Branches::tree).planned(SearchPlan.WORLD);
  }

  private static double tree(Configuration c) {
    var path = String.valueOf(c.get("a"));
    path += c.get("b" + path);
    path += c.get("c" + path);
    int leaf = 0;
    for (int k = 0; k < path.length(); k++) {
      leaf = 2 * leaf + (path.charAt(k) == 'r' ? 1 : 0);
    }
    double x = c.number("x" + path) - 0.1 - 0.1 * leaf;
    double y = c.number("y" + path) - 0.9 + 0.1 * leaf;
    return 4 * (x * x + y * y) + 0.1 * ((3 * leaf + 2) % 8);
  }

  /// Which model, and what each takes: a linear one with a penalty, a kernel machine, a net whose
  /// optimiser may have momentum.
  private static SearchProblem pipeline() {
    var space =
        SearchSpace.builder()
            .add("scaling", Choice.of("none", "standard"))
            .add("model", Choice.of("linear", "kernel", "net"))
            .add("penalty", Choice.of("none", "l1", "l2"), Condition.when("model", "linear"))
            .add("strength", FloatRange.log(1e-5, 1e2), Condition.when("penalty", "l1", "l2"))
            .add("kernel", Choice.of("rbf", "poly"), Condition.when("model", "kernel"))
            .add("cost", FloatRange.log(1e-3, 1e3), Condition.when("model", "kernel"))
            .add("gamma", FloatRange.log(1e-4, 1e1), Condition.when("kernel", "rbf"))
            .add("degree", new IntRange(2, 5), Condition.when("kernel", "poly"))
            .add("rate", FloatRange.log(1e-5, 1), Condition.when("model", "net"))
            .add("optimizer", Choice.of("adam", "sgd"), Condition.when("model", "net"))
            .add("heavy", Choice.of(false, true), Condition.when("optimizer", "sgd"))
            .add("momentum", new FloatRange(0.5, 0.99), Condition.when("heavy", true))
            .build();
    return new SearchProblem("pipeline12", space, 0.04, Branches::pipeline)
        .planned(SearchPlan.WORLD);
  }

  private static double pipeline(Configuration c) {
    boolean scaled = String.valueOf(c.get("scaling")).equals("standard");
    double error =
        switch (String.valueOf(c.get("model"))) {
          case "linear" -> 0.12 + linear(c);
          case "kernel" -> 0.06 + kernel(c);
          case "net" -> 0.04 + net(c);
          case String other -> throw new IllegalStateException(other);
        };
    return Math.min(0.9, error + (scaled ? 0 : 0.03));
  }

  private static double off(Configuration c, String name, double best) {
    double off = Math.log10(c.number(name)) - best;
    return off * off;
  }

  private static double linear(Configuration c) {
    return switch (String.valueOf(c.get("penalty"))) {
      case "l1" -> 0.01 + 0.01 * off(c, "strength", -2);
      case "l2" -> 0.01 * off(c, "strength", -1);
      case String none -> none.equals("none") ? 0.05 : Double.NaN;
    };
  }

  private static double kernel(Configuration c) {
    if (String.valueOf(c.get("kernel")).equals("rbf")) {
      return 0.02 * off(c, "cost", 1) + 0.05 * off(c, "gamma", -1.5);
    }
    double degree = c.number("degree") - 3;
    return 0.02 + 0.02 * off(c, "cost", 0) + 0.02 * degree * degree;
  }

  private static double net(Configuration c) {
    if (String.valueOf(c.get("optimizer")).equals("adam")) {
      return 0.02 + 0.2 * (1 - Math.exp(-off(c, "rate", -3)));
    }
    if (!String.valueOf(c.get("heavy")).equals("true")) {
      return 0.03 + 0.3 * (1 - Math.exp(-off(c, "rate", -1)));
    }
    // The more momentum, the smaller the rate.
    double momentum = c.number("momentum");
    double best = -1 + Math.log10((1 - momentum) / 0.5);
    return 0.3 * (1 - Math.exp(-2 * off(c, "rate", best))) + (momentum - 0.9) * (momentum - 0.9);
  }
}
