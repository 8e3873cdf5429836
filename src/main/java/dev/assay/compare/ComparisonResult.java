package dev.assay.compare;

import dev.assay.internal.statistics.SignedRank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What a whole comparison says.
///
/// @param contenders in the order in which they were named
/// @param standings over all cases, by mean rank, the best first
/// @param pairs over all cases
/// @param seedsNeeded how many the test of a pair needs to find anything at [#LEVEL]
public record ComparisonResult(
    List<Contender> contenders,
    int seeds,
    long firstSeed,
    List<CaseResult> cases,
    List<Standing> standings,
    List<Pair> pairs,
    int seedsNeeded) {
  /// The level of significance.
  public static final double LEVEL = 0.05;

  /// @param meanRank over cases and seeds
  /// @param firsts cases in which it has the best mean rank, shared where it is equal
  public record Standing(String sampler, double meanRank, double firsts) {}

  /// Two contenders over all cases.
  ///
  /// @param better cases in which the first is significantly better
  /// @param worse cases in which it is significantly worse
  /// @param test of their scores against each other, a case each: the rank-biserial correlation of
  ///   the losses of equal seeds, 1 where the first is always better. It has no unit, so that cases
  ///   can be compared, and no third contender has a say in it (Demšar 2006; Benavoli, Corani and
  ///   Mangili 2016 on why mean ranks will not do)
  /// @param p of it, corrected over pairs (Holm)
  public record Pair(
      String first, String second, int better, int worse, SignedRank test, double p) {
    public boolean differs() {
      return p <= LEVEL;
    }
  }

  static ComparisonResult of(
      List<Contender> contenders, Comparison.Settings settings, List<CaseResult> cases) {
    var standings = standings(contenders, cases);
    int comparisons = contenders.size() * (contenders.size() - 1) / 2;
    return new ComparisonResult(
        contenders,
        settings.seeds(),
        settings.firstSeed(),
        cases,
        standings,
        pairs(standings, cases),
        SignedRank.pairsNeeded(comparisons, LEVEL));
  }

  private static double meanRank(CaseResult one, String sampler) {
    return one.standings().stream()
        .filter(standing -> standing.sampler().equals(sampler))
        .mapToDouble(CaseResult.Standing::meanRank)
        .findFirst()
        .orElseThrow();
  }

  private static List<Standing> standings(List<Contender> contenders, List<CaseResult> cases) {
    var standings = new ArrayList<Standing>();
    for (var contender : contenders) {
      var label = contender.label();
      double firsts = 0;
      for (var one : cases) {
        double best = one.standings().getFirst().meanRank();
        long equal = one.standings().stream().filter(s -> s.meanRank() == best).count();
        firsts += meanRank(one, label) == best ? 1.0 / equal : 0;
      }
      double mean = cases.stream().mapToDouble(one -> meanRank(one, label)).average().orElse(0);
      standings.add(new Standing(label, mean, firsts));
    }
    standings.sort(Comparator.comparingDouble(Standing::meanRank));
    return standings;
  }

  private static List<Pair> pairs(List<Standing> standings, List<CaseResult> cases) {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < standings.size(); i++) {
      for (int j = i + 1; j < standings.size(); j++) {
        pairs.add(pair(standings.get(i).sampler(), standings.get(j).sampler(), cases));
      }
    }
    var p = SignedRank.holm(pairs.stream().mapToDouble(pair -> pair.test().p()).toArray());
    var corrected = new ArrayList<Pair>();
    for (int i = 0; i < p.length; i++) {
      var pair = pairs.get(i);
      corrected.add(
          new Pair(pair.first(), pair.second(), pair.better(), pair.worse(), pair.test(), p[i]));
    }
    return corrected;
  }

  private static Pair pair(String first, String second, List<CaseResult> cases) {
    int better = 0;
    int worse = 0;
    var differences = new double[cases.size()];
    for (int i = 0; i < differences.length; i++) {
      for (var pair : cases.get(i).pairs()) {
        boolean straight = pair.first().equals(first) && pair.second().equals(second);
        boolean turned = pair.first().equals(second) && pair.second().equals(first);
        if (straight || turned) {
          double score = pair.test().rankBiserial();
          differences[i] = straight ? score : -score;
        }
        if (pair.differs() && (straight || turned)) {
          if (straight == pair.firstIsBetter()) {
            better++;
          } else {
            worse++;
          }
        }
      }
    }
    return new Pair(first, second, better, worse, SignedRank.of(differences), 1);
  }
}
