package dev.assay.run.trainer;

import dev.assay.device.DeviceTooSmall;
import dev.assay.problem.Problem;
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
import dev.assay.trial.Segment;
import dev.assay.trial.StopReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The loop of a study whose trials are [Segment]s, of a trainer that trains many at once: those
/// that are asked for together are lanes of one run (of a population, those that end at the same
/// epoch), and begin as copies of the lanes that they go on from. Belongs to one thread.
final class PopulationSearch {
  private static final long PAUSE_NANOS = 10_000_000;

  private final Study<Configuration> study;
  private final Budget budget;
  private final int parallel;
  private final FusedTrainer trainer;
  private final Function<Configuration, TrainerSettings> settings;
  private final TrialScores scores;
  private final TrainedSegments trained;
  private final long deadlineNanos;

  /// Asked for, in the order of numbers.
  private final Deque<Candidate> queue = new ArrayDeque<>();

  /// Bytes that trials of one run may take: less than the device's memory where that turned out to
  /// be too small.
  private long most = Long.MAX_VALUE;

  private @Nullable StopReason reason;
  private long idleNanos;

  /// @param parallel the most trials at once
  PopulationSearch(
      Study<Configuration> study,
      Budget budget,
      int parallel,
      FusedTrainer trainer,
      Function<Configuration, TrainerSettings> settings,
      TrialScores scores,
      TrainedSegments trained) {
    this.study = study;
    this.budget = budget;
    this.parallel = parallel;
    this.trainer = trainer;
    this.settings = settings;
    this.scores = scores;
    this.trained = trained;
    deadlineNanos =
        budget.time() == null ? Long.MAX_VALUE : System.nanoTime() + budget.time().toNanos();
  }

  private record Candidate(
      Trial<Configuration> trial, Segment segment, TrainRequest request, long bytes) {}

  Result<Configuration> run() {
    long start = System.nanoTime();
    try {
      loop();
      trained.settle();
    } catch (InterruptedException e) {
      reason = StopReason.INTERRUPTED;
    } finally {
      queue.forEach(candidate -> study.release(candidate.trial));
      queue.clear();
      trained.close();
      study.spend((System.nanoTime() - start) * 1e-9, idleNanos * 1e-9);
    }
    var why = reason;
    return study.result(why == null ? StopReason.TRIALS : why);
  }

  private void loop() throws InterruptedException {
    while (true) {
      ask();
      if (!queue.isEmpty()) {
        var wave = next();
        try {
          train(wave);
        } catch (DeviceTooSmall e) {
          shrink(wave, e);
        }
      } else if (reason != null) {
        return;
      } else {
        // Somebody else has to tell first.
        LockSupport.parkNanos(PAUSE_NANOS);
        idleNanos += PAUSE_NANOS;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException("the search was interrupted");
      }
    }
  }

  private void ask() {
    while (reason == null && queue.size() < parallel) {
      if (System.nanoTime() >= deadlineNanos) {
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

  private void accept(Trial<Configuration> trial) {
    try {
      var chosen = settings.apply(trial.parameters());
      trainer.check(chosen);
      var segment = trial.segment();
      queue.add(
          new Candidate(
              trial,
              segment == null ? new Segment(null, 0, chosen.epochs()) : segment,
              new TrainRequest(chosen, trial.seed()),
              trainer.bytes(chosen)));
    } catch (Problem e) {
      study.tellIfHeld(trial, Outcome.failed(Cause.ERROR, String.valueOf(e.getMessage())));
    }
  }

  /// Half as many at once from now on; those of the wave were released, and are asked for once
  /// more.
  private void shrink(List<Candidate> wave, DeviceTooSmall e) {
    trained.makeRoom(Long.MAX_VALUE);
    if (wave.size() == 1) {
      throw e;
    }
    most = wave.stream().mapToLong(Candidate::bytes).sum() / 2;
    if (reason != StopReason.TIME) {
      reason = null;
    }
  }

  /// Those that end where the first does, or are trainings of their own as it is, as many as fit
  /// into memory.
  private List<Candidate> next() {
    var first = queue.element().segment;
    long room = Math.min(trainer.memoryBytes(), most);
    long bytes = 0;
    var wave = new ArrayList<Candidate>();
    var rest = new ArrayDeque<Candidate>();
    for (var candidate : queue) {
      if (together(first, candidate.segment)
          && (wave.isEmpty() || bytes + candidate.bytes <= room)) {
        wave.add(candidate);
        bytes += candidate.bytes;
      } else {
        rest.add(candidate);
      }
    }
    queue.clear();
    queue.addAll(rest);
    trained.makeRoom(bytes);
    return wave;
  }

  private static boolean together(Segment first, Segment other) {
    return other.to() == first.to() || other.whole() != null && first.whole() != null;
  }

  private void train(List<Candidate> wave) throws InterruptedException {
    var told = new HashSet<Candidate>();
    FusedRun run = null;
    boolean kept = false;
    try {
      run = trainer.open(wave.stream().map(Candidate::request).toList());
      for (int i = 0; i < wave.size(); i++) {
        var parent = wave.get(i).segment.parent();
        if (parent != null) {
          trained.handOver(parent, run, i);
        }
      }
      var left = advance(wave, run, told);
      var requests = new HashMap<Integer, TrainedSegments.Request>();
      for (int i : left) {
        var candidate = wave.get(i);
        requests.put(candidate.trial.number(), new TrainedSegments.Request(i, candidate.bytes));
      }
      trained.keep(run, requests);
      kept = true;
    } finally {
      wave.stream()
          .filter(candidate -> !told.contains(candidate))
          .forEach(candidate -> study.release(candidate.trial));
      if (!kept && run != null) {
        run.close();
      }
    }
    trained.forget();
  }

  /// Trains each to its end. Those that end before others leave the run, and their checkpoint is a
  /// file.
  ///
  /// @return which are still in the run
  private List<Integer> advance(List<Candidate> wave, FusedRun run, HashSet<Candidate> told)
      throws InterruptedException {
    var live = new ArrayList<Integer>();
    for (int i = 0; i < wave.size(); i++) {
      live.add(i);
    }
    while (true) {
      long end = live.stream().mapToLong(i -> wave.get(i).segment.to()).min().orElseThrow();
      var results = run.advance(Math.toIntExact(end));
      var longer = new ArrayList<Integer>();
      var now = live;
      study.wave(() -> {
        for (int k = 0; k < now.size(); k++) {
          int i = now.get(k);
          if (wave.get(i).segment.to() > end) {
            longer.add(i);
          } else {
            tell(wave.get(i), run, i, results.get(k));
            told.add(wave.get(i));
          }
        }
      });
      if (longer.isEmpty()) {
        return live;
      }
      run.retain(longer);
      live = longer;
    }
  }

  private void tell(Candidate candidate, FusedRun run, int request, TrainResult result) {
    var trial = candidate.trial;
    scores.attach(trial, run, request, result);
    if (!result.diverged()) {
      trial.report(candidate.segment.to(), scores.values(result));
      trained.save(trial.number(), run.checkpoint(request));
    }
    study.tellIfHeld(trial, scores.outcome(result));
  }
}
