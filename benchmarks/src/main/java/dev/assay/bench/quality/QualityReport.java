package dev.assay.bench.quality;

import dev.assay.bench.Measurement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What runs say together: measurements for a results file, and tables.
record QualityReport(SearchRuns runs, List<ProblemSet> sets, Peers peers) {
  /// Whose figure stands beside a sampler's.
  private static final Map<String, String> SAME_KIND =
      Map.of(
          "gp", "optuna-gp", "tpe", "optuna-tpe", "cmaes", "optuna-cma", "random", "optuna-random");

  /// Regrets below this count as equal when tools are ranked.
  private static final double TIED = 1e-3;

  List<Measurement> measurements() {
    var measurements = new ArrayList<Measurement>();
    for (var set : sets) {
      for (var problem : set.problems()) {
        problem.plan().samplers().forEach(s -> measure(s, problem, measurements));
      }
    }
    return measurements;
  }

  private void measure(String sampler, SearchProblem problem, List<Measurement> measurements) {
    var budgets = problem.plan().budgets();
    int last = budgets.getLast();
    for (int budget : budgets) {
      measurements.add(
          measurement(sampler, problem.name(), "regret", budget, "regret", r -> r.regret(budget)));
    }
    if (runs.crashed(problem.name())) {
      measurements.add(
          measurement(
              sampler,
              problem.name(),
              "crashes",
              last,
              "trials",
              r -> r.figure(Aim.Figure.CRASHES, last)));
    }
    measurements.add(
        measurement(
            sampler,
            problem.name(),
            "distinct",
            last,
            "configurations",
            r -> r.figure(Aim.Figure.DISTINCT, last)));
    measurements.add(
        measurement(sampler, problem.name(), "suggest", last, "ms", SearchRun::milliseconds));
  }

  private Measurement measurement(
      String sampler,
      String problem,
      String name,
      int budget,
      String unit,
      ToDoubleFunction<SearchRun> figure) {
    var sorted = runs.sorted(sampler, problem, figure);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("sampler", sampler);
    parameters.put("problem", problem);
    parameters.put("trials", Integer.toString(budget));
    parameters.put("seeds", Integer.toString(sorted.length));
    return new Measurement(
        "quality." + name,
        parameters,
        Arrays.stream(sorted).average().orElse(Double.NaN),
        null,
        unit,
        SearchRuns.median(sorted),
        sorted[sorted.length - 1],
        null,
        unit.equals("regret") ? peer(sampler, problem, budget) : null);
  }

  private Measurement.@Nullable Peer peer(String sampler, String problem, int budget) {
    var tool = SAME_KIND.get(sampler);
    if (tool == null) {
      return null;
    }
    var median = peers.median(tool, problem, budget);
    return median.isEmpty()
        ? null
        : new Measurement.Peer(tool, peers.version(problem), median.getAsDouble());
  }

  /// What was aimed at and reached; a table for each set and budget, other tools to the right; what
  /// a suggestion costs.
  String markdown() {
    var text = new StringBuilder();
    var allRanks = new LinkedHashMap<Integer, Map<String, Double>>();
    for (var set : sets) {
      for (int budget : set.budgets()) {
        var ranks = table(set.at(budget), budget, text);
        if (set.name().equals("reference") && !ranks.isEmpty()) {
          allRanks.put(budget, ranks);
        }
      }
    }
    for (var set : sets) {
      costs(set, text);
    }
    var aims = aims(allRanks);
    return aims.isEmpty() ? text.toString() : "## Aims\n\n" + aims + '\n' + text;
  }

  private String aims(Map<Integer, Map<String, Double>> ranks) {
    var exact = new ArrayList<String>();
    var samplers = new LinkedHashSet<String>();
    for (var set : sets) {
      if (!set.isWorld()) {
        exact.addAll(set.names());
        samplers.addAll(set.samplers());
      }
    }
    var text = new StringBuilder();
    new Verdicts(runs::median, peers, exact, List.copyOf(samplers))
        .lines(ranks)
        .forEach(line -> text.append(line).append('\n'));
    for (var set : sets) {
      var lines = set.isWorld() ? new WorldVerdicts(set, runs, peers).lines() : List.<String>of();
      if (!lines.isEmpty()) {
        text.append("\n").append(set.name()).append(":\n\n");
        lines.forEach(line -> text.append(line).append('\n'));
      }
    }
    return text.toString();
  }

  /// @return mean ranks, empty where no other tool has a figure
  private Map<String, Double> table(ProblemSet set, int budget, StringBuilder text) {
    var tools = peers.tools(set.names()).stream().filter(t -> isKnown(t, set, budget)).toList();
    var samplers = set.samplers();
    text.append("## ").append(set.name()).append(": median regret after ").append(budget);
    text.append(" trials\n\n| problem |");
    samplers.forEach(s -> text.append(' ').append(s).append(" |"));
    tools.forEach(t -> text.append(' ').append(t).append(" |"));
    text.append("\n|---|").append("---:|".repeat(samplers.size() + tools.size())).append('\n');
    for (var problem : set.names()) {
      text.append("| ").append(problem).append(" |");
      samplers.forEach(s -> text.append(cell(runs.median(s, problem, budget))));
      tools.forEach(t -> text.append(cell(of(peers.median(t, problem, budget)))));
      text.append('\n');
    }
    var ranks = meanRanks(set, tools, budget);
    if (!tools.isEmpty()) {
      text.append("| *mean rank* |");
      samplers.forEach(s -> text.append(cell(ranks.getOrDefault(s, Double.NaN))));
      tools.forEach(t -> text.append(cell(ranks.getOrDefault(t, Double.NaN))));
      text.append('\n');
    }
    text.append('\n');
    return ranks;
  }

  private void costs(ProblemSet set, StringBuilder text) {
    var samplers = set.samplers();
    text.append("## ")
        .append(set.name())
        .append(": processor time of a suggestion, ms, mean over a search, median over seeds")
        .append("\n\n| problem |");
    samplers.forEach(s -> text.append(' ').append(s).append(" |"));
    text.append("\n|---|").append("---:|".repeat(samplers.size())).append('\n');
    for (var problem : set.names()) {
      text.append("| ").append(problem).append(" |");
      for (var sampler : samplers) {
        var sorted = runs.sorted(sampler, problem, SearchRun::milliseconds);
        text.append(cell(SearchRuns.median(sorted)));
      }
      text.append('\n');
    }
    text.append('\n');
  }

  private boolean isKnown(String tool, ProblemSet set, int budget) {
    return set.names().stream().anyMatch(p -> peers.median(tool, p, budget).isPresent());
  }

  private static double of(OptionalDouble value) {
    return value.orElse(Double.NaN);
  }

  private static String cell(double value) {
    return Double.isNaN(value) ? "  |" : String.format(Locale.ROOT, " %.3g |", value);
  }

  /// Over the problems that a tool has a figure for, if others have one too; ties share the mean of
  /// their ranks.
  private Map<String, Double> meanRanks(ProblemSet set, List<String> tools, int budget) {
    var sums = new LinkedHashMap<String, double[]>();
    for (var problem : set.names()) {
      if (tools.stream().noneMatch(t -> peers.median(t, problem, budget).isPresent())) {
        continue;
      }
      var values = new LinkedHashMap<String, Double>();
      for (var sampler : set.samplers()) {
        double median = runs.median(sampler, problem, budget);
        if (!Double.isNaN(median)) {
          values.put(sampler, Math.max(TIED, median));
        }
      }
      for (var tool : tools) {
        peers.median(tool, problem, budget).ifPresent(m -> values.put(tool, Math.max(TIED, m)));
      }
      for (var entry : values.entrySet()) {
        double better = values.values().stream().filter(v -> v < entry.getValue()).count();
        double equal = values.values().stream().filter(v -> v.equals(entry.getValue())).count();
        var sum = sums.computeIfAbsent(entry.getKey(), _ -> new double[2]);
        sum[0] += better + (equal + 1) / 2;
        sum[1]++;
      }
    }
    var ranks = new LinkedHashMap<String, Double>();
    sums.forEach((name, sum) -> ranks.put(name, sum[0] / sum[1]));
    return ranks;
  }
}
