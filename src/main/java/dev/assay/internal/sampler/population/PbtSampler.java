package dev.assay.internal.sampler.population;

import dev.assay.internal.sampler.prior.Beliefs;
import dev.assay.internal.sampler.seen.Merit;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.History;
import dev.assay.trial.NothingFound;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.Segment;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Population based training (Jaderberg et al. 2017, "Population based training of neural
/// networks", algorithm 1): members train side by side; now and then a bad one takes over the
/// weights and the parameters of a good one (exploit) and changes the parameters a little
/// (explore), so that what comes out is a schedule and not one value.
///
/// P members, an interval of I steps. A trial is one member's interval, a [Segment]: trial t
/// belongs to member t mod P, in generation g = ⌊t / P⌋, and ends at step (g + 1) I. It goes on
/// from its member's last trial, t − P; or, by truncation selection, where that is among the worst
/// share q of what is known of generation g − 1, from one of the best share q, if that one is
/// better. So all that are compared were trained equally long. A trial that failed is among the
/// worst in any case; its member goes on from one of the best.
///
/// With a batch of P a generation is known as a whole before the next begins. With smaller batches,
/// or none, a member waits only for itself, and is compared with those that are as far.
///
/// @param population P
/// @param interval I
/// @param steps in all; 0: as many as the budget allows
/// @param quantile q, of at least one member where there are two
/// @param exploration how parameters change
public record PbtSampler(
    @Option(value = "members", low = 1, high = 100_000) int population,
    @Option(value = "steps before members may change places", low = 1) int interval,
    @Option(value = "in all; 0: as many as the budget allows", low = 0) int steps,
    @Option(value = "the share that is replaced, and that replaces it", low = 0, high = 0.5)
        double quantile,
    Exploration exploration)
    implements Sampler {
  static final String OWNER = "sampler pbt";

  /// The sampler's name in study files.
  public static final String NAME = "pbt";

  public PbtSampler {
    Settings.check(OWNER, PbtSampler.class, population, interval, steps, quantile, exploration);
    if (steps > 0 && steps < interval) {
      throw new Problem(
          "The interval is longer than the whole training.",
          "interval " + interval + ", of " + steps + " steps",
          "Give an interval of at most " + Math.max(1, steps / 2) + ".");
    }
  }

  /// With the default settings.
  public PbtSampler() {
    this(16, 1, 0, 0.25, new Exploration());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean proposesSegments() {
    return true;
  }

  @Override
  public Proposer open(SearchTask task) {
    if (task.objectives().size() > 1) {
      throw new Problem(
          "Population based training compares members by one objective.",
          task.objectives().size() + " objectives",
          "Keep one, or choose another sampler.");
    }
    if (task.space().isOpen()) {
      throw new Problem(
          "Population based training needs a declared space.",
          OWNER,
          "Declare the space, or choose another sampler.");
    }
    if (task.batch() > population) {
      throw new Problem(
          "A batch is larger than the population, so members would have to go on before they"
              + " ended.",
          "batch " + task.batch() + ", population " + population,
          "Use batch: " + population + ".");
    }
    exploration.check(task.space());
    return new Members(task);
  }

  private final class Members implements Proposer {
    private final SearchTask task;
    private final @Nullable Beliefs beliefs;

    Members(SearchTask task) {
      this.task = task;
      beliefs = Beliefs.of(task.space());
    }

    private int generation(int trial) {
      return trial / population;
    }

    /// Where the trials of a generation end.
    private long end(int generation) {
      long end = (generation + 1L) * interval;
      return steps == 0 ? end : Math.min(end, steps);
    }

    /// What is known of a generation, by the number of trials.
    private List<TrialRecord> known(int generation, History history) {
      var known = new ArrayList<TrialRecord>();
      // Backwards, since the last generation stands at the end.
      for (int i = history.size() - 1; i >= 0; i--) {
        var trial = history.get(i);
        if (trial.number() >= 0 && generation(trial.number()) == generation) {
          known.add(trial);
        }
      }
      known.sort(Comparator.comparingInt(TrialRecord::number));
      return known;
    }

    @Override
    public boolean waits(History history) {
      int trial = next(history);
      int before = trial - population;
      if (before < 0 || isEnd(trial)) {
        return false;
      }
      var pending = history.pending().stream().mapToInt(History.Pending::number).toArray();
      for (int number : pending) {
        if (number == before) {
          return true;
        }
      }
      // Its member failed, and whom it could go on from is not known yet.
      var known = known(generation(before), history);
      boolean pendingPeers = false;
      for (int number : pending) {
        pendingPeers |= generation(number) == generation(before);
      }
      return pendingPeers && ranked(known).isEmpty();
    }

    private int next(History history) {
      int next = 0;
      for (var trial : history.pending()) {
        next = Math.max(next, trial.number() + 1);
      }
      for (int i = 0; i < history.size(); i++) {
        next = Math.max(next, history.get(i).number() + 1);
      }
      return next;
    }

    private boolean isEnd(int trial) {
      return steps > 0 && (long) generation(trial) * interval >= steps;
    }

    @Override
    public @Nullable Proposal propose(int trial, History history) {
      int generation = generation(trial);
      if (isEnd(trial)) {
        return null;
      }
      if (generation == 0) {
        return start(trial);
      }
      var known = known(generation - 1, history);
      var ranked = ranked(known);
      if (ranked.isEmpty()) {
        return afterFailures(trial, known.size(), history);
      }
      var own = own(trial, known);
      var parent = parent(trial, own, ranked, known.size());
      return parent == own ? goOn(trial, parent) : takeOver(trial, parent);
    }

    /// The complete trials, the best first.
    private List<TrialRecord> ranked(List<TrialRecord> known) {
      return known.stream()
          .filter(trial -> trial.state() == TrialState.COMPLETE)
          .sorted(
              Comparator.comparing((TrialRecord trial) -> Merit.of(trial, task.objectives()))
                  .thenComparingInt(TrialRecord::number))
          .toList();
    }

    /// The member's own last trial, null where it failed.
    private @Nullable TrialRecord own(int trial, List<TrialRecord> known) {
      return known.stream()
          .filter(other -> other.number() == trial - population)
          .filter(other -> other.state() == TrialState.COMPLETE)
          .findFirst()
          .orElse(null);
    }

    /// Truncation selection.
    ///
    /// @param ranked not empty
    /// @param known how many trials are compared, failed ones too
    private TrialRecord parent(
        int trial, @Nullable TrialRecord own, List<TrialRecord> ranked, int known) {
      int share = known < 2 || quantile == 0 ? 0 : Math.max(1, (int) (quantile * known));
      if (own != null && ranked.indexOf(own) < known - share) {
        return own;
      }
      int best = Math.clamp(share, 1, ranked.size());
      var random = task.streams().stream(trial, Purpose.EXPLORATION);
      var chosen = ranked.get(random.nextInt(best));
      return own == null || merit(chosen).compareTo(merit(own)) < 0 ? chosen : own;
    }

    private Merit merit(TrialRecord trial) {
      return Merit.of(trial, task.objectives());
    }

    private Proposal goOn(int trial, TrialRecord own) {
      return new Proposal(own.configuration(), segment(trial, own).notes());
    }

    private Proposal takeOver(int trial, TrialRecord parent) {
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      var changed = exploration.change(parent.configuration(), random);
      return new Proposal(changed, segment(trial, parent).notes());
    }

    private Segment segment(int trial, TrialRecord parent) {
      var before = Segment.of(parent);
      return before == null
          ? new Segment(null, 0, end(generation(trial)))
          : new Segment(parent.number(), before.to(), end(generation(trial)));
    }

    private Proposal start(int trial) {
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      var drawn =
          beliefs == null
              ? task.space().find(random)
              : beliefs.draw(random, task.space()::satisfies, () -> task.space().find(random));
      if (drawn == null) {
        throw new NothingFound();
      }
      return adopt(trial, new Proposal(drawn));
    }

    /// Nobody of the generation before is known to have completed. If all have failed, members go
    /// back to the last generation that had somebody; where there never was one, that is the end.
    /// Else training begins once more.
    private @Nullable Proposal afterFailures(int trial, int known, History history) {
      if (known < population) {
        return start(trial);
      }
      for (int generation = generation(trial) - 2; generation >= 0; generation--) {
        var ranked = ranked(known(generation, history));
        if (!ranked.isEmpty()) {
          var random = task.streams().stream(trial, Purpose.EXPLORATION);
          return takeOver(trial, ranked.get(random.nextInt(ranked.size())));
        }
      }
      return null;
    }

    /// A configuration that begins to train, and catches up with the others.
    @Override
    public Proposal adopt(int trial, Proposal enqueued) {
      var notes = new LinkedHashMap<String, @Nullable Object>(enqueued.notes());
      notes.putAll(new Segment(null, 0, end(generation(trial))).notes());
      return new Proposal(enqueued.configuration(), notes);
    }

    @Override
    public StopReason exhaustion() {
      return StopReason.TRAINED;
    }
  }
}
