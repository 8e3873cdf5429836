package dev.assay.bench.quality;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Searches of several samplers on several problems, and their medians.
record SearchRuns(List<SearchRun> all) {
  /// A figure of each seed, ascending; empty where it was not run.
  double[] sorted(String sampler, String problem, ToDoubleFunction<SearchRun> figure) {
    return of(sampler, problem).stream().mapToDouble(figure).sorted().toArray();
  }

  private List<SearchRun> of(String sampler, String problem) {
    return all.stream()
        .filter(r -> r.sampler().equals(sampler) && r.problem().equals(problem))
        .toList();
  }

  /// NaN where it was not run, or not so far.
  double median(String sampler, String problem, int trials) {
    return median(sampler, problem, Aim.Figure.REGRET, trials);
  }

  double median(String sampler, String problem, Aim.Figure figure, int trials) {
    var runs = of(sampler, problem);
    return runs.isEmpty() || runs.getFirst().regrets().length < trials
        ? Double.NaN
        : median(sorted(sampler, problem, r -> r.figure(figure, trials)));
  }

  static double median(double[] sorted) {
    int n = sorted.length;
    return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /// How much larger the regret of one sampler is than that of another, seed by seed. Two that
  /// found nothing are equal.
  double[] differences(String sampler, String other, String problem, int trials) {
    var ours = of(sampler, problem);
    var theirs = of(other, problem);
    return ours.stream()
        .flatMapToDouble(our ->
            theirs.stream()
                .filter(their -> their.seed() == our.seed())
                .mapToDouble(their -> our.regret(trials) - their.regret(trials)))
        .map(difference -> Double.isNaN(difference) ? 0 : difference)
        .toArray();
  }

  /// Whether some of a problem's trials crashed.
  boolean crashed(String problem) {
    return all.stream()
        .filter(r -> r.problem().equals(problem))
        .anyMatch(r -> Arrays.stream(r.crashes()).anyMatch(n -> n > 0));
  }
}
