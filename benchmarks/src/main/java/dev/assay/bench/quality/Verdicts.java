package dev.assay.bench.quality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/// What was aimed at, whether it was reached, and where not. An aim whose samplers or problems were
/// not run is left out.
///
/// @param medians of the samplers that were run
/// @param peers of the other tools
/// @param problems that were run
/// @param samplers that were run, by label
record Verdicts(Medians medians, Peers peers, List<String> problems, List<String> samplers) {
  /// Median regrets.
  @FunctionalInterface
  interface Medians {
    /// NaN where it was not run.
    double of(String sampler, String problem, int trials);
  }

  /// The sampler's median is at most the tool's on at least so many of the problems that the tool
  /// has a figure for, in eighths of them.
  private record Rival(String sampler, String tool, int trials, int ofEight) {}

  /// The rivals' figures are published to seven digits: what differs by less is a tie.
  private static final double ROUNDING = 1e-6;

  private static final List<Rival> RIVALS =
      List.of(
          new Rival("gp", "optuna-gp", 50, 7),
          new Rival("gp", "optuna-gp", 100, 7),
          new Rival("gp", "botorch-logei", 50, 7),
          new Rival("tpe", "optuna-tpe", 50, 6),
          new Rival("tpe", "optuna-tpe", 100, 6),
          new Rival("cmaes", "optuna-cma", 50, 6),
          new Rival("cmaes", "optuna-cma", 100, 6));

  /// What the median regret of `gp` after 100 trials may be at most.
  private static final Map<String, Double> LIMITS = limits();

  /// On problems without additive structure the default model may be this much worse than the plain
  /// one.
  private static final double ROTATED = 1.2;

  private static final String PLAIN = "gp{\"model\":\"single\"}";
  private static final double TIED = 1e-3;

  /// `auto` may be this much worse than the best tool, where that one's regret is above [#TIED].
  private static final double FACTOR = 2;

  private static Map<String, Double> limits() {
    var limits = new LinkedHashMap<String, Double>();
    limits.put("hartmann6", 1e-5);
    limits.put("rosenbrock4", 5.0);
    limits.put("rastrigin4", 2.0);
    limits.put("ackley5", 3.0);
    limits.put("mixed6", 1e-3);
    return limits;
  }

  /// @param ranks by budget, the mean ranks of samplers and tools
  List<String> lines(Map<Integer, Map<String, Double>> ranks) {
    var lines = new ArrayList<String>();
    RIVALS.stream().filter(r -> ranks.containsKey(r.trials())).forEach(r -> rival(r, lines));
    if (ranks.containsKey(100) && samplers.contains("gp")) {
      limited(lines);
      rotated(lines);
    }
    if (samplers.contains("auto")) {
      ranks.forEach((trials, rank) -> ranked(trials, rank, lines));
      ranks.keySet().forEach(trials -> near(trials, lines));
    }
    return lines;
  }

  static String line(boolean met, String aim, List<String> losses) {
    return (met ? "- met: " : "- **missed**: ")
        + aim
        + (losses.isEmpty() ? "" : "; not on " + String.join(", ", losses));
  }

  static String compared(String problem, double ours, String sign, double theirs) {
    return String.format(Locale.ROOT, "%s (%.3g %s %.3g)", problem, ours, sign, theirs);
  }

  private void rival(Rival rival, List<String> lines) {
    var losses = new ArrayList<String>();
    int known = 0;
    for (var problem : problems) {
      var theirs = peers.median(rival.tool(), problem, rival.trials());
      double ours = medians.of(rival.sampler(), problem, rival.trials());
      if (theirs.isPresent() && !Double.isNaN(ours)) {
        known++;
        if (ours > theirs.getAsDouble() * (1 + ROUNDING)) {
          losses.add(compared(problem, ours, ">", theirs.getAsDouble()));
        }
      }
    }
    if (known > 0) {
      int least = known - (8 - rival.ofEight());
      var aim =
          String.format(
              "%s at most %s on %d of %d after %d trials (aim: %d)",
              rival.sampler(), rival.tool(), known - losses.size(), known, rival.trials(), least);
      lines.add(line(known - losses.size() >= least, aim, losses));
    }
  }

  private void limited(List<String> lines) {
    var losses = new ArrayList<String>();
    var shown = new ArrayList<String>();
    LIMITS.forEach((problem, limit) -> {
      double ours = medians.of("gp", problem, 100);
      if (!Double.isNaN(ours)) {
        shown.add(problem);
        if (ours > limit) {
          losses.add(compared(problem, ours, ">", limit));
        }
      }
    });
    if (!shown.isEmpty()) {
      var aim = "gp after 100 trials within the limits of " + String.join(", ", shown);
      lines.add(line(losses.isEmpty(), aim, losses));
    }
  }

  private void rotated(List<String> lines) {
    var losses = new ArrayList<String>();
    boolean any = false;
    for (var problem : problems) {
      double ours = medians.of("gp", problem, 100);
      double plain = medians.of(PLAIN, problem, 100);
      if (problem.endsWith("-rotated") && !Double.isNaN(ours) && !Double.isNaN(plain)) {
        any = true;
        if (ours > ROTATED * plain) {
          losses.add(compared(problem, ours, ">", ROTATED * plain));
        }
      }
    }
    if (any) {
      var aim = "gp at most 1.2 times its plain model on rotated problems after 100 trials";
      lines.add(line(losses.isEmpty(), aim, losses));
    }
  }

  private static void ranked(int trials, Map<String, Double> ranks, List<String> lines) {
    var own = ranks.get("auto");
    if (own == null) {
      return;
    }
    var better =
        ranks.entrySet().stream()
            .filter(e -> e.getValue() < own - 1e-9)
            .map(e -> String.format(Locale.ROOT, "%s (%.3g)", e.getKey(), e.getValue()))
            .toList();
    var aim =
        String.format(
            Locale.ROOT, "auto has the best mean rank after %d trials (%.3g)", trials, own);
    lines.add(
        line(better.isEmpty(), aim, List.of())
            + (better.isEmpty() ? "" : "; better: " + String.join(", ", better)));
  }

  private void near(int trials, List<String> lines) {
    var losses = new ArrayList<String>();
    boolean any = false;
    for (var problem : problems) {
      var best = best(problem, trials);
      double ours = medians.of("auto", problem, trials);
      if (best.isPresent() && !Double.isNaN(ours)) {
        any = true;
        double limit = FACTOR * best.getAsDouble();
        if (best.getAsDouble() > TIED && ours > limit) {
          losses.add(compared(problem, ours, ">", limit));
        }
      }
    }
    if (any) {
      var aim =
          "auto nowhere above twice the best, where that is above 1e-3, after "
              + trials
              + " trials";
      lines.add(line(losses.isEmpty(), aim, losses));
    }
  }

  /// Of the tools and samplers; none where no tool has a figure.
  private OptionalDouble best(String problem, int trials) {
    var tools =
        peers.tools(List.of(problem)).stream()
            .map(tool -> peers.median(tool, problem, trials))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .min();
    if (tools.isEmpty()) {
      return tools;
    }
    double own =
        samplers.stream()
            .mapToDouble(s -> medians.of(s, problem, trials))
            .filter(m -> !Double.isNaN(m))
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    return OptionalDouble.of(Math.min(own, tools.getAsDouble()));
  }
}
