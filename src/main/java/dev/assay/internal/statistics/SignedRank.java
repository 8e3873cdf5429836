package dev.assay.internal.statistics;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/// Wilcoxon's signed-rank test of paired differences (Wilcoxon 1945): whether they lie around 0.
///
/// Differences of 0 are left out, as Wilcoxon did; equal ones share the mean of their ranks. Up to
/// [#EXACT] pairs the p-value is exact, ties included: the 2^n ways to give the observed ranks
/// their signs are counted. Beyond that it is the normal approximation with its variance corrected
/// for ties. Commons Math's own test keeps zeros and counts 2^n ways one by one.
///
/// @param pairs n, those that differ
/// @param ties pairs that do not differ
/// @param positive the sum of the ranks of positive differences
/// @param negative that of negative ones
/// @param p two-sided
public record SignedRank(int pairs, int ties, double positive, double negative, double p) {
  private static final int EXACT = 200;
  private static final int EXACT_ONE_SIDED = 50;

  /// @param differences infinite ones are the largest; NaN counts as 0, the difference of two runs
  ///   that found nothing
  public static SignedRank of(double[] differences) {
    var nonzero = Arrays.stream(differences).filter(d -> d < 0 || d > 0).toArray();
    int n = nonzero.length;
    int ties = differences.length - n;
    if (n == 0) {
      return new SignedRank(0, ties, 0, 0, 1);
    }
    var ranks = ranks(nonzero);
    double positive = positive(nonzero, ranks);
    double negative = n * (n + 1) / 2.0 - positive;
    double p = n <= EXACT ? exact(ranks, positive) : approximate(ranks, positive);
    return new SignedRank(n, ties, positive, negative, p);
  }

  /// The matched-pairs rank-biserial correlation (Kerby 2014): 1 where every difference is
  /// positive, −1 where every one is negative.
  public double rankBiserial() {
    return pairs == 0 ? 0 : (positive - negative) / (positive + negative);
  }

  /// One-sided, for whoever asks often: the probability of a positive rank sum at least as large,
  /// were the signs fair coins. Exact up to 50 pairs; beyond, the normal approximation with a
  /// continuity correction.
  ///
  /// @param differences finite
  public static double greater(double[] differences) {
    var nonzero = Arrays.stream(differences).filter(d -> d != 0).toArray();
    if (nonzero.length == 0) {
      return 1;
    }
    var ranks = ranks(nonzero);
    double positive = positive(nonzero, ranks);
    if (nonzero.length <= EXACT_ONE_SIDED) {
      var probability = distribution(ranks);
      int observed = (int) Math.round(2 * positive);
      return Arrays.stream(probability, observed, probability.length).sum();
    }
    double mean = Arrays.stream(ranks).sum() / 2;
    double variance = Arrays.stream(ranks).map(r -> r * r).sum() / 4;
    return 0.5 * Erf.erfc((positive - 0.5 - mean) / Math.sqrt(2 * variance));
  }

  private static double[] ranks(double[] nonzero) {
    return new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE)
        .rank(Arrays.stream(nonzero).map(Math::abs).toArray());
  }

  private static double positive(double[] nonzero, double[] ranks) {
    double positive = 0;
    for (int i = 0; i < ranks.length; i++) {
      positive += nonzero[i] > 0 ? ranks[i] : 0;
    }
    return positive;
  }

  /// How likely each positive rank sum is, by twice the sum: mean ranks are halves.
  private static double[] distribution(double[] ranks) {
    var probability = new double[ranks.length * (ranks.length + 1) + 1];
    probability[0] = 1;
    int reached = 0;
    for (double rank : ranks) {
      int twice = (int) Math.round(2 * rank);
      reached += twice;
      for (int sum = reached; sum >= 0; sum--) {
        probability[sum] = (probability[sum] + (sum >= twice ? probability[sum - twice] : 0)) / 2;
      }
    }
    return probability;
  }

  private static double exact(double[] ranks, double positive) {
    var probability = distribution(ranks);
    int observed = (int) Math.round(2 * positive);
    double below = 0;
    double above = 0;
    for (int sum = 0; sum < probability.length; sum++) {
      below += sum <= observed ? probability[sum] : 0;
      above += sum >= observed ? probability[sum] : 0;
    }
    return Math.min(1, 2 * Math.min(below, above));
  }

  /// Under the null hypothesis the sum has mean Σr/2 and variance Σr²/4.
  private static double approximate(double[] ranks, double positive) {
    double mean = Arrays.stream(ranks).sum() / 2;
    double deviation = Math.sqrt(Arrays.stream(ranks).map(r -> r * r).sum() / 4);
    double z = Math.abs(positive - mean) / deviation;
    return Math.min(1, 2 * new NormalDistribution(null, 0, 1).cumulativeProbability(-z));
  }

  /// How many pairs a test needs so that it can be significant at a level after Holm's correction
  /// for a number of comparisons: the smallest n with 2·2⁻ⁿ·comparisons ≤ level.
  public static int pairsNeeded(int comparisons, double level) {
    int n = 1;
    while (Math.scalb(2.0, -n) * comparisons > level) {
      n++;
    }
    return n;
  }

  /// p-values corrected for there being several (Holm 1979); each is valid at the same level.
  public static double[] holm(double[] p) {
    var order = new Integer[p.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(p[a], p[b]));
    var corrected = new double[p.length];
    double largest = 0;
    for (int i = 0; i < p.length; i++) {
      largest = Math.max(largest, Math.min(1, (p.length - i) * p[order[i]]));
      corrected[order[i]] = largest;
    }
    return corrected;
  }
}
