package dev.assay.internal.sampler;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.sampler.cmaes.CmaEsSampler;
import dev.assay.internal.sampler.cost.TrialCosts;
import dev.assay.internal.sampler.gp.GpSampler;
import dev.assay.internal.sampler.gp.Noisy;
import dev.assay.internal.sampler.gp.OnEngine;
import dev.assay.internal.sampler.gp.Recommendations;
import dev.assay.internal.sampler.simple.RandomSampler;
import dev.assay.internal.sampler.tpe.TpeSampler;
import dev.assay.internal.words.Log;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.space.Choice;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The default: chooses a sampler by the space, the number of trials and what they cost, and may
/// choose another one as the study grows.
///
/// - A finite space of which little is left: what is left, in random order.
/// - Up to [#MODELLED] trials: Gaussian processes (which average over models up to 200 trials, take
///   the best of them beyond, and search from the best point where there are many parameters).
/// - Beyond, or once a proposal costs more than [#DEAR] of a trial: where all parameters are
///   numbers CMA-ES and TPE by turns, most of them for the one that found the better value
///   ([Rivalry]); else TPE. TPE too where there are more than three objectives, or several and more
///   than [#MODELLED_JOINTLY] trials.
///
/// What was chosen, and why, is noted with each trial. The cost of proposals cannot be rebuilt from
/// the outcomes, so it is noted too; with a batch rule, which promises the same trials on every
/// machine, it has no say.
///
/// @param noisy whether one configuration may bring different values, as for `gp`
/// @param cost what says how much a trial costs, as for `gp`
/// @param engine what computes them
public record AutoSampler(
    @Option("whether one configuration may bring different values, as for `gp`") Noisy noisy,
    @Option("the metric that says what a trial cost, as for `gp`") String cost,
    GpEngine engine)
    implements Sampler, OnEngine {
  /// The note that holds the choice: `gp: ...`.
  public static final String NOTE = "auto";

  private static final Logger LOG = Log.of(AutoSampler.class);

  /// Finished and pending trials that are still modelled by Gaussian processes.
  static final int MODELLED = 2000;

  /// The same where there are several objectives: the more points a front has, the dearer is its
  /// hypervolume.
  static final int MODELLED_JOINTLY = 500;

  /// The most objectives whose hypervolume improvement is known in closed form.
  private static final int MODELLED_OBJECTIVES = 3;

  /// The share of a trial's time that a proposal may cost.
  static final double DEAR = 0.05;

  /// Cost has no say before: these proposals are cheap and the ones that matter most.
  private static final int CHEAP = 200;

  /// Trials whose times and costs are looked at.
  private static final int RECENT = 20;

  private static final String COST = "suggest_seconds";

  /// What can be chosen.
  private enum Kind {
    ENUMERATION("enumeration"),
    GP("gp"),
    CMAES("cmaes"),
    TPE("tpe");

    private final String key;

    Kind(String key) {
      this.key = key;
    }
  }

  /// @param reason half a sentence
  private record Verdict(Kind kind, String reason) {
    String text() {
      return kind.key + ": " + reason;
    }
  }

  public AutoSampler {
    Settings.check("sampler auto", AutoSampler.class, noisy, cost, engine);
  }

  public AutoSampler() {
    this(GpEngine.standard());
  }

  public AutoSampler(GpEngine engine) {
    this(Noisy.AUTO, TrialCosts.AUTO, engine);
  }

  @Override
  public AutoSampler on(GpEngine other) {
    return new AutoSampler(noisy, cost, other);
  }

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    return TrialCosts.stored(Settings.written(this));
  }

  @Override
  public List<Recommendation> ranked(List<TrialRecord> trials, List<Objective> objectives) {
    return Recommendations.ranked(trials, objectives);
  }

  @Override
  public Proposer open(SearchTask task) {
    return new Switching(this, task);
  }

  private static final class Switching implements Proposer {
    private final AutoSampler sampler;
    private final SearchTask task;
    private final Map<Kind, Proposer> opened = new EnumMap<>(Kind.class);
    private final @Nullable Rivalry rivalry;
    private String said = "";

    Switching(AutoSampler sampler, SearchTask task) {
      this.sampler = sampler;
      this.task = task;
      rivalry = Rivalry.isFor(task) ? new Rivalry(task, Kind.CMAES.key, Kind.TPE.key) : null;
    }

    @Override
    public @Nullable Proposal propose(int trial, History history) {
      var verdict = choose(trial, history);
      if (!verdict.text().equals(said)) {
        said = verdict.text();
        LOG.info("Sampler auto chose {}", said);
      }
      long start = System.nanoTime();
      var shown = verdict.kind == Kind.CMAES && rivalry != null ? rivalry.shown(history) : history;
      var proposal = opened.computeIfAbsent(verdict.kind, this::open).propose(trial, shown);
      double seconds = (System.nanoTime() - start) * 1e-9;
      return proposal == null ? null : noted(proposal, verdict, history, seconds);
    }

    private Proposer open(Kind kind) {
      return switch (kind) {
        case ENUMERATION -> new RandomSampler().open(task);
        case GP -> new GpSampler(sampler.noisy, sampler.engine).withCost(sampler.cost).open(task);
        case CMAES -> new CmaEsSampler().open(task);
        case TPE -> new TpeSampler().open(task);
      };
    }

    private Proposal noted(Proposal proposal, Verdict verdict, History history, double seconds) {
      var notes = new LinkedHashMap<String, @Nullable Object>(proposal.notes());
      notes.put(NOTE, verdict.text());
      if (task.batch() == 0 && history.size() > CHEAP && verdict.kind == Kind.GP) {
        notes.put(COST, seconds);
      }
      return new Proposal(proposal.configuration(), notes);
    }

    private Verdict choose(int trial, History history) {
      int known = history.size() + history.pending().size();
      long size = task.space().validAtMost().orElse(Long.MAX_VALUE);
      if (size != Long.MAX_VALUE && 3.0 * known >= 2.0 * size) {
        return new Verdict(
            Kind.ENUMERATION, "at most a third of " + size + " configurations is left");
      }
      int objectives = task.objectives().size();
      if (objectives > MODELLED_OBJECTIVES) {
        return new Verdict(Kind.TPE, objectives + " objectives");
      }
      int most = objectives == 1 ? MODELLED : MODELLED_JOINTLY;
      if (known > most) {
        return beyond(trial, history, "more than " + most + " trials");
      }
      if (task.batch() == 0 && history.size() > CHEAP && isDear(history)) {
        return beyond(
            trial,
            history,
            "a Gaussian process costs more than " + (int) (100 * DEAR) + " % of a trial");
      }
      return new Verdict(Kind.GP, space());
    }

    /// What follows Gaussian processes.
    private Verdict beyond(int trial, History history, String reason) {
      if (rivalry == null) {
        return new Verdict(Kind.TPE, reason);
      }
      rivalry.follow(history);
      return new Verdict(
          rivalry.isForCmaes(trial) ? Kind.CMAES : Kind.TPE,
          reason + (rivalry.cmaesLeads() ? "; cmaes leads" : "; tpe leads"));
    }

    private String space() {
      var parameters = task.space().parameters();
      long choices =
          parameters.stream()
              .filter(p -> p.distribution() instanceof Choice choice && !choice.ordered())
              .count();
      long numbers = parameters.size() - choices;
      return numbers
          + (numbers == 1 ? " number" : " numbers")
          + (choices == 0 ? "" : " and " + choices + (choices == 1 ? " choice" : " choices"));
    }

    /// Whether the last proposals by Gaussian processes cost too much of the last trials; once
    /// found, it stays so.
    private static boolean isDear(History history) {
      var last = lastChoice(history);
      if (last != null && (last.startsWith(Kind.TPE.key) || last.startsWith(Kind.CMAES.key))) {
        return true;
      }
      double cost = median(history, t -> t.notes().get(COST) instanceof Number s ? s : null);
      double time = median(history, t -> t.seconds());
      return cost > DEAR * time;
    }

    private static @Nullable String lastChoice(History history) {
      for (int i = history.size() - 1; i >= 0; i--) {
        if (history.get(i).notes().get(NOTE) instanceof String text) {
          return text;
        }
      }
      return null;
    }

    /// NaN, which no comparison holds for, where there are none.
    private static double median(
        History history, java.util.function.Function<TrialRecord, @Nullable Number> figure) {
      List<TrialRecord> recent =
          history.finished().subList(Math.max(0, history.size() - RECENT), history.size());
      var sorted =
          recent.stream()
              .map(figure)
              .filter(java.util.Objects::nonNull)
              .mapToDouble(Number::doubleValue)
              .sorted()
              .toArray();
      return sorted.length < RECENT / 4
          ? Double.NaN
          : Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElse(Double.NaN);
    }

    @Override
    public void close() {
      opened.values().forEach(Proposer::close);
    }
  }
}
