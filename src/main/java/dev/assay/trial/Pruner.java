package dev.assay.trial;

import dev.assay.problem.Problem;
import dev.assay.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decides which trials are stopped early: the port that pruning algorithms implement. Stateless;
/// what one remembers to be fast belongs to its [Rule].
public interface Pruner {
  /// A pruner at work on one study, which asks it with histories that grow. What it remembers can
  /// be rebuilt from a history; it answers what [Pruner#prune] would. One caller at a time.
  @FunctionalInterface
  interface Rule {
    /// As [Pruner#prune].
    boolean prune(int trial, List<Report> reports, History history, Direction direction);
  }

  /// Never prunes.
  Pruner NONE = new None();

  /// What never prunes.
  record None() implements Pruner {
    @Override
    public String name() {
      return "none";
    }

    @Override
    public void check(List<Objective> objectives) {}

    @Override
    public boolean prune(int trial, List<Report> reports, History history, Direction direction) {
      return false;
    }
  }

  /// The name used in study files.
  String name();

  /// Every setting as JSON values, defaults included. A record whose components are options need
  /// not say them ([dev.assay.settings.Option]).
  default Map<String, @Nullable Object> settings() {
    return Settings.written(this);
  }

  /// Refuses objectives that it cannot judge: more than one, unless [#judgesSeveral]. To stop a
  /// trial by the first alone would stop what is best in the others.
  ///
  /// @throws Problem for several objectives
  default void check(List<Objective> objectives) {
    if (objectives.size() > 1 && !judgesSeveral()) {
      throw new Problem(
          "A pruner judges one objective; this study has several.",
          "pruner "
              + name()
              + ", objectives "
              + objectives.stream().map(Objective::metric).collect(Collectors.joining(", ")),
          "Remove the pruner, take asha, which judges several, or keep one objective and bound the"
              + " others (subject_to).");
    }
  }

  /// Whether it can judge several objectives.
  default boolean judgesSeveral() {
    return false;
  }

  /// Whether the trial should stop now.
  ///
  /// @param trial its number
  /// @param reports its own reports, the newest last; never empty
  /// @param history what may be known: finished trials and, where no batch rule hides them, the
  ///   reports of those that run
  /// @param direction of the first objective, whose values decide
  boolean prune(int trial, List<Report> reports, History history, Direction direction);

  /// Starts work on a study. Worth overriding where a decision would otherwise look at every trial.
  default Rule open() {
    return this::prune;
  }

  /// Starts work on a study of these objectives; the direction that the rule is told is the first
  /// one's. To be overridden where [#judgesSeveral].
  default Rule open(List<Objective> objectives) {
    return open();
  }
}
