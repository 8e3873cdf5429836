package dev.assay.compare;

import dev.assay.trial.Direction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;
import org.jspecify.annotations.Nullable;

/// The runs of one case, contender by contender, in the order of their seeds.
final class RunTable {
  private final List<Contender> contenders;
  private final Direction direction;
  private final long firstSeed;
  private final List<List<FinishedRun>> runs = new ArrayList<>();
  private final List<double[]> losses = new ArrayList<>();

  /// @param judged where the runs are looked at; null: at their ends
  RunTable(
      List<Contender> contenders,
      List<FinishedRun> all,
      long firstSeed,
      Direction direction,
      CaseResult.@Nullable EqualCost judged) {
    this.contenders = contenders;
    this.direction = direction;
    this.firstSeed = firstSeed;
    for (var contender : contenders) {
      var own =
          all.stream()
              .filter(run -> run.sampler().equals(contender.label()))
              .sorted(Comparator.comparingLong(FinishedRun::seed))
              .toList();
      runs.add(own);
      losses.add(
          own.stream()
              .mapToDouble(run ->
                  judged == null
                      ? run.loss(direction)
                      : run.lossAt(judged.axis(), judged.spent(), direction))
              .toArray());
    }
  }

  int contenders() {
    return contenders.size();
  }

  int seeds() {
    return losses.getFirst().length;
  }

  long firstSeed() {
    return firstSeed;
  }

  Direction direction() {
    return direction;
  }

  String label(int contender) {
    return contenders.get(contender).label();
  }

  List<FinishedRun> runsOf(int contender) {
    return runs.get(contender);
  }

  /// At the end of each run, or where all have cost the same.
  double[] losses(int contender) {
    return losses.get(contender);
  }

  double[] losses(String label) {
    for (int c = 0; c < contenders(); c++) {
      if (label(c).equals(label)) {
        return losses(c);
      }
    }
    throw new IllegalArgumentException(label);
  }

  /// Of each contender, over seeds.
  double[] meanRanks() {
    var ranking = new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE);
    var sums = new double[contenders()];
    for (int s = 0; s < seeds(); s++) {
      int seed = s;
      var block = losses.stream().mapToDouble(own -> own[seed]).toArray();
      var ranks = ranking.rank(block);
      Arrays.setAll(sums, c -> sums[c] + ranks[c]);
    }
    return Arrays.stream(sums).map(sum -> sum / seeds()).toArray();
  }
}
