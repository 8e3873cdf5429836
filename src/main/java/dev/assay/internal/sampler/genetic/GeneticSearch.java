package dev.assay.internal.sampler.genetic;

import dev.assay.internal.sampler.seen.Untried;
import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Proposes children of a [Population], or until there is one random draws.
final class GeneticSearch implements Sampler.Proposer {
  /// Children that may not be proposed, before a random draw is.
  private static final int ATTEMPTS = 50;

  private final SearchTask task;
  private final int size;
  private final Population.Survival survival;
  private final Breeding breeding;
  private final Untried untried;
  private Population population;

  GeneticSearch(SearchTask task, int size, Population.Survival survival, Breeding breeding) {
    this.task = task;
    this.size = size;
    this.survival = survival;
    this.breeding = breeding;
    untried = new Untried(task.space());
    population = new Population(size, task.objectives(), survival);
  }

  @Override
  public @Nullable Proposal propose(int trial, History history) {
    if (!population.mayAdvanceTo(history)) {
      population = new Population(size, task.objectives(), survival);
    }
    population.advanceTo(history);
    var random = task.streams().stream(trial, Purpose.PROPOSAL);
    var parents = population.parents();
    for (int attempt = 0; attempt < ATTEMPTS && !parents.isEmpty(); attempt++) {
      var child = child(parents, random);
      if (!population.isParent(child) && untried.allows(child, history)) {
        return new Proposal(child);
      }
    }
    var configuration =
        parents.isEmpty() ? null : untried.near(child(parents, random), random, history);
    if (configuration == null) {
      configuration = untried.draw(random, history);
    }
    return configuration == null ? null : new Proposal(configuration);
  }

  private Configuration child(List<Population.Member> parents, RandomGenerator random) {
    var mother = codes(pick(parents, random));
    var father = codes(pick(parents, random));
    return task.space().fromCodes(breeding.child(mother, father, random));
  }

  /// The better of two.
  private static Configuration pick(List<Population.Member> parents, RandomGenerator random) {
    var first = parents.get(random.nextInt(parents.size()));
    var second = parents.get(random.nextInt(parents.size()));
    return (second.beats(first) ? second : first).configuration();
  }

  private static double[] codes(Configuration configuration) {
    var codes = new double[configuration.space().dimension()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = configuration.code(i);
    }
    return codes;
  }
}
