package dev.assay.internal.sampler.memory;

import dev.assay.internal.sampler.cost.SizeFeatures;
import dev.assay.random.Purpose;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.Segment;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Moves what a sampler proposes to the nearest configuration that fits into memory, once trials
/// have failed because memory ran out. Where no trial did, nothing is changed; where one did once
/// only, it may have been somebody else's memory.
///
/// A search that weighs improvement with the chance of success still goes again and again to where
/// memory has just run out, since the largest model that fits is often the best: there a chance of
/// one in two is worth it for a point of value, and is not for a trial of an hour.
public final class MemoryGuard implements Sampler.Proposer {
  /// The note of a proposal that was moved.
  private static final String NOTE = "moved";

  private static final String WHY = "memory";

  /// The highest chance of running out that is taken, while few trials are lost.
  private static final double BOLD = 0.25;

  /// The same where more than [#SPARE] and [#LOST] of the trials since the first [#FEWEST] failures
  /// were lost.
  private static final double CAREFUL = 0.05;

  private static final double LOST = 0.03;

  /// Without it one loss more, right at the beginning, made a search timid for dozens of trials.
  private static final int SPARE = 1;

  /// Chances so many times the lowest are about as low.
  private static final double ABOUT = 1.5;

  /// Failures for lack of memory before anything is moved.
  private static final int FEWEST = 2;

  /// Trials of each outcome that the model knows, the last ones.
  private static final int KNOWN = 80;

  private static final int NEAR = 60;
  private static final int ANYWHERE = 100;
  private static final double[] WIDTHS = {0.03, 0.08, 0.2, 0.4};

  /// Candidates on the way to a trial that fitted.
  private static final int STEPS = 5;

  private final Sampler.Proposer proposer;
  private final SearchTask task;
  private final SizeFeatures features;

  /// Finished trials that were looked at, and how many of these ran out of memory.
  private int seen;

  private int ranOutOfMemory;

  private MemoryGuard(Sampler.Proposer proposer, SearchTask task) {
    this.proposer = proposer;
    this.task = task;
    features = new SizeFeatures(task.space());
  }

  /// A proposer whose proposals fit into memory, as far as that is known.
  public static Sampler.Proposer of(Sampler.Proposer proposer, SearchTask task) {
    return task.space().isOpen() ? proposer : new MemoryGuard(proposer, task);
  }

  @Override
  public @Nullable Proposal propose(int trial, History history) {
    var proposal = proposer.propose(trial, history);
    var segment = proposal == null ? null : Segment.of(TrialRecord.waiting(trial, proposal));
    if (proposal == null || segment != null && segment.parent() != null) {
      return proposal; // what goes on from a checkpoint had enough
    }
    var moved = moved(trial, history, proposal.configuration());
    if (moved == null) {
      return proposal;
    }
    var instead =
        segment == null
            ? new Proposal(moved, proposal.notes())
            : proposer.adopt(trial, new Proposal(moved));
    var notes = new LinkedHashMap<String, @Nullable Object>(instead.notes());
    notes.put(NOTE, WHY);
    return new Proposal(moved, notes);
  }

  /// How many trials failed for lack of memory. Most studies have none, and are not read again for
  /// it.
  private int failures(History history) {
    if (history.size() < seen) {
      seen = 0;
      ranOutOfMemory = 0;
    }
    for (; seen < history.size(); seen++) {
      ranOutOfMemory += history.get(seen).cause() == Cause.OUT_OF_MEMORY ? 1 : 0;
    }
    return ranOutOfMemory;
  }

  /// @return null where it may stay as it is
  private @Nullable Configuration moved(int trial, History history, Configuration proposed) {
    if (failures(history) < FEWEST) {
      return null;
    }
    var ranOut = new ArrayList<TrialRecord>();
    var fitted = new ArrayList<TrialRecord>();
    int warned = 0;
    for (var record : history.finished()) {
      warned += ranOut.size() >= FEWEST ? 1 : 0;
      if (record.cause() == Cause.OUT_OF_MEMORY) {
        ranOut.add(record);
      } else if (fitted(record)) {
        fitted.add(record);
      }
    }
    if (fitted.isEmpty()) {
      return null;
    }
    var points = new ArrayList<double[]>();
    var outcomes = new ArrayList<Boolean>();
    for (var side : List.of(ranOut, fitted)) {
      for (var record : side.subList(Math.max(0, side.size() - KNOWN), side.size())) {
        points.add(features.of(record.configuration()));
        outcomes.add(side == ranOut);
      }
    }
    var model = MemoryModel.of(points, outcomes);
    double allowed = ranOut.size() - FEWEST <= SPARE + LOST * warned ? BOLD : CAREFUL;
    if (model == null || model.chance(features.of(proposed)) <= allowed) {
      return null;
    }
    return nearest(candidates(trial, proposed, fitted), proposed, model, allowed, history);
  }

  /// Whether memory was enough, whatever else went wrong.
  private static boolean fitted(TrialRecord trial) {
    return trial.state() == TrialState.COMPLETE
        || trial.state() == TrialState.PRUNED
        || trial.cause() == Cause.DIVERGED
        || trial.cause() == Cause.NOT_FINITE
        || trial.cause() == Cause.TIMEOUT;
  }

  private List<Configuration> candidates(
      int trial, Configuration proposed, List<TrialRecord> fitted) {
    var space = task.space();
    var random = task.streams().stream(trial, Purpose.FILLING);
    var candidates = new ArrayList<Configuration>();
    for (double width : WIDTHS) {
      for (int i = 0; i < NEAR; i++) {
        candidates.add(near(space, proposed, width, random));
      }
    }
    for (int i = 0; i < ANYWHERE; i++) {
      var from = fitted.get(random.nextInt(fitted.size())).configuration();
      for (int step = 0; step < STEPS; step++) {
        double share = (step + random.nextDouble()) / STEPS;
        candidates.add(between(space, proposed, from, share, random));
      }
    }
    return candidates;
  }

  private static Configuration near(
      SearchSpace space, Configuration from, double width, RandomGenerator random) {
    var codes = new double[space.dimension()];
    for (int i = 0; i < codes.length; i++) {
      var distribution = space.parameters().get(i).distribution();
      double code = from.code(i);
      boolean unordered = distribution instanceof Choice(var _, var ordered) && !ordered;
      if (Double.isNaN(code) || unordered && random.nextDouble() < width) {
        codes[i] = distribution.fromUnit(random.nextDouble());
      } else if (unordered || random.nextBoolean()) {
        codes[i] = code;
      } else {
        double unit = distribution.toUnit(code) + width * random.nextGaussian();
        codes[i] = distribution.fromUnit(Math.clamp(unit, 0, Math.nextDown(1.0)));
      }
    }
    return space.fromCodes(codes);
  }

  /// A share of the way to another configuration: unordered choices are the one's or the other's.
  private static Configuration between(
      SearchSpace space,
      Configuration from,
      Configuration to,
      double share,
      RandomGenerator random) {
    var codes = new double[space.dimension()];
    for (int i = 0; i < codes.length; i++) {
      var distribution = space.parameters().get(i).distribution();
      double code = from.code(i);
      boolean unordered = distribution instanceof Choice(var _, var ordered) && !ordered;
      if (Double.isNaN(code) || Double.isNaN(to.code(i)) || unordered) {
        codes[i] = random.nextDouble() < share ? to.code(i) : code;
      } else {
        double unit = distribution.toUnit(code);
        codes[i] = distribution.fromUnit(unit + share * (distribution.toUnit(to.code(i)) - unit));
      }
      if (Double.isNaN(codes[i])) {
        codes[i] = distribution.fromUnit(random.nextDouble());
      }
    }
    return space.fromCodes(codes);
  }

  /// The nearest candidate that is allowed. Where few trials tell, none may be: then the nearest of
  /// those that fit about as probably as any.
  private @Nullable Configuration nearest(
      List<Configuration> candidates,
      Configuration proposed,
      MemoryModel model,
      double allowed,
      History history) {
    var open =
        candidates.stream()
            .filter(c -> task.space().satisfies(c) && !history.contains(c))
            .distinct()
            .toList();
    var chances = open.stream().mapToDouble(c -> model.chance(features.of(c))).toArray();
    double lowest = Arrays.stream(chances).min().orElse(1);
    double limit = Math.max(allowed, ABOUT * lowest);
    Configuration best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < chances.length; i++) {
      double distance = distance(open.get(i), proposed);
      if (chances[i] <= limit && distance < least) {
        least = distance;
        best = open.get(i);
      }
    }
    return best;
  }

  /// Squared, in unit values; an unordered choice counts one.
  private double distance(Configuration a, Configuration b) {
    double sum = 0;
    for (int i = 0; i < task.space().dimension(); i++) {
      var distribution = task.space().parameters().get(i).distribution();
      double difference;
      if (Double.isNaN(a.code(i)) || Double.isNaN(b.code(i))) {
        difference = Double.isNaN(a.code(i)) == Double.isNaN(b.code(i)) ? 0 : 1;
      } else if (distribution instanceof Choice(var _, var ordered) && !ordered) {
        difference = a.code(i) == b.code(i) ? 0 : 0.5;
      } else {
        difference = distribution.toUnit(a.code(i)) - distribution.toUnit(b.code(i));
      }
      sum += difference * difference;
    }
    return sum;
  }

  @Override
  public boolean waits(History history) {
    return proposer.waits(history);
  }

  @Override
  public Proposal adopt(int trial, Proposal enqueued) {
    return proposer.adopt(trial, enqueued);
  }

  @Override
  public StopReason exhaustion() {
    return proposer.exhaustion();
  }

  @Override
  public void close() {
    proposer.close();
  }
}
