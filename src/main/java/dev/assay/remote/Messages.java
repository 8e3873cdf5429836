package dev.assay.remote;

import dev.assay.problem.Problem;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What workers and the owner of a study say to each other: a JSON object for each record, posted
/// to `work/NAME`. Keys may be added; what is not known is passed over.
final class Messages {
  /// Of these messages.
  static final int PROTOCOL = 1;

  private Messages() {}

  private static Map<String, @Nullable Object> map(@Nullable Map<String, @Nullable Object> map) {
    return map == null ? Map.of() : new LinkedHashMap<>(map);
  }

  private static <T> List<T> list(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /// `work/study`: which study, and how it is run.
  ///
  /// @param definition as it is stored
  /// @param file the text of its study file
  /// @param path where that is on the machine that owns the study
  /// @param facts of the study that workers are to have a look at
  record StudyAnswer(
      String version,
      int protocol,
      String name,
      Map<String, @Nullable Object> definition,
      @Nullable String file,
      @Nullable String path,
      List<String> overrides,
      Map<String, @Nullable Object> facts) {
    StudyAnswer {
      Objects.requireNonNull(version);
      Objects.requireNonNull(name);
      definition = map(definition);
      overrides = list(overrides);
      facts = map(facts);
    }
  }

  /// A trial in a worker's hands.
  record Held(int trial, int epoch) {}

  /// `work/join`.
  ///
  /// @param machine where it runs, as JSON values
  /// @param holds what it has from an owner before this one
  record Join(
      String version, Map<String, @Nullable Object> machine, int parallel, List<Held> holds) {
    Join {
      Objects.requireNonNull(version);
      machine = map(machine);
      holds = list(holds);
    }
  }

  /// @param worker its name from now on
  /// @param leaseSeconds for how long it may be silent before others get its trials
  /// @param kept what it goes on with, under the epochs that count from now on
  record Joined(String worker, double leaseSeconds, List<Held> kept) {
    Joined {
      Objects.requireNonNull(worker);
      kept = list(kept);
    }
  }

  /// `work/claim`: the next trial.
  ///
  /// @param turn counts a worker's claims: one that is sent again gets the same answer
  /// @param seconds to wait for one, at most
  record Claim(String worker, long turn, double seconds) {
    Claim {
      Objects.requireNonNull(worker);
    }
  }

  /// A trial to be run.
  ///
  /// @param params by name
  /// @param notes those that whoever runs it needs
  record Given(
      int number,
      int epoch,
      Map<String, @Nullable Object> params,
      Map<String, @Nullable Object> notes) {
    Given {
      params = map(params);
      notes = map(notes);
    }
  }

  /// @param trial null where there is none now
  /// @param finished the name of a [dev.assay.trial.StopReason], where there will be none
  record Claimed(@Nullable Given trial, @Nullable String finished) {}

  /// Values at a step, NaN and the infinities as texts.
  record Step(long step, double[] values) {
    Step {
      Objects.requireNonNull(values);
    }
  }

  /// `work/report`.
  ///
  /// @param steps by ascending step; one that is sent again is passed over
  record Reports(String worker, int trial, int epoch, List<Step> steps) {
    Reports {
      Objects.requireNonNull(worker);
      steps = list(steps);
    }
  }

  /// @param prune whether the trial should end now
  /// @param lost whether it is in other hands, so that nothing of it is taken any more
  record Reported(boolean prune, boolean lost) {}

  /// `work/end`: how a trial ended.
  ///
  /// @param state `COMPLETE`, `PRUNED` or `FAILED`
  /// @param values one for each objective of a complete one
  /// @param cause of a failed one
  /// @param steps that were not reported before
  /// @param next the turn of a claim in the same message, as [Claim] has it; null: none
  record End(
      String worker,
      int trial,
      int epoch,
      TrialState state,
      List<Double> values,
      @Nullable Cause cause,
      @Nullable String detail,
      Map<String, @Nullable Object> attributes,
      double seconds,
      List<Step> steps,
      @Nullable Long next) {
    End {
      Objects.requireNonNull(worker);
      Objects.requireNonNull(state);
      values = list(values);
      attributes = map(attributes);
      steps = list(steps);
    }

    /// @throws Problem for a state in which no trial ends
    Outcome outcome() {
      return switch (state) {
        case COMPLETE ->
            Outcome.complete(values.stream().mapToDouble(Double::doubleValue).toArray());
        case PRUNED -> Outcome.pruned();
        case FAILED ->
            Outcome.failed(cause == null ? Cause.ERROR : cause, detail == null ? "" : detail);
        case WAITING, RUNNING, DISCARDED ->
            throw new Problem(
                "A trial ends complete, pruned or failed.",
                "trial " + trial + ": " + state,
                "Let worker and owner be of the same version.");
      };
    }
  }

  /// @param kept whether it was taken; else the trial was lost
  /// @param state what it became: a complete one may have failed after all
  record Kept(
      boolean kept, @Nullable TrialState state, @Nullable Cause cause, @Nullable String detail) {
    static final Kept LOST = new Kept(false, null, null, null);
  }

  /// @param next the answer to the claim in the same message; null where there was none
  record Ended(Kept end, @Nullable Claimed next) {
    Ended {
      Objects.requireNonNull(end);
    }
  }

  /// `work/release`: the trial waits again.
  record Release(String worker, int trial, int epoch) {
    Release {
      Objects.requireNonNull(worker);
    }
  }

  /// `work/beat`: the worker lives, and has these trials.
  record Beat(String worker, List<Held> holds) {
    Beat {
      Objects.requireNonNull(worker);
      holds = list(holds);
    }
  }

  /// @param lost of the trials that it has, those that are in other hands
  /// @param stopping whether the study ends, with what is under way
  record Beaten(List<Integer> lost, boolean stopping) {
    Beaten {
      lost = list(lost);
    }
  }

  /// `work/leave`: what it still has waits again.
  record Leave(String worker) {
    Leave {
      Objects.requireNonNull(worker);
    }
  }

  /// `work/file`: what is in a file that travels with the study; the answer is its bytes.
  record Content(String sha256) {
    Content {
      Objects.requireNonNull(sha256);
    }
  }
}
