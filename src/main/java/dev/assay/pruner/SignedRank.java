package dev.assay.pruner;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;

/// Wilcoxon's signed-rank test (Wilcoxon 1945): zeros are left out, equal magnitudes share their
/// mean rank.
///
/// The distribution given the ranks is exact up to 50 differences, ties included; beyond that it is
/// normal, with variance Σ rank² / 4 and a continuity correction.
final class SignedRank {
  private static final int EXACT = 50;

  private SignedRank() {}

  /// The probability of a positive rank sum at least as large, were the signs fair coins.
  static double pValue(double[] differences) {
    var x = Arrays.stream(differences).filter(v -> v != 0).toArray();
    var ranks = twiceTheRanks(x);
    int positive = 0;
    for (int i = 0; i < x.length; i++) {
      positive += x[i] > 0 ? ranks[i] : 0;
    }
    return x.length <= EXACT ? exact(ranks, positive) : normal(ranks, positive);
  }

  /// Mean ranks of equals may end in a half: twice that is a whole number.
  private static int[] twiceTheRanks(double[] x) {
    var order =
        IntStream.range(0, x.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> Math.abs(x[i])))
            .toList();
    var ranks = new int[x.length];
    for (int from = 0; from < x.length; ) {
      int to = from + 1;
      while (to < x.length && Math.abs(x[order.get(to)]) == Math.abs(x[order.get(from)])) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order.get(i)] = from + 1 + to;
      }
      from = to;
    }
    return ranks;
  }

  /// Adds one difference after the other: probability[s] is that of the sum s so far.
  private static double exact(int[] ranks, int positive) {
    int largest = Arrays.stream(ranks).sum();
    var probability = new double[largest + 1];
    probability[0] = 1;
    for (int rank : ranks) {
      for (int s = largest; s >= 0; s--) {
        probability[s] = (probability[s] + (s >= rank ? probability[s - rank] : 0)) / 2;
      }
    }
    return Arrays.stream(probability, positive, largest + 1).sum();
  }

  private static double normal(int[] ranks, int positive) {
    double mean = 0;
    double variance = 0;
    for (int rank : ranks) {
      mean += rank / 4.0;
      variance += rank * rank / 16.0;
    }
    return 0.5 * Erf.erfc((positive / 2.0 - 0.5 - mean) / Math.sqrt(2 * variance));
  }
}
