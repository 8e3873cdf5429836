package dev.assay.internal.sampler.genetic;

import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;

/// Non-dominated sorting genetic algorithm III (Deb and Jain 2014), for three or more objectives:
/// what stays of the last front is chosen by reference directions, not by crowding.
///
/// @param population N, trials in a generation
/// @param divisions of each axis into reference directions, p in the paper
/// @param crossover the probability that a child has two parents and not one
/// @param swap the probability that a parameter comes from the second parent
/// @param mutation the probability that a parameter mutates; 0: one in d
public record Nsga3Sampler(
    @Option(value = "trials in a generation", low = 2, high = 1_000_000) int population,
    @Option(value = "of each axis into reference directions", low = 1, high = 100) int divisions,
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

  public Nsga3Sampler {
    Settings.check(
        "sampler nsga3", Nsga3Sampler.class, population, divisions, crossover, swap, mutation);
  }

  /// With the default settings.
  public Nsga3Sampler() {
    this(50, 3, 0.9, 0.5, 0);
  }

  @Override
  public String name() {
    return "nsga3";
  }

  @Override
  public Proposer open(SearchTask task) {
    return new GeneticSearch(
        task,
        population,
        new ReferenceNiches(task.objectives().size(), divisions),
        new Breeding(task.space(), crossover, swap, mutation, Nsga2Sampler.ETA));
  }
}
