package dev.assay.run.trainer;

import dev.assay.device.DeviceTooSmall;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.run.Repeats;
import dev.assay.space.Configuration;
import dev.assay.study.Asked;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.train.FusedRun;
import dev.assay.train.FusedTrainer;
import dev.assay.train.TrainRequest;
import dev.assay.train.TrainResult;
import dev.assay.train.TrainerSettings;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The search loop of a trainer that trains many trials at once. Trials are asked for as long as
/// there is room; those asked together form a wave, which is trained epoch by epoch; pruned ones
/// are compacted away, and what they leave free is filled by the next wave. Belongs to one thread.
final class FusedSearch {
  private static final Logger LOG = Log.of(FusedSearch.class);
  private static final long LONGEST_WAIT_NANOS = 1_000_000_000L;

  private final Study<Configuration> study;
  private final Budget budget;
  private final int parallel;
  private final FusedTrainer trainer;
  private final Function<Configuration, TrainerSettings> settings;
  private final TrialScores scores;
  private final boolean reporting;
  private final Repeats repeats;
  private final long deadlineNanos;

  private final List<Wave> waves = new ArrayList<>();

  /// Asked for, and waiting for memory.
  private final Deque<Candidate> queue = new ArrayDeque<>();

  /// Bytes that trials under way may take: less than the device's memory where that turned out to
  /// be too small.
  private long most = Long.MAX_VALUE;

  /// Whether the search has ended, and what is asked for confirms its finalists: their runs are
  /// known, none waits for another, and as many as fit into memory are lanes of one launch.
  private boolean confirming;

  private @Nullable StopReason reason;
  private long idleNanos;

  /// @param parallel the most trials at once
  /// @param reporting whether values are reported after every epoch, for a pruner to see
  /// @param repeats how many trainings a trial is; of several, values are reported after each
  FusedSearch(
      Study<Configuration> study,
      Budget budget,
      int parallel,
      FusedTrainer trainer,
      Function<Configuration, TrainerSettings> settings,
      TrialScores scores,
      boolean reporting,
      Repeats repeats) {
    this.study = study;
    this.budget = budget;
    this.parallel = parallel;
    this.trainer = trainer;
    this.settings = settings;
    this.scores = scores;
    this.reporting = reporting && !repeats.any();
    this.repeats = repeats;
    deadlineNanos =
        budget.time() == null ? Long.MAX_VALUE : System.nanoTime() + budget.time().toNanos();
  }

  /// @param lanes the trial's trainings, of which this is one; null: it is the only one
  /// @param number of the training, from 1
  private record Candidate(
      Trial<Configuration> trial,
      TrainRequest request,
      long bytes,
      @Nullable RepeatedLanes lanes,
      int number) {
    /// The same with another seed.
    Candidate again(RepeatedLanes all, int other) {
      var again = new TrainRequest(request.settings(), all.seed(other));
      return new Candidate(trial, again, bytes, all, other);
    }
  }

  /// Trials that began together, at the same epoch.
  private static final class Wave implements AutoCloseable {
    final FusedRun run;

    /// By their index in the run.
    final Map<Integer, Candidate> live = new LinkedHashMap<>();

    int epoch;

    Wave(FusedTrainer trainer, List<Candidate> candidates) {
      run = trainer.open(candidates.stream().map(Candidate::request).toList());
      candidates.forEach(candidate -> live.put(live.size(), candidate));
    }

    @Override
    public void close() {
      run.close();
    }
  }

  Result<Configuration> run() {
    long start = System.nanoTime();
    try {
      loop();
    } catch (InterruptedException e) {
      reason = StopReason.INTERRUPTED;
    } finally {
      release();
      study.spend((System.nanoTime() - start) * 1e-9, idleNanos * 1e-9);
    }
    var why = reason;
    return study.result(why == null ? StopReason.TRIALS : why);
  }

  private void loop() throws InterruptedException {
    while (true) {
      ask();
      launch();
      if (waves.isEmpty()) {
        if (reason != null) {
          return;
        }
        // Somebody else has to tell first.
        long start = System.nanoTime();
        long most = start >= deadlineNanos ? Long.MAX_VALUE : deadlineNanos - start;
        study.awaitChange(Duration.ofNanos(Math.min(most, LONGEST_WAIT_NANOS)));
        idleNanos += System.nanoTime() - start;
      }
      advance();
    }
  }

  /// Asks for trials until as many are under way as may be.
  private void ask() {
    while (reason == null && (confirming || underWay() < parallel)) {
      if (System.nanoTime() >= deadlineNanos && !study.endByTime()) {
        reason = StopReason.TIME;
        return;
      }
      switch (study.tryAsk(budget)) {
        case Asked.Ready<Configuration>(var trial) -> accept(trial);
        case Asked.Finished<Configuration>(var why) -> reason = why;
        case Asked.Wait<Configuration>() -> {
          return;
        }
      }
    }
  }

  private int underWay() {
    return trials().size();
  }

  /// Those that wait or are trained, each once.
  private Collection<Trial<Configuration>> trials() {
    var trials = new LinkedHashMap<Integer, Trial<Configuration>>();
    Consumer<Candidate> each = candidate -> trials.put(candidate.trial.number(), candidate.trial);
    waves.forEach(wave -> wave.live.values().forEach(each));
    queue.forEach(each);
    return trials.values();
  }

  private void accept(Trial<Configuration> trial) {
    confirming = trial.confirms() != null;
    try {
      var chosen = settings.apply(trial.parameters());
      trainer.check(chosen);
      var request = new TrainRequest(chosen, trial.seed());
      var only = new Candidate(trial, request, trainer.bytes(chosen), null, 1);
      if (repeats.any()) {
        var lanes = new RepeatedLanes(repeats, trial, scores);
        for (int number = 1; number <= lanes.first(); number++) {
          queue.add(only.again(lanes, number));
        }
      } else {
        queue.add(only);
      }
    } catch (Problem e) {
      study.tellIfHeld(trial, Outcome.failed(Cause.ERROR, String.valueOf(e.getMessage())));
    }
  }

  /// Makes a wave of what waits and fits beside what is being trained.
  private void launch() {
    long free = Math.min(trainer.memoryBytes(), most) - liveBytes();
    var chosen = new ArrayList<Candidate>();
    // One alone is always tried: others may have left more by then.
    while (queue.peek() instanceof Candidate next
        && (next.bytes <= free || waves.isEmpty() && chosen.isEmpty())) {
      chosen.add(queue.remove());
      free -= next.bytes;
    }
    if (chosen.isEmpty()) {
      return;
    }
    try {
      waves.add(new Wave(trainer, chosen));
    } catch (DeviceTooSmall e) {
      if (waves.isEmpty() && chosen.size() == 1) {
        throw e;
      }
      chosen.reversed().forEach(queue::addFirst);
      most = liveBytes() + chosen.stream().mapToLong(Candidate::bytes).sum() / 2;
      return;
    }
    LOG.debug(
        "A wave of {} trials, {} MB; {} wait for memory.",
        chosen.size(),
        String.format(
            Locale.ROOT, "%.1f", chosen.stream().mapToLong(Candidate::bytes).sum() * 1e-6),
        queue.size());
  }

  private long liveBytes() {
    return waves.stream()
        .flatMap(wave -> wave.live.values().stream())
        .mapToLong(Candidate::bytes)
        .sum();
  }

  /// All waves together, each by an epoch of its own: one with few lanes would leave cores idle.
  private void advance() throws InterruptedException {
    var epochs = new LinkedHashMap<FusedRun, Integer>();
    for (var wave : waves) {
      wave.epoch++;
      epochs.put(wave.run, reporting ? wave.epoch : Integer.MAX_VALUE);
    }
    List<List<TrainResult>> results;
    try {
      results = FusedRun.advance(epochs);
    } catch (DeviceTooSmall e) {
      beginAnew(e);
      return;
    }
    study.wave(() -> {
      for (int i = 0; i < results.size(); i++) {
        take(waves.get(i), results.get(i));
      }
    });
    waves.removeIf(wave -> wave.live.isEmpty());
  }

  /// With half as much at once.
  private void beginAnew(DeviceTooSmall e) {
    if (waves.stream().mapToInt(wave -> wave.live.size()).sum() == 1) {
      throw e;
    }
    most = liveBytes() / 2;
    LOG.info("Fewer trials at once: {}", e.value());
    release();
    if (reason != StopReason.TIME) {
      reason = null; // those that were released are asked for once more
    }
  }

  private void take(Wave wave, List<TrainResult> results) {
    int next = 0;
    for (var entry : List.copyOf(wave.live.entrySet())) {
      var result = results.get(next++);
      if (ended(wave, entry.getKey(), entry.getValue(), result)) {
        wave.live.remove(entry.getKey());
      }
    }
    wave.run.retain(wave.live.keySet());
    if (wave.live.isEmpty()) {
      wave.close();
    }
  }

  private boolean ended(Wave wave, int index, Candidate candidate, TrainResult result) {
    var trial = candidate.trial;
    if (candidate.lanes != null) {
      return ended(wave, index, candidate, candidate.lanes, result);
    }
    if (result.ended()) {
      scores.attach(trial, wave.run, index, result);
      study.tellIfHeld(trial, scores.outcome(result));
      return true;
    }
    if (trial.report(wave.epoch, scores.values(result)).prune()) {
      scores.attach(trial, wave.run, index, result);
      study.tellIfHeld(trial, Outcome.pruned());
      return true;
    }
    return false;
  }

  /// The same of one of several trainings.
  private boolean ended(
      Wave wave, int index, Candidate candidate, RepeatedLanes lanes, TrainResult result) {
    if (lanes.isOver()) {
      return true;
    }
    if (!result.ended()) {
      return false;
    }
    var training = scores.training(wave.run, index, result);
    var outcome = lanes.end(candidate.number, result, training);
    if (outcome != null) {
      queue.removeIf(other -> other.lanes == lanes);
      study.tellIfHeld(candidate.trial, outcome);
    } else if (candidate.number == 1) { // in the race still
      for (int number = lanes.count(); number > lanes.first(); number--) {
        queue.addFirst(candidate.again(lanes, number));
      }
    }
    return true;
  }

  /// What is still under way waits again.
  private void release() {
    trials().forEach(study::release);
    waves.forEach(Wave::close);
    waves.clear();
    queue.clear();
  }
}
