package dev.assay.sampler.genetic;

import dev.assay.trial.Options;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Non-dominated sorting genetic algorithm III (Deb and Jain 2014), for three or more objectives:
/// what stays of the last front is chosen by reference directions, not by crowding.
///
/// @param population N, trials in a generation
/// @param divisions of each axis into reference directions, p in the paper
/// @param crossover the probability that a child has two parents and not one
/// @param swap the probability that a parameter comes from the second parent
/// @param mutation the probability that a parameter mutates; 0: one in d
public record Nsga3Sampler(
    int population, int divisions, double crossover, double swap, double mutation)
    implements Sampler {

  public Nsga3Sampler {
    Nsga2Sampler.requireInRange("sampler nsga3", population, crossover, swap, mutation);
    Options.requireInRange("sampler nsga3", "divisions", divisions, 1, 100);
  }

  /// With the default settings.
  public Nsga3Sampler() {
    this(50, 3, 0.9, 0.5, 0);
  }

  public static Nsga3Sampler of(Options options) {
    var usual = new Nsga3Sampler();
    return new Nsga3Sampler(
        options.integer("population", usual.population),
        options.integer("divisions", usual.divisions),
        options.number("crossover", usual.crossover),
        options.number("swap", usual.swap),
        options.number("mutation", usual.mutation));
  }

  @Override
  public String name() {
    return "nsga3";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("population", population);
    settings.put("divisions", divisions);
    settings.put("crossover", crossover);
    settings.put("swap", swap);
    settings.put("mutation", mutation);
    return settings;
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
