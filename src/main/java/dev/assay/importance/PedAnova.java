package dev.assay.importance;

import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.List;

/// PED-ANOVA (Watanabe, Bansal and Hutter 2023): how much the distribution of a parameter among the
/// best trials differs from its distribution among all of them.
///
/// The contribution of a parameter is the Pearson divergence ∫ (p(x | best) / p(x) - 1)² p(x) dx of
/// one-dimensional densities (their Eq. 11 with γ = 1), which is the variance of the main effect of
/// "is among the best" up to a factor. What a sample of that size would diverge by chance is taken
/// off, so that parameters without an effect do not add up.
///
/// A parameter that exists in some trials only is judged among these: by the law of total variance
/// the part of its effect within that region is P(best | exists)² P(exists) times the divergence
/// there.
///
/// @param quantile γ', the share of trials that count as best
public record PedAnova(double quantile) implements ImportanceMethod {
  public PedAnova {
    if (!(quantile > 0 && quantile < 1)) {
      throw new Problem(
          "The share of best trials must lie between 0 and 1.",
          "quantile " + quantile,
          "Use 0.1, as is usual.");
    }
  }

  public PedAnova() {
    this(0.1);
  }

  @Override
  public String name() {
    return "ped-anova";
  }

  @Override
  public int fewest(int parameters) {
    return Math.clamp(20L * parameters, 100, 1000);
  }

  @Override
  public Contributions contributions(Observed observed) {
    int n = observed.trials();
    var sorted = observed.y().clone();
    Arrays.sort(sorted);
    // At least two, since one trial has no distribution. Equals of the last one count too.
    int count = Math.clamp((long) Math.ceil(quantile * n), 2, n);
    double bound = sorted[count - 1];
    var best = new boolean[n];
    int bestCount = 0;
    for (int i = 0; i < n; i++) {
      best[i] = observed.y()[i] <= bound;
      bestCount += best[i] ? 1 : 0;
    }
    double share = (double) bestCount / n;
    var parameters = new double[observed.dimension()];
    for (int j = 0; j < parameters.length; j++) {
      parameters[j] = contribution(observed, j, best, share);
    }
    return new Contributions(parameters, List.of());
  }

  private static double contribution(Observed observed, int j, boolean[] best, double share) {
    var column = observed.x()[j];
    var existing = new double[column.length];
    var existingBest = new double[column.length];
    int all = 0;
    int top = 0;
    for (int i = 0; i < column.length; i++) {
      if (!Double.isNaN(column[i])) {
        existing[all++] = column[i];
        if (best[i]) {
          existingBest[top++] = column[i];
        }
      }
    }
    if (top < 2 || top == all) {
      return 0;
    }
    var distribution = observed.space().parameters().get(j).distribution();
    double divergence =
        PearsonDivergence.of(
            distribution, Arrays.copyOf(existingBest, top), Arrays.copyOf(existing, all));
    double exists = (double) all / column.length;
    double bestIfExists = (double) top / all / share; // relative: equal for all if unconditional
    return exists * bestIfExists * bestIfExists * divergence;
  }
}
