package dev.assay.internal.sampler.halving;

import dev.assay.internal.sampler.prior.Beliefs;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.space.Configuration;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.NothingFound;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Successive halving as a search of its own (Jamieson and Talwalkar 2016, "Non-stochastic best arm
/// identification and hyperparameter optimization"): all candidates are tried with little of a
/// resource, the best 1/η of them again with η times as much, and so on up to the most.
///
/// The resource is a parameter of the space, an int range: epochs, rows. The last rung r_m−1 has
/// its high bound, each rung before it 1/η of the next, as many as the candidates and the low bound
/// allow. n_k: the trials of rung k, ⌈n_(k−1)/η⌉. A rung begins when the one before has ended;
/// under a batch rule, with the best that is known then. Failed trials do not go on.
///
/// @param resource the parameter's name
/// @param factor η
/// @param candidates n₀, drawn at random (as the sampler random does) and all different, as many as
///   there are; 0: every configuration of a finite space
public record HalvingSampler(
    @Option("the parameter that says how much is spent") String resource,
    @Option(value = "one in so many goes on", low = 2, high = 1000) int factor,
    @Option(
            value = "drawn, all different; 0: all of a finite space",
            low = 0,
            high = HalvingSampler.MOST)
        int candidates)
    implements Sampler {
  private static final String OWNER = "sampler halving";
  private static final int MOST = 1_000_000;

  /// Draws in a row that were candidates before.
  private static final int DRAWS = 1000;

  public HalvingSampler {
    Settings.check(OWNER, HalvingSampler.class, resource, factor, candidates);
  }

  /// With the default settings.
  public HalvingSampler() {
    this("epochs", 3, 0);
  }

  @Override
  public String name() {
    return "halving";
  }

  @Override
  public Proposer open(SearchTask task) {
    var space = task.space();
    int index = space.requireIndex(resource);
    var parameter = space.parameters().get(index);
    if (!(parameter.distribution() instanceof IntRange range)
        || !parameter.condition().isAlways()
        || range.step() != 1) {
      throw new Problem(
          "The resource must be an int range without a step, and always there.",
          resource + ": " + parameter.distribution().describe(),
          "Write " + resource + ": {int: [1, 81]}.");
    }
    if (task.objectives().size() > 1) {
      throw new Problem(
          "Halving compares trials by one objective.",
          task.objectives().size() + " objectives",
          "Keep one, or choose another sampler.");
    }
    return new Search(task, index, range);
  }

  /// Every configuration of a finite space, at one amount of the resource.
  private List<Configuration> all(SearchSpace space, int index, long least) {
    var count = space.validAtMost();
    if (count.isEmpty() || count.getAsLong() > 20L * MOST) {
      throw new Problem(
          "The space has too many configurations to try each.",
          "candidates 0 (" + OWNER + ")",
          "Say how many are drawn: {halving: {resource: " + resource + ", candidates: 81}}.");
    }
    var all = new ArrayList<Configuration>();
    space.forEach(configuration -> {
      if (configuration.code(index) == least) {
        all.add(configuration);
      }
    });
    return all;
  }

  private final class Search implements Proposer {
    private final SearchTask task;
    private final int index;

    /// The amounts of the resource, r₀ to r_(m−1).
    private final long[] amounts;

    /// The first rung where it is listed; empty where candidates are drawn.
    private final List<Configuration> listed;

    private final int first;

    /// Where candidates are drawn: the space of the first rung.
    private final @Nullable SearchSpace least;

    /// What is expected of the candidates' parameters.
    private final @Nullable Beliefs beliefs;

    Search(SearchTask task, int index, IntRange range) {
      this.task = task;
      this.index = index;
      var all = candidates == 0 ? all(task.space(), index, range.low()) : List.<Configuration>of();
      amounts = amounts(range, candidates == 0 ? all.size() : candidates);
      listed =
          all.stream()
              .map(configuration -> with(configuration, amounts[0]))
              .filter(task.space()::satisfies)
              .toList();
      least = candidates == 0 ? null : withLeast();
      beliefs = least == null ? null : Beliefs.of(least);
      first = least == null ? listed.size() : Math.min(candidates, distinct(least));
    }

    /// The space in which the resource has the amount of the first rung alone.
    private SearchSpace withLeast() {
      try {
        return task.space().fix(Map.of(resource, amounts[0]));
      } catch (Problem e) {
        throw new Problem(
            "The constraints leave no candidates with the least of the resource.",
            resource + " " + amounts[0],
            "Raise the low bound of " + resource + ", or loosen the constraints.");
      }
    }

    /// How many candidates there are, as far as it is worth counting.
    private int distinct(SearchSpace space) {
      if (space.valid().isPresent()) {
        return (int) Math.min(MOST, space.valid().getAsLong());
      }
      int listed = candidatesOf(space).size();
      return listed == 0 ? MOST : listed;
    }

    private long[] amounts(IntRange range, int count) {
      int rungs = 1;
      for (long n = count, r = range.high(); n >= factor && r / factor >= range.low(); rungs++) {
        n /= factor;
        r /= factor;
      }
      var amounts = new long[rungs];
      amounts[rungs - 1] = range.high();
      for (int k = rungs - 1; k > 0; k--) {
        amounts[k - 1] = amounts[k] / factor;
      }
      return amounts;
    }

    private Configuration with(Configuration configuration, long amount) {
      var codes = new double[task.space().dimension()];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = i == index ? amount : configuration.code(i);
      }
      return task.space().fromCodes(codes);
    }

    /// What is known of the rungs.
    ///
    /// @param ended by rung
    /// @param started configurations by rung, in the amount of that rung
    /// @param pending by rung, how many are under way
    private record Rungs(
        List<List<TrialRecord>> ended, List<HashSet<Configuration>> started, int[] pending) {}

    private Rungs rungs(History history) {
      var ended = new ArrayList<List<TrialRecord>>();
      var started = new ArrayList<HashSet<Configuration>>();
      var rungOf = new HashMap<Long, Integer>();
      for (int k = 0; k < amounts.length; k++) {
        ended.add(new ArrayList<>());
        started.add(new HashSet<>());
        rungOf.put(amounts[k], k);
      }
      var pending = new int[amounts.length];
      for (var trial : history.finished()) {
        var rung = rungOf.get((long) trial.configuration().code(index));
        if (rung != null) {
          ended.get(rung).add(trial);
          started.get(rung).add(trial.configuration());
        }
      }
      for (var trial : history.pending()) {
        var rung = rungOf.get((long) trial.configuration().code(index));
        if (rung != null) {
          pending[rung]++;
          started.get(rung).add(trial.configuration());
        }
      }
      return new Rungs(ended, started, pending);
    }

    private int begun(Rungs rungs, int rung) {
      return rungs.ended().get(rung).size() + rungs.pending()[rung];
    }

    /// The first rung that lacks trials that it could have; the number of rungs where none does.
    private int open(Rungs rungs) {
      if (begun(rungs, 0) < first) {
        return 0;
      }
      int size = first;
      for (int k = 1; k < amounts.length; k++) {
        size = Math.max(1, (size + factor - 1) / factor);
        if (begun(rungs, k) < size
            && (rungs.pending()[k - 1] > 0 || !candidatesFor(rungs, k).isEmpty())) {
          return k;
        }
      }
      return amounts.length;
    }

    /// The trials of the rung below that completed and are not in this one, the best first.
    private List<TrialRecord> candidatesFor(Rungs rungs, int rung) {
      var direction = task.objectives().getFirst().direction();
      return rungs.ended().get(rung - 1).stream()
          .filter(trial -> trial.state() == TrialState.COMPLETE)
          .filter(trial -> {
            var next = with(trial.configuration(), amounts[rung]);
            return !rungs.started().get(rung).contains(next) && task.space().satisfies(next);
          })
          .sorted(
              Comparator.comparingDouble((TrialRecord t) -> direction.asLoss(t.value()))
                  .thenComparingInt(TrialRecord::number))
          .toList();
    }

    @Override
    public boolean waits(History history) {
      var rungs = rungs(history);
      int rung = open(rungs);
      return rung > 0 && rung < amounts.length && rungs.pending()[rung - 1] > 0;
    }

    @Override
    public @Nullable Proposal propose(int trial, History history) {
      var rungs = rungs(history);
      int rung = open(rungs);
      if (rung == amounts.length) {
        return null;
      }
      if (rung > 0) {
        var best = candidatesFor(rungs, rung);
        if (!best.isEmpty()) {
          return new Proposal(with(best.getFirst().configuration(), amounts[rung]));
        }
      }
      return candidate(trial, rungs);
    }

    private @Nullable Proposal candidate(int trial, Rungs rungs) {
      for (var configuration : listed) {
        if (!rungs.started().getFirst().contains(configuration)) {
          return new Proposal(configuration);
        }
      }
      if (least == null) {
        return null;
      }
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      for (int draw = 0; draw < DRAWS; draw++) {
        var drawn =
            beliefs == null
                ? least.find(random)
                : beliefs.draw(random, least::satisfies, () -> least.find(random));
        if (drawn == null) {
          throw new NothingFound();
        }
        var configuration = whole(drawn);
        if (!rungs.started().getFirst().contains(configuration)) {
          return new Proposal(configuration);
        }
      }
      var left =
          candidatesOf(least).stream()
              .filter(c -> !rungs.started().getFirst().contains(c))
              .toList();
      return left.isEmpty() ? null : new Proposal(left.get(random.nextInt(left.size())));
    }

    /// The configurations of the smaller space, as far as they can be listed.
    private List<Configuration> candidatesOf(SearchSpace space) {
      var all = new ArrayList<Configuration>();
      if (space.validAtMost().orElse(Long.MAX_VALUE) <= MOST) {
        space.forEach(configuration -> all.add(whole(configuration)));
      }
      return all;
    }

    private Configuration whole(Configuration ofLeast) {
      return java.util.Objects.requireNonNull(task.space().project(ofLeast));
    }
  }
}
