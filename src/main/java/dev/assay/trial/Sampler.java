package dev.assay.trial;

import dev.assay.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// A way of choosing configurations: the port that search algorithms implement.
///
/// A sampler is a description; [#open] gives the part that proposes. Both never see storage,
/// threads or devices' handles.
public interface Sampler {
  /// The sampler of studies that name none: the service of this type whose name is `auto`. (What
  /// study files may name beside Assay's own are services of another type: [SamplerProvider].)
  static Sampler standard() {
    for (var sampler : ServiceLoader.load(Sampler.class, Sampler.class.getClassLoader())) {
      if (sampler.name().equals("auto")) {
        return sampler;
      }
    }
    throw new IllegalStateException("the sampler auto is not on the class path");
  }

  /// The name used in study files.
  String name();

  /// Every setting as JSON values, defaults included: two samplers with equal names and settings
  /// propose the same. A record whose components are options need not say them
  /// ([dev.assay.settings.Option]).
  default Map<String, @Nullable Object> settings() {
    return Settings.written(this);
  }

  /// @throws dev.assay.problem.Problem when this sampler cannot search that space
  Proposer open(SearchTask task);

  /// What to use where values have noise, as far as this sampler knows noise.
  ///
  /// @param trials of the study, of any state
  /// @return null where nothing but the best value is known
  default @Nullable Recommendation recommended(
      List<TrialRecord> trials, List<Objective> objectives) {
    var ranked = ranked(trials, objectives);
    return ranked.isEmpty() ? null : ranked.getFirst();
  }

  /// The complete trials by the value that is expected of them, best first, as far as this sampler
  /// knows noise.
  ///
  /// @param trials of the study, of any state
  /// @return empty where nothing but values is known
  default List<Recommendation> ranked(List<TrialRecord> trials, List<Objective> objectives) {
    return List.of();
  }

  /// Whether its proposals may go on from the checkpoints of others ([Segment]).
  default boolean proposesSegments() {
    return false;
  }

  /// The part of a sampler that proposes, for one task. Used by one thread at a time.
  ///
  /// What it keeps between proposals is a memo that can be rebuilt from the history: a proposal
  /// depends on the task, the trial number and the history only.
  interface Proposer extends AutoCloseable {
    /// The configuration of a trial.
    ///
    /// @param trial its number
    /// @return null when the space is exhausted: every configuration was tried or is under way
    /// @throws NothingFound when none was found, but there may be more
    @Nullable Proposal propose(int trial, History history);

    /// Whether the next proposal needs outcomes of trials under way first. Asked where no batch
    /// rule holds, before each proposal; true only while trials are pending.
    default boolean waits(History history) {
      return false;
    }

    /// What is stored for a configuration that a person put in line, so that a sampler whose
    /// proposals say more than a configuration can say it of this one too.
    ///
    /// @param trial its number
    default Proposal adopt(int trial, Proposal enqueued) {
      return enqueued;
    }

    /// Why [#propose] gave null.
    default StopReason exhaustion() {
      return StopReason.SPACE_EXHAUSTED;
    }

    @Override
    default void close() {}
  }
}
