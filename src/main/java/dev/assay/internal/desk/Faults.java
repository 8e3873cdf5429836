package dev.assay.internal.desk;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.NothingFound;
import dev.assay.trial.Objective;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;

/// What goes wrong inside a part that anybody may have written, put into words: which part, and on
/// what.
public final class Faults {
  private static final Logger LOG = Log.of(Faults.class);

  private Faults() {}

  /// What a part gives.
  ///
  /// @param part which one: `sampler mine`
  /// @param on what it was asked about: `trial 7`
  /// @throws Problem where it fails with anything but a [Problem] or [NothingFound] of its own
  public static <T> T named(String part, String on, Supplier<T> action) {
    try {
      return action.get();
    } catch (Problem | NothingFound e) {
      throw e;
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw named(part, on, e);
    }
  }

  /// The words for what a part threw that is neither a [Problem] nor [NothingFound].
  static Problem named(String part, String on, Throwable thrown) {
    return new Problem(
        "The " + part + " failed.",
        on + ": " + thrown,
        "Mend it, or choose another one. What was told so far is kept.",
        thrown);
  }

  /// A rule that stops no trial where it fails, and says so the first time: a trial should not be
  /// lost for what was to save its time.
  public static Pruner.Rule harmless(Pruner pruner, List<Objective> objectives) {
    var part = "pruner " + pruner.name();
    var rule = named(part, "at its start", () -> pruner.open(objectives));
    return new Pruner.Rule() {
      private boolean said;

      @Override
      public boolean prune(int trial, List<Report> reports, History history, Direction direction) {
        try {
          return rule.prune(trial, reports, history, direction);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
          if (!said) {
            said = true;
            LOG.warn("The {} failed at trial {}; it stops no trial then: {}", part, trial, e, e);
          }
          return false;
        }
      }
    };
  }
}
