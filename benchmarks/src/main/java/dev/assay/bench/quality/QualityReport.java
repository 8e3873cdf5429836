package dev.assay.bench.quality;

import dev.assay.bench.Measurement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What runs say together: measurements for a results file, and tables.
record QualityReport(
    List<SearchRun> runs,
    List<String> problems,
    List<String> samplers,
    List<Integer> budgets,
    Peers peers) {
  /// Whose figure stands beside a sampler's.
  private static final Map<String, String> SAME_KIND =
      Map.of(
          "gp", "optuna-gp", "tpe", "optuna-tpe", "cmaes", "optuna-cma", "random", "optuna-random");

  /// Regrets below this count as equal when tools are ranked.
  private static final double TIED = 1e-3;

  List<Measurement> measurements() {
    var measurements = new ArrayList<Measurement>();
    for (var sampler : samplers) {
      for (var problem : problems) {
        for (int budget : budgets) {
          measurements.add(
              measurement(
                  sampler, problem, "quality.regret", budget, "regret", r -> r.regret(budget)));
        }
        measurements.add(
            measurement(
                sampler,
                problem,
                "quality.suggest",
                budgets.getLast(),
                "ms",
                SearchRun::milliseconds));
      }
    }
    return measurements;
  }

  private Measurement measurement(
      String sampler,
      String problem,
      String name,
      int budget,
      String unit,
      ToDoubleFunction<SearchRun> figure) {
    var sorted = sorted(sampler, problem, figure);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("sampler", sampler);
    parameters.put("problem", problem);
    parameters.put("trials", Integer.toString(budget));
    parameters.put("seeds", Integer.toString(sorted.length));
    return new Measurement(
        name,
        parameters,
        Arrays.stream(sorted).average().orElse(Double.NaN),
        null,
        unit,
        median(sorted),
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
    return median.isEmpty() ? null : new Measurement.Peer(tool, "5.0.0.dev", median.getAsDouble());
  }

  private double[] sorted(String sampler, String problem, ToDoubleFunction<SearchRun> figure) {
    return runs.stream()
        .filter(r -> r.sampler().equals(sampler) && r.problem().equals(problem))
        .mapToDouble(figure)
        .sorted()
        .toArray();
  }

  static double median(double[] sorted) {
    int n = sorted.length;
    return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  private double median(String sampler, String problem, int budget) {
    return median(sorted(sampler, problem, r -> r.regret(budget)));
  }

  /// What was aimed at and reached; one table a budget, other tools to the right; what a suggestion
  /// costs.
  String markdown() {
    var text = new StringBuilder();
    var tools = peers.tools(problems);
    var allRanks = new LinkedHashMap<Integer, Map<String, Double>>();
    for (int budget : budgets) {
      text.append("## Median regret after ").append(budget).append(" trials\n\n| problem |");
      samplers.forEach(s -> text.append(' ').append(s).append(" |"));
      var shown = tools.stream().filter(t -> isKnown(t, budget)).toList();
      shown.forEach(t -> text.append(' ').append(t).append(" |"));
      text.append("\n|---|").append("---:|".repeat(samplers.size() + shown.size())).append('\n');
      for (var problem : problems) {
        text.append("| ").append(problem).append(" |");
        samplers.forEach(s -> text.append(cell(OptionalDouble.of(median(s, problem, budget)))));
        shown.forEach(t -> text.append(cell(peers.median(t, problem, budget))));
        text.append('\n');
      }
      text.append("| *mean rank* |");
      var ranks = meanRanks(shown, budget);
      if (!shown.isEmpty()) {
        allRanks.put(budget, ranks);
      }
      samplers.forEach(s -> text.append(cell(of(ranks.get(s)))));
      shown.forEach(t -> text.append(cell(of(ranks.get(t)))));
      text.append("\n\n");
    }
    text.append("## Processor time of a suggestion, ms, mean over ")
        .append(budgets.getLast())
        .append(" trials, median over seeds\n\n| problem |");
    samplers.forEach(s -> text.append(' ').append(s).append(" |"));
    text.append("\n|---|").append("---:|".repeat(samplers.size())).append('\n');
    for (var problem : problems) {
      text.append("| ").append(problem).append(" |");
      samplers.forEach(s ->
          text.append(
              cell(OptionalDouble.of(median(sorted(s, problem, SearchRun::milliseconds))))));
      text.append('\n');
    }
    var verdicts = new Verdicts(this::median, peers, problems, samplers).markdown(allRanks);
    return verdicts.isEmpty() ? text.toString() : verdicts + '\n' + text;
  }

  private boolean isKnown(String tool, int budget) {
    return problems.stream().anyMatch(p -> peers.median(tool, p, budget).isPresent());
  }

  private static OptionalDouble of(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static String cell(OptionalDouble value) {
    return value.isEmpty() ? "  |" : String.format(Locale.ROOT, " %.3g |", value.getAsDouble());
  }

  /// Over the problems that a tool has a figure for, if others have one too; ties share the mean of
  /// their ranks.
  private Map<String, Double> meanRanks(List<String> tools, int budget) {
    var sums = new LinkedHashMap<String, double[]>();
    for (var problem : problems) {
      if (tools.stream().noneMatch(t -> peers.median(t, problem, budget).isPresent())) {
        continue;
      }
      var values = new LinkedHashMap<String, Double>();
      samplers.forEach(s -> values.put(s, Math.max(TIED, median(s, problem, budget))));
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
