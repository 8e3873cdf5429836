package dev.assay.trial;

import dev.assay.internal.problem.Require;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is confirmed when a search has ended: its finalists are run again, so that the one that is
/// used is not the one that was lucky once.
///
/// Finalists are the configurations whose value is expected to be best ([Sampler#ranked]), or was
/// observed to be where no noise is known. Each run is a trial of the study under a number, and so
/// a seed, of its own. The search neither sees nor counts them, nothing prunes them.
///
/// @param runs how often each finalist is run again
/// @param finalists how many configurations; with fewer complete ones all of them
public record Confirmation(int runs, int finalists) {
  /// How many configurations are run again where nothing is said.
  public static final int FINALISTS = 3;

  /// The note of a trial that was run to confirm another one: that one's number.
  private static final String NOTE = "confirms";

  public Confirmation {
    Require.atLeast("confirm", "runs", runs, 1);
    Require.atLeast("confirm", "finalists", finalists, 1);
  }

  /// Of the default number of finalists.
  public Confirmation(int runs) {
    this(runs, FINALISTS);
  }

  /// @throws Problem for a study that cannot be confirmed
  public void check(Sampler sampler, List<Objective> objectives) {
    if (objectives.size() > 1) {
      throw new Problem(
          "Finalists can be confirmed for one objective only.",
          "confirm, with objectives "
              + objectives.stream().map(Objective::metric).collect(Collectors.joining(", ")),
          "Remove confirm, or keep one objective and bound the others: subject_to.");
    }
    if (sampler.proposesSegments()) {
      throw new Problem(
          "A trial that goes on from the checkpoint of another cannot be run again on its own.",
          "confirm, with sampler " + sampler.name(),
          "Remove confirm; a population is confirmed by another seed.");
    }
  }

  /// What there was before the search, which is run again beside the finalists where it was tried:
  /// the defaults, where somebody said at least one.
  ///
  /// @return null where nobody did: the middle of every range means nothing to anybody
  public static @Nullable Configuration reference(SearchSpace space) {
    boolean said =
        !space.isOpen()
            && space.parameters().stream().anyMatch(parameter -> parameter.initial() != null);
    return said ? space.defaults() : null;
  }

  /// A run of a finalist's configuration.
  public static Proposal of(TrialRecord finalist) {
    return new Proposal(finalist.configuration(), Map.of(NOTE, finalist.number()));
  }

  /// Of a trial's notes the one that says what it confirms.
  public static Map<String, @Nullable Object> note(TrialRecord trial) {
    return is(trial) ? Map.of(NOTE, trial.notes().get(NOTE)) : Map.of();
  }

  /// The number of the trial that another one was run to confirm; null for a trial of the search.
  public static @Nullable Integer confirmed(TrialRecord trial) {
    return trial.notes().get(NOTE) instanceof Number number ? (Integer) number.intValue() : null;
  }

  /// Whether trials with notes of these names may have been run to confirm others.
  public static boolean isAmong(Set<String> notes) {
    return notes.contains(NOTE);
  }

  /// Whether a trial was run to confirm another one, rather than proposed or put in line.
  public static boolean is(TrialRecord trial) {
    return confirmed(trial) != null;
  }
}
