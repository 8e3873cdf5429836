package dev.assay.internal.sampler.curves;

import dev.assay.internal.sampler.memory.MemoryGuard;
import dev.assay.problem.Problem;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.space.IntRange;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;

/// Freeze-thaw search (Swersky, Snoek and Adams 2014, "Freeze-thaw Bayesian optimization"): every
/// training may be paused, and after every few steps the one is gone on with, or begun, whose end
/// is expected to be better than the best so far by most for what it still costs.
///
/// A trial is a [dev.assay.trial.Segment] of a training. One Gaussian process over configuration
/// and step says where each training will end: [CurveKernel]. What comes next is argmax log
/// EI(horizon) − log(cost to the horizon), over all paused trainings and candidates that nobody
/// began. A share of all steps goes to the training with the best expected end, whatever that says:
/// where all curves are flat at first, as under a warm-up, improvement for cost would begin
/// trainings for ever and finish none.
///
/// @param steps of a whole training
/// @param stepsFrom the parameter that says it
/// @param starts trainings that are begun at random before the model decides
/// @param depth the share of steps that goes to the best expected end
/// @param cost the metric with the cost of a trial, or `steps`
/// @param resume false: trials are whole
public record FreezeThawSampler(
    @Option(value = "of a whole training; 0: what the objective or `steps_from` says", low = 0)
        int steps,
    @Option("the parameter that says how many steps a training has; `none`: `steps` does")
        String stepsFrom,
    @Option(value = "trainings begun at random before the model decides", low = 1, high = 10_000)
        int starts,
    @Option(
            value = "the share of all steps that goes to the training with the best expected end",
            low = 0,
            high = 1)
        double depth,
    @Option(
            "the metric that says what a trial cost, in seconds, joules or money; `steps`: how many"
                + " it had")
        String cost,
    @Option("whether programs go on from checkpoints; `false`: trials are whole") boolean resume)
    implements Sampler {
  private static final String OWNER = "sampler freeze_thaw";

  /// No parameter says how many steps there are.
  private static final String NONE = "none";

  /// The sampler's name in study files.
  public static final String NAME = "freeze_thaw";

  public FreezeThawSampler {
    Settings.check(OWNER, FreezeThawSampler.class, steps, stepsFrom, starts, depth, cost, resume);
  }

  /// With the default settings.
  public FreezeThawSampler() {
    this(0, NONE, 12, 0.35, StepCosts.NONE, true);
  }

  /// The same for trainings of so many steps.
  public FreezeThawSampler withSteps(int count) {
    return new FreezeThawSampler(count, stepsFrom, starts, depth, cost, resume);
  }

  /// The same where a parameter says how many steps a training has.
  public FreezeThawSampler withStepsFrom(String parameter) {
    return new FreezeThawSampler(steps, parameter, starts, depth, cost, resume);
  }

  /// The same where a metric says what a trial cost.
  public FreezeThawSampler withCost(String metric) {
    return new FreezeThawSampler(steps, stepsFrom, starts, depth, metric, resume);
  }

  /// The same for programs that go on from checkpoints, or do not.
  public FreezeThawSampler withResume(boolean whether) {
    return new FreezeThawSampler(steps, stepsFrom, starts, depth, cost, whether);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean proposesSegments() {
    return resume;
  }

  @Override
  public Proposer open(SearchTask task) {
    if (task.objectives().size() > 1) {
      throw new Problem(
          "A search by learning curves follows one objective.",
          task.objectives().size() + " objectives (" + OWNER + ")",
          "Keep one, or choose another sampler.");
    }
    if (!task.constraints().isEmpty()) {
      throw new Problem(
          "A search by learning curves knows no bounds on outcomes.",
          task.constraints().getFirst() + " (" + OWNER + ")",
          "Remove subject_to, or choose another sampler.");
    }
    if (task.space().isOpen()) {
      throw new Problem(
          "A search by learning curves needs a declared space.",
          OWNER,
          "Declare the space, or choose another sampler.");
    }
    if (stepsFrom.equals(NONE) && steps == 0) {
      throw new Problem(
          "Nobody says how many steps a whole training has.",
          "steps 0 (" + OWNER + ")",
          "Write {freeze_thaw: {steps: 50}}, or name the parameter that says it: steps_from.");
    }
    if (stepsFrom.equals(NONE)) {
      return MemoryGuard.of(new FreezeThawSearch(this, task, _ -> steps), task);
    }
    int index = task.space().requireIndex(stepsFrom);
    var parameter = task.space().parameters().get(index);
    if (!(parameter.distribution() instanceof IntRange range)
        || range.low() < 1
        || !parameter.condition().isAlways()) {
      throw new Problem(
          "Steps are an int range from 1 or more, and always there.",
          stepsFrom + ": " + parameter.distribution().describe(),
          "Write " + stepsFrom + ": {int: [10, 100]}, or give steps: 50.");
    }
    return MemoryGuard.of(
        new FreezeThawSearch(this, task, configuration -> (long) configuration.code(index)), task);
  }
}
