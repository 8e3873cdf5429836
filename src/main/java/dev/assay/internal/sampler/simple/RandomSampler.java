package dev.assay.internal.sampler.simple;

import dev.assay.internal.sampler.seen.Untried;
import dev.assay.random.Purpose;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;

/// Independent draws, uniform in units (Bergstra and Bengio 2012, "Random search for
/// hyper-parameter optimization"); where parameters have priors, two of three from these.
///
/// What a trial gets depends on the seed and its number, and in a finite space on what was tried.
public record RandomSampler() implements Sampler {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public Proposer open(SearchTask task) {
    var untried = new Untried(task.space());
    return (trial, history) -> {
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      var configuration = untried.draw(random, history);
      return configuration == null ? null : new Proposal(configuration);
    };
  }
}
