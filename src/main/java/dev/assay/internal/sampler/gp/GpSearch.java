package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;

import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.random.SobolSequence;
import dev.assay.internal.sampler.cost.TrialCosts;
import dev.assay.internal.sampler.gp.Repetitions.Verdict;
import dev.assay.internal.sampler.prior.Beliefs;
import dev.assay.internal.sampler.seen.Untried;
import dev.assay.internal.surrogate.FittedOutputs;
import dev.assay.internal.surrogate.Known;
import dev.assay.internal.surrogate.NoiseHypothesis;
import dev.assay.internal.surrogate.Suggestion;
import dev.assay.internal.surrogate.SurrogateSearch;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// A search by [GpSampler]: what it proposes follows from the history; what it keeps are memos.
public final class GpSearch implements Sampler.Proposer {
  private static final Logger LOG = Log.of(GpSearch.class);

  /// With less to gain than this share of what the values differed by, every other trial explores.
  private static final double LITTLE = 1e-5;

  /// With less than this, every trial does.
  private static final double NOTHING = 1e-8;

  /// The best trials around which long lists of candidates are looked through.
  private static final int CENTRES = 4;

  /// With noise as probable as this, one trial is repeated.
  private static final double LIKELY = 0.5;

  /// Trials at powers of two before the first model. With fewer it soon takes what other sizes cost
  /// for what else these trials had in common, and does not come back.
  private static final int ROUND_SIZES = 10;

  /// Draws that may have no round sizes that can be tried.
  private static final int ROUND_DRAWS = 256;

  /// Less than any distance's logarithm.
  private static final double LAST = -1e3;

  private final GpStrategy sampler;
  private final SearchTask task;
  private final BoxEncoding encoding;
  private final Untried untried;
  private final SpaceFilling filling;
  private final @Nullable BoxBelief expected;
  private final CheapFirst cheapFirst;
  private final @Nullable SobolSequence sobol;
  private final int start;

  /// The memos: the models fitted to the first so many finished trials, and what was computed of
  /// them.
  private @Nullable FittedOutputs fitted;

  private NoiseHypothesis.@Nullable Belief belief;
  private int fittedAt = -1;
  private @Nullable GpEngine engine;
  private @Nullable GpEngine asked;
  private @Nullable SurrogateSearch search;
  private boolean underNoise;

  public GpSearch(GpStrategy sampler, SearchTask task) {
    this.sampler = sampler;
    this.task = task;
    encoding = BoxEncoding.ofSizes(task.space());
    untried = new Untried(task.space());
    filling = new SpaceFilling(task, encoding);
    expected = BoxBelief.of(task.space(), encoding);
    cheapFirst =
        new CheapFirst(
            sampler.weighsProbabilities() ? sampler.cost() : TrialCosts.NONE, task, encoding);
    int axes = task.space().dimension();
    sobol =
        axes > SobolSequence.MAX_DIMENSION
            ? null
            : new SobolSequence(axes, task.streams().seed(0, Purpose.SCRAMBLE));
    int first = sampler.firstModel(encoding.box(), task.objectives().size());
    boolean roundly = !encoding.oddParts().isEmpty() && sampler.choosesStart();
    start = roundly ? Math.max(ROUND_SIZES, first) : first;
  }

  @Override
  public @Nullable Proposal propose(int trial, History known) {
    var history = known.runs();
    var observed = ObservedLosses.of(history, task.objectives());
    if (known.size() > 0) { // the first trial does not share the processor
      sampler.engine().forSize(observed.completed()).prepare();
    }
    boolean early = known.size() + known.pending().size() < start;
    if (early || observed.completed() < 2 || encoding.box().dimension() == 0) {
      return initial(trial, known);
    }
    requireMemory(history.size() + history.pending().size());
    var proposal = modelled(trial, history, observed);
    return proposal != null ? proposal : drawn(trial, history);
  }

  private @Nullable Proposal initial(int trial, History history) {
    var unit = new double[task.space().dimension()];
    Arrays.fill(unit, 0.5);
    if (trial > 0 && sobol != null) {
      sobol.point(trial - 1, unit);
    }
    if (expected != null && !Beliefs.isHeedless(trial)) {
      expected.beliefs().place(unit);
    }
    var configuration = round(trial, task.space().fromUnit(unit), history);
    if (task.space().isListed()) {
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      var row = untried.near(configuration, random, history);
      return row == null ? null : new Proposal(row);
    }
    boolean free = trial == 0 || sobol != null;
    if (!free || !untried.allows(configuration, history)) {
      return drawn(trial, history);
    }
    var failures = FailedOptions.of(history);
    if (!failures.isIn(configuration)) {
      return new Proposal(configuration);
    }
    var other =
        filling.farthest(
            trial, history, encoding.rule(history, untried), points -> worth(points, failures));
    return new Proposal(other == null ? configuration : other);
  }

  /// Near a configuration, where there is one, or else anywhere: one whose sizes are powers of two.
  private Configuration round(int trial, Configuration configuration, History history) {
    var oddParts = encoding.oddParts();
    if (oddParts.isEmpty()) {
      return configuration;
    }
    var random = task.streams().stream(trial, Purpose.FILLING);
    Configuration from = configuration;
    for (int i = 0; from != null && i < ROUND_DRAWS; i++) {
      var rounded = oddParts.rounded(from);
      if (untried.allows(rounded, history)) {
        return rounded;
      }
      from = untried.drawEvenly(random, history);
    }
    return configuration;
  }

  /// Options that have only failed are the last to be tried.
  private double[] worth(double[] points, FailedOptions failures) {
    int d = encoding.box().dimension();
    var worth = new double[points.length / d];
    for (int i = 0; i < worth.length; i++) {
      var point = Arrays.copyOfRange(points, i * d, (i + 1) * d);
      worth[i] = failures.isIn(encoding.configuration(point)) ? LAST : 0;
    }
    return worth;
  }

  private @Nullable Proposal drawn(int trial, History history) {
    var random = task.streams().stream(trial, Purpose.PROPOSAL);
    var configuration = untried.draw(random, history);
    return configuration == null ? null : new Proposal(configuration);
  }

  /// @return null where nothing that models or a look around the space suggest may be proposed
  private @Nullable Proposal modelled(int trial, History history, ObservedLosses observed) {
    var repetitions = Repetitions.of(history);
    var verdict = verdict(repetitions, observed);
    boolean noisy = verdict == Verdict.NOISY;
    var current = choose(sampler.engine().forSize(observed.completed()), noisy);
    var known =
        new Known(
            encoding.points(observed.configurations()),
            sampler.outputs(history, observed.losses()),
            pending(history),
            sampler.weighsProbabilities()
                ? ObservedLosses.excessesAndFailures(history, task.constraints().size())
                : ObservedLosses.excesses(history, task.constraints().size()));
    var outputs = fitted;
    if (outputs == null || fittedAt != history.size()) {
      long seed = task.streams().seed(history.size(), Purpose.FIT);
      outputs = current.fit(known, FitNotes.last(history), seed);
      belief =
          verdict == Verdict.UNKNOWN && task.objectives().size() == 1
              ? current.judgeNoise(outputs, known, FitNotes.lastBelief(history), seed)
              : null;
      fitted = outputs;
      fittedAt = history.size();
    }
    var judged = belief;
    if (judged != null && judged.probability() > LIKELY && repetitions.mayRepeat()) {
      var repetition = repetition(history, known, outputs);
      if (repetition != null) {
        return repetition;
      }
    }
    var best = observed.best(CENTRES);
    var rule = encoding.rule(history, untried, best, FailedOptions.of(history), noisy);
    String why;
    if (known.isConstant()) {
      why = "all values are equal";
    } else if (!noisy && trial % 2 == 0 && known.isBestOnPlateau()) {
      why = "the best value is that of a plateau";
    } else {
      try {
        var suggestion = suggest(trial, history, rule, best, outputs, known);
        double threshold = trial % 2 == 0 ? LITTLE : NOTHING;
        if (noisy || suggestion.logGain() >= Math.log(threshold)) {
          return led(encoding.configuration(suggestion.point()), history, outputs);
        }
        why = "converged: models expect no gain";
      } catch (NoSuchElementException e) { // exhausted, nearly so, or nothing but noise
        why = "nothing untried was found where models have a lead";
      }
    }
    var configuration = elsewhere(trial, history, rule, outputs, known);
    return configuration == null ? null : noted(configuration, outputs, GpSampler.EXPLORES, why);
  }

  /// Models weighed with what is expected, and with costs; models alone every now and then, and
  /// where what else there is leads to next to no gain.
  private Suggestion suggest(
      int trial,
      History history,
      CandidateRule rule,
      List<Configuration> best,
      FittedOutputs outputs,
      Known known) {
    var current = requireNonNull(search);
    long seed = task.streams().seed(trial, Purpose.PROPOSAL);
    var hoped =
        expected == null || Beliefs.isHeedless(trial)
            ? null
            : expected.prefer(rule, history.size(), best);
    var preferring = cheapFirst.prefer(hoped == null ? rule : hoped, trial, history);
    if (preferring != rule) {
      var suggestion = current.suggest(outputs, known, preferring, trial, seed);
      if (suggestion.logGain() >= Math.log(LITTLE)) {
        return suggestion;
      }
    }
    return current.suggest(outputs, known, rule, trial, seed);
  }

  private Verdict verdict(Repetitions repetitions, ObservedLosses observed) {
    var known = sampler.knownNoise();
    return known == Verdict.UNKNOWN ? repetitions.verdict(observed.isStepped()) : known;
  }

  /// The best trial once more: where models lean to noise, only that can tell noise from structure.
  ///
  /// @return null of a list, whose rows are tried once, and where so little of a finite space is
  ///   left that the repetition would cost too much
  private @Nullable Proposal repetition(History history, Known known, FittedOutputs outputs) {
    long left = task.space().validAtMost().orElse(Long.MAX_VALUE) - history.size();
    boolean listed = task.space().isFinite() && task.space().isTight();
    if (listed || left < 2L * history.size()) {
      return null;
    }
    TrialRecord best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < history.size(); i++) {
      var trial = history.get(i);
      boolean counts = trial.state() == TrialState.COMPLETE && trial.isFeasible();
      if (counts && known.values()[i] < least) {
        best = trial;
        least = known.values()[i];
      }
    }
    return best == null
        ? null
        : noted(
            best.configuration(),
            outputs,
            GpSampler.REPEATS,
            "trial " + best.number() + ": to tell noise from structure");
  }

  /// What models led to; under noise it may be what was tried before.
  private Proposal led(Configuration configuration, History history, FittedOutputs outputs) {
    if (history.contains(configuration)) {
      for (var trial : history.finished()) {
        if (trial.number() >= 0 && trial.configuration().equals(configuration)) {
          var why = "trial " + trial.number() + ": under noise it pays to know it better";
          return noted(configuration, outputs, GpSampler.REPEATS, why);
        }
      }
    }
    return noted(configuration, outputs, null, "");
  }

  /// Far from all trials, and where trials likely bring a value and keep the constraints.
  private @Nullable Configuration elsewhere(
      int trial, History history, CandidateRule rule, FittedOutputs outputs, Known known) {
    var current = requireNonNull(search);
    var failures = FailedOptions.of(history);
    return filling.farthest(
        trial,
        history,
        rule,
        points -> {
          var worth = worth(points, failures);
          var likely = current.logFeasibility(outputs, known, points);
          Arrays.setAll(worth, i -> worth[i] + likely[i]);
          return worth;
        });
  }

  /// @param key of the note that says why no model led there; null where one did
  private Proposal noted(
      Configuration configuration, FittedOutputs outputs, @Nullable String key, String why) {
    var notes = new LinkedHashMap<String, @Nullable Object>();
    if (outputs.memories().stream().anyMatch(memory -> memory.size() > 0)) {
      notes.putAll(FitNotes.of(outputs.memories(), belief, requireNonNull(engine)));
    }
    if (key != null) {
      notes.put(key, why);
    }
    return new Proposal(configuration, notes);
  }

  /// Opens what searches on an engine, unless it is open.
  private SurrogateSearch choose(GpEngine wanted, boolean noisy) {
    var current = search;
    if (current != null && wanted.equals(asked) && noisy == underNoise) {
      return current;
    }
    close();
    var settings = sampler.surrogates(task, encoding.box(), noisy);
    var chosen = settings.hasPrograms() ? wanted : GpEngine.standard();
    if (!chosen.id().equals(wanted.id()) && !wanted.equals(asked)) {
      LOG.warn(
          "On the processor, not on {}: devices have no program for {}",
          wanted.id(),
          settings.parts());
    }
    asked = wanted;
    engine = chosen;
    underNoise = noisy;
    current =
        task.objectives().size() > 1
            ? SurrogateSearch.ofSeveral(chosen, encoding.box(), settings)
            : new SurrogateSearch(chosen, encoding.box(), settings);
    search = current;
    return current;
  }

  private double[] pending(History history) {
    var configurations = new ArrayList<Configuration>();
    history.pending().forEach(p -> configurations.add(p.configuration()));
    return encoding.points(configurations);
  }

  /// The factor and its neighbours: 8 bytes for each pair of trials, with room to grow.
  private static void requireMemory(int n) {
    double rows = n + n / 8.0;
    double need = 8.0 * rows * (rows + 300);
    double have = 0.9 * Runtime.getRuntime().maxMemory();
    if (need > have || n > 40_000) {
      throw new Problem(
          "The Gaussian process of so many trials does not fit into memory.",
          String.format(
              Locale.ROOT, "%d trials: needs %.1f GB, has %.1f GB", n, need / 1e9, have / 1e9),
          "Use the sampler tpe or auto, or give the JVM more memory (-Xmx).");
    }
  }

  @Override
  public void close() {
    if (search != null) {
      search.close();
    }
    search = null;
    engine = null;
    fitted = null;
  }
}
