package dev.assay.internal.sampler.genetic;

import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Non-dominated sorting genetic algorithm II (Deb et al. 2002), for several objectives, and for
/// one where most parameters are choices.
///
/// @param population N, trials in a generation
/// @param crossover the probability that a child has two parents and not one
/// @param swap the probability that a parameter comes from the second parent
/// @param mutation the probability that a parameter mutates; 0: one in d
public record Nsga2Sampler(
    @Option(value = "trials in a generation", low = 2, high = 1_000_000) int population,
    @Option(value = "the probability that a child has two parents", low = 0, high = 1)
        double crossover,
    @Option(
            value = "the probability that a parameter comes from the second parent",
            low = 0,
            high = 1)
        double swap,
    @Option(value = "the probability that a parameter mutates; 0: one in d", low = 0, high = 1)
        double mutation)
    implements Sampler {
  /// The index of polynomial mutation in Deb's own experiments.
  static final double ETA = 20;

  public Nsga2Sampler {
    Settings.check("sampler nsga2", Nsga2Sampler.class, population, crossover, swap, mutation);
  }

  /// With the default settings.
  public Nsga2Sampler() {
    this(50, 0.9, 0.5, 0);
  }

  @Override
  public String name() {
    return "nsga2";
  }

  @Override
  public Proposer open(SearchTask task) {
    return new GeneticSearch(
        task,
        population,
        (front, _, count) -> byCrowding(front, count),
        new Breeding(task.space(), crossover, swap, mutation, ETA));
  }

  /// The members with the largest crowding distances.
  static List<Population.Member> byCrowding(List<Population.Member> front, int count) {
    var distances = crowding(front);
    var members = new ArrayList<Population.Member>();
    for (int i = 0; i < distances.length; i++) {
      members.add(front.get(i).ranked(0, distances[i]));
    }
    members.sort(Comparator.comparingDouble(Population.Member::spread).reversed());
    return members.subList(0, count);
  }

  /// For each member the sum over objectives of the gap between its neighbours, in units of the
  /// front's extent; infinite for those at an end.
  static double[] crowding(List<Population.Member> front) {
    var distances = new double[front.size()];
    for (int k = 0; k < front.getFirst().losses().length; k++) {
      int objective = k;
      var order =
          IntStream.range(0, distances.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> front.get(i).losses()[objective]))
              .toList();
      double low = front.get(order.getFirst()).losses()[k];
      double high = front.get(order.getLast()).losses()[k];
      distances[order.getFirst()] = Double.POSITIVE_INFINITY;
      distances[order.getLast()] = Double.POSITIVE_INFINITY;
      for (int p = 1; p < distances.length - 1 && high > low; p++) {
        double below = front.get(order.get(p - 1)).losses()[k];
        double above = front.get(order.get(p + 1)).losses()[k];
        // Halves, because the extent itself may overflow.
        distances[order.get(p)] += (above / 2 - below / 2) / (high / 2 - low / 2);
      }
    }
    return distances;
  }
}
