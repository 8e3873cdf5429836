package research;

import dev.assay.random.Purpose;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Options;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SamplerProvider;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.random.RandomGenerator;

/// Steps from the best trial so far, every fourth one anywhere.
///
/// @param width of a step, as a share of each parameter's range
public record HillClimb(
    @Option(value = "of a step, as a share of each parameter's range", low = 1e-6, high = 1)
        double width)
    implements Sampler {
  private static final int DRAWS = 100;

  public HillClimb {
    Settings.check("sampler hill_climb", HillClimb.class, width);
  }

  /// With the default settings.
  public HillClimb() {
    this(0.1);
  }

  /// What `sampler: {hill_climb: {width: 0.15}}` makes.
  public static final class Provider implements SamplerProvider {
    @Override
    public String name() {
      return "hill_climb";
    }

    @Override
    public Sampler create(Options options) {
      return options.read(HillClimb.class);
    }
  }

  @Override
  public String name() {
    return "hill_climb";
  }

  /// All randomness is the task's, addressed by the trial: a continued study proposes the same.
  @Override
  public Proposer open(SearchTask task) {
    return (trial, history) -> {
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      var found = find(task.space(), best(task, history), history, random);
      return found == null ? null : new Proposal(found);
    };
  }

  private Configuration find(
      SearchSpace space, TrialRecord best, History history, RandomGenerator random) {
    for (int i = 0; i < DRAWS; i++) {
      boolean anywhere = best == null || random.nextInt(4) == 0;
      var found = anywhere ? space.draw(random) : step(space, best.configuration(), random);
      if (space.satisfies(found) && !(space.isFinite() && history.contains(found))) {
        return found;
      }
    }
    if (!space.isFinite()) {
      return space.draw(random);
    }
    for (var all = space.all(); all.hasNext(); ) { // what is left, if anything is
      var next = all.next();
      if (!history.contains(next)) {
        return next;
      }
    }
    return null;
  }

  private Configuration step(SearchSpace space, Configuration from, RandomGenerator random) {
    var point = new double[space.dimension()];
    for (int i = 0; i < point.length; i++) {
      var distribution = space.parameters().get(i).distribution();
      boolean jumps =
          !from.isActive(i)
              || distribution instanceof Choice choice
                  && !choice.ordered()
                  && random.nextDouble() < width;
      point[i] =
          jumps
              ? random.nextDouble()
              : distribution.toUnit(from.code(i))
                  + (distribution instanceof Choice choice && !choice.ordered()
                      ? 0
                      : width * random.nextGaussian());
    }
    return space.fromUnit(point);
  }

  /// Null while no trial brought a value.
  private static TrialRecord best(SearchTask task, History history) {
    var direction = task.objectives().getFirst().direction();
    TrialRecord best = null;
    for (var trial : history.finished()) {
      if (!trial.values().isEmpty()
          && (best == null
              || direction.asLoss(trial.values().getFirst())
                  < direction.asLoss(best.values().getFirst()))) {
        best = trial;
      }
    }
    return best;
  }
}
