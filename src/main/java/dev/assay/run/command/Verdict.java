package dev.assay.run.command;

import dev.assay.internal.trial.MissingValues;
import dev.assay.internal.words.Spoken;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What came of a trial, by how its program ended and which values it gave.
final class Verdict {
  private static final int LONGEST_SAYING = 300;

  private Verdict() {}

  static Outcome of(ProgramRun.Ended ended, TrialValues values, CommandSettings settings) {
    if (ended.pruned()) {
      return Outcome.pruned();
    }
    if (values.isFinal()) { // said before it ended, however it ended
      return Outcome.complete(values.result());
    }
    if (ended.timedOut()) {
      return failed(Cause.TIMEOUT, longer(settings.timeout()), ended);
    }
    var status = ended.status();
    if (status == null) {
      return failed(Cause.ERROR, "the program did not start", ended);
    }
    if (!status.isSuccess()) {
      if (MemoryShortage.isIn(ended.output())) {
        return failed(Cause.OUT_OF_MEMORY, status.words(), ended);
      }
      return failed(status.signal() == 0 ? Cause.ERROR : Cause.KILLED, status.words(), ended);
    }
    var missing = values.missing();
    if (missing.isEmpty()) {
      return Outcome.complete(values.result());
    }
    var reason = MissingValues.of(missing);
    return values.reason().isEmpty()
        ? failed(Cause.NO_VALUE, reason, ended)
        : Outcome.failed(
            Cause.NO_VALUE, reason + "; " + values.reason() + "\n" + ended.lastLines());
  }

  private static String longer(@Nullable Duration timeout) {
    return timeout == null ? "too long" : "longer than " + Spoken.of(timeout);
  }

  /// The first line says it all in short; the program's last lines follow.
  private static Outcome failed(Cause cause, String words, ProgramRun.Ended ended) {
    var lines = ended.lastLines();
    if (lines.isEmpty()) {
      return Outcome.failed(cause, words);
    }
    var first = Spoken.cut(ended.saying().get(), LONGEST_SAYING);
    return Outcome.failed(cause, words + ": " + first + "\n" + lines);
  }
}
