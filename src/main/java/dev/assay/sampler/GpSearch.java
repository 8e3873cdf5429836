package dev.assay.sampler;

import static java.util.Objects.requireNonNull;

import dev.assay.engine.CandidateRule;
import dev.assay.engine.FittedOutputs;
import dev.assay.engine.GpEngine;
import dev.assay.engine.Known;
import dev.assay.engine.OutputSearch;
import dev.assay.engine.ParetoSearch;
import dev.assay.engine.SurrogateSearch;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.random.SobolSequence;
import dev.assay.space.Configuration;
import dev.assay.study.History;
import dev.assay.study.Proposal;
import dev.assay.study.Sampler;
import dev.assay.study.SearchTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A search by [GpSampler]: what it proposes follows from the history; what it keeps are memos.
final class GpSearch implements Sampler.Proposer {
  /// With less to gain than this share of what the values differed by, every other trial explores.
  private static final double LITTLE = 1e-5;

  /// With less than this, every trial does.
  private static final double NOTHING = 1e-8;

  /// The best trials around which long lists of candidates are looked through.
  private static final int CENTRES = 4;

  private final GpSampler sampler;
  private final SearchTask task;
  private final BoxEncoding encoding;
  private final Untried untried;
  private final SpaceFilling filling;
  private final @Nullable SobolSequence sobol;
  private final int start;

  /// The memos: the models fitted to the first so many finished trials, and what was computed of
  /// them.
  private @Nullable FittedOutputs fitted;

  private int fittedAt = -1;
  private @Nullable GpEngine engine;
  private @Nullable OutputSearch search;

  GpSearch(GpSampler sampler, SearchTask task) {
    this.sampler = sampler;
    this.task = task;
    encoding = new BoxEncoding(task.space());
    untried = new Untried(task.space());
    filling = new SpaceFilling(task, encoding);
    int d = encoding.box().dimension();
    int axes = task.space().dimension();
    sobol =
        axes > SobolSequence.MAX_DIMENSION
            ? null
            : new SobolSequence(axes, task.streams().seed(0, Purpose.SCRAMBLE));
    start = sampler.start() > 0 ? sampler.start() : Math.max(4, d + 1);
  }

  @Override
  public @Nullable Proposal propose(int trial, History history) {
    var observed = ObservedLosses.of(history, task.objectives());
    boolean early = history.size() + history.pending().size() < start;
    if (early || observed.completed() < 2 || encoding.box().dimension() == 0) {
      return initial(trial, history);
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
    var configuration = task.space().fromUnit(unit);
    if (task.space().isListed()) {
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      var row = untried.near(configuration, random, history);
      return row == null ? null : new Proposal(row);
    }
    boolean free = trial == 0 || sobol != null;
    return free && untried.allows(configuration, history)
        ? new Proposal(configuration)
        : drawn(trial, history);
  }

  private @Nullable Proposal drawn(int trial, History history) {
    var random = task.streams().stream(trial, Purpose.PROPOSAL);
    var configuration = untried.draw(random, history);
    return configuration == null ? null : new Proposal(configuration);
  }

  /// @return null where nothing that models or a look around the space suggest may be proposed
  private @Nullable Proposal modelled(int trial, History history, ObservedLosses observed) {
    var current = choose(sampler.engine().forSize(observed.completed()));
    var known =
        new Known(
            encoding.points(observed.configurations()),
            observed.losses(),
            pending(history),
            ObservedLosses.excesses(history, task.constraints().size()));
    var outputs = fitted;
    if (outputs == null || fittedAt != history.size()) {
      long seed = task.streams().seed(history.size(), Purpose.FIT);
      outputs = current.fit(known, FitNotes.last(history), seed);
      fitted = outputs;
      fittedAt = history.size();
    }
    var rule = encoding.rule(history, untried, observed.best(CENTRES));
    String why;
    if (known.isConstant()) {
      why = "all values are equal";
    } else {
      try {
        long seed = task.streams().seed(trial, Purpose.PROPOSAL);
        var suggestion = current.suggest(outputs, known, rule, trial, seed);
        double threshold = trial % 2 == 0 ? LITTLE : NOTHING;
        if (suggestion.logGain() >= Math.log(threshold)) {
          var configuration = encoding.configuration(suggestion.point());
          return noted(configuration, outputs, null);
        }
        why = "converged: models expect no gain";
      } catch (NoSuchElementException e) { // exhausted, or nearly so
        why = "nothing untried was found where models look";
      }
    }
    var configuration = elsewhere(trial, history, rule, outputs, known);
    return configuration == null ? null : noted(configuration, outputs, why);
  }

  /// Far from all trials, and where the constraints on outcomes are likely kept.
  private @Nullable Configuration elsewhere(
      int trial, History history, CandidateRule rule, FittedOutputs outputs, Known known) {
    var current = requireNonNull(search);
    return filling.farthest(
        trial, history, rule, points -> current.logFeasibility(outputs, known, points));
  }

  private Proposal noted(
      Configuration configuration, FittedOutputs outputs, @Nullable String explores) {
    var notes = new LinkedHashMap<String, @Nullable Object>();
    if (outputs.memories().stream().anyMatch(memory -> memory.size() > 0)) {
      notes.putAll(FitNotes.of(outputs.memories(), requireNonNull(engine)));
    }
    if (explores != null) {
      notes.put(GpSampler.EXPLORES, explores);
    }
    return new Proposal(configuration, notes);
  }

  /// Opens what searches on an engine, unless it is open.
  private OutputSearch choose(GpEngine chosen) {
    var current = search;
    if (current != null && chosen.equals(engine)) {
      return current;
    }
    close();
    engine = chosen;
    current =
        task.objectives().size() > 1
            ? new ParetoSearch(chosen, encoding.box(), sampler.candidates())
            : new SurrogateSearch(
                chosen, encoding.box(), sampler.surrogates(encoding.box().dimension(), start));
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
  }
}
