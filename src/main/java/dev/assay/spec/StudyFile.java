package dev.assay.spec;

import dev.assay.internal.sampler.gp.RegretRule;
import dev.assay.problem.Problem;
import dev.assay.run.command.CommandRunner;
import dev.assay.run.gpu.GpuResources;
import dev.assay.space.SearchSpace;
import dev.assay.track.TrackerSettings;
import dev.assay.trial.Budget;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A study file, read and checked as far as that needs nothing but the file.
///
/// @param name the study's name: `name:`, or the file's without its ending
/// @param directory what relative paths are relative to
/// @param text the file as it was read
/// @param overrides the `--set`s applied to it, in order
/// @param objectives in the order of the file, at least one
/// @param cut whether trials under way are ended, and wait for the next run, when the time is used
/// @param regret when the estimated regret ends the study; null: never
/// @param rule a stopping rule that ends it too; null: none
/// @param confirm how the finalists are confirmed when the budget is used; null: not at all
/// @param space with nothing fixed; [#searched] is what is left to search
/// @param was what parameters were in trials from before there was a choice
/// @param fixed parameters that have one value in every trial
/// @param constraints bounds on outcomes
/// @param warmStart earlier studies whose trials the sampler sees, names or storage URLs, each with
///   its place
/// @param start configurations to try first; active parameters that they do not name take their
///   defaults
/// @param parallel how many trials run at once
/// @param batch as in [dev.assay.study.StudyBuilder#batch]; 0: `schedule: async`
/// @param storage a storage URL; null: the study's own directory
/// @param refit whether the best configuration is trained on all the data at the end
/// @param keep which external trials keep their directories
/// @param resources which GPUs trials may lease
/// @param restarts how often a trial is started again after its process died
/// @param durability `auto`, `normal` or `full`: whether the end of a trial waits for the disk
/// @param ship what travels to other machines that run trials; null: nothing
/// @param log where trials are logged while the study runs
/// @param places where the parameters, the fixed ones too, and the metrics stand, by name
public record StudyFile(
    String name,
    Path directory,
    String text,
    List<String> overrides,
    ObjectiveSpec objective,
    List<Objective> objectives,
    SearchSpace space,
    Map<String, @Nullable Object> was,
    Map<String, @Nullable Object> fixed,
    List<OutcomeConstraint> constraints,
    Map<String, Place> warmStart,
    Named sampler,
    Named pruner,
    Budget budget,
    boolean cut,
    @Nullable RegretRule regret,
    @Nullable Named rule,
    @Nullable Confirmation confirm,
    List<Map<String, @Nullable Object>> start,
    int parallel,
    int batch,
    long seed,
    @Nullable String storage,
    boolean refit,
    CommandRunner.Keep keep,
    GpuResources resources,
    int restarts,
    String durability,
    @Nullable Shipment ship,
    List<TrackerSettings> log,
    Map<String, Place> places) {

  /// Reads a study file: JSON where the name ends in `.json`, YAML otherwise.
  ///
  /// @param overrides `key=value`, the key a dotted path, the value YAML; applied before reading
  /// @throws Problem for whatever is wrong, with its place
  public static StudyFile read(Path file, List<String> overrides) {
    return new StudyFileReader(file, StudyText.read(file), overrides).read();
  }

  /// Reads a text as if it were the content of a file, which need not exist.
  ///
  /// @param file its name for messages, and what relative paths are relative to
  /// @throws Problem as [#read]
  public static StudyFile parse(Path file, String text, List<String> overrides) {
    return new StudyFileReader(file, text, overrides).read();
  }

  /// As [#parse], for clients that ask and tell: without a space the study is defined by running
  /// it.
  public static StudyFile parseAsked(Path file, String text, List<String> overrides) {
    return new StudyFileReader(file, text, overrides, true).read();
  }

  /// The space without what is fixed.
  public SearchSpace searched() {
    return space.fix(fixed);
  }

  /// What the action gives. A problem of its whose value begins with the name of a parameter or a
  /// metric gets the place of that, if it has none yet.
  public <T> T locate(Supplier<T> action) {
    return locate(action, null);
  }

  /// The same, with a place for the problems of which no parameter or metric is the cause.
  <T> T locate(Supplier<T> action, @Nullable Place otherwise) {
    try {
      return action.get();
    } catch (Problem problem) {
      if (problem.getCause() instanceof Problem) {
        throw problem; // that is what Problem.at made
      }
      for (var place : places.entrySet()) {
        if (Place.beginsWith(problem, place.getKey())) {
          throw problem.at(place.getValue().toString());
        }
      }
      throw otherwise == null ? problem : problem.at(otherwise.toString());
    }
  }
}
