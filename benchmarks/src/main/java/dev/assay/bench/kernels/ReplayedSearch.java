package dev.assay.bench.kernels;

import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialState;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// A search written down as a program that asks for losses, as a sampler: for each proposal it runs
/// anew from its beginning, with the answers that the history has, until it asks for one that the
/// history lacks.
public interface ReplayedSearch extends Sampler {
  /// Answers in a row that the history had, after which a search has come to rest.
  int MOST_REPEATS = 20_000;

  /// Asks for a loss. Ends the replay by an exception where it is not known.
  interface Losses {
    double of(int[] point);
  }

  final class Wanted extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Configuration configuration;

    Wanted(Configuration configuration) {
      super(null, null, false, false);
      this.configuration = configuration;
    }
  }

  final class AtRest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AtRest() {
      super(null, null, false, false);
    }
  }

  /// Searches for ever.
  void search(RecordedSpace space, Losses losses, RandomGenerator random);

  @Override
  default Proposer open(SearchTask task) {
    var space = new RecordedSpace(task.space());
    var objective = task.objectives().getFirst();
    return (trial, history) -> {
      var known = known(history, objective);
      if (known.size() >= space.size()) {
        return null;
      }
      return new Proposal(next(task, space, known));
    };
  }

  private static Map<Configuration, Double> known(History history, Objective objective) {
    var known = new HashMap<Configuration, Double>();
    for (var trial : history.finished()) {
      boolean complete = trial.state() == TrialState.COMPLETE;
      known.put(
          trial.configuration(),
          complete ? objective.direction().asLoss(trial.value()) : Double.POSITIVE_INFINITY);
    }
    history.pending().forEach(p -> known.putIfAbsent(p.configuration(), Double.POSITIVE_INFINITY));
    return known;
  }

  private Configuration next(
      SearchTask task, RecordedSpace space, Map<Configuration, Double> known) {
    var random = task.streams().stream(0, Purpose.PROPOSAL);
    var repeats = new int[1];
    try {
      search(
          space,
          point -> {
            var configuration = space.configuration(point);
            var loss = known.get(configuration);
            if (loss == null) {
              throw new Wanted(configuration);
            }
            if (++repeats[0] > MOST_REPEATS) {
              throw new AtRest();
            }
            return loss;
          },
          random);
      throw new IllegalStateException(name() + " ended by itself");
    } catch (Wanted wanted) {
      return wanted.configuration;
    } catch (AtRest rest) {
      while (true) { // some configuration is untried
        var drawn = space.configuration(space.draw(random));
        if (!known.containsKey(drawn)) {
          return drawn;
        }
      }
    }
  }
}
