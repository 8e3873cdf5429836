package dev.assay.spec;

import dev.assay.space.SearchSpace;
import dev.assay.study.Budget;
import dev.assay.study.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A study file, read.
///
/// @param name the study's: `name:`, or the file's without its extension
/// @param file where it was read
/// @param text as it was read, for the report and for provenance
/// @param overrides the `--set`s applied to it, in order
/// @param objectives one, or several in the order of the file; a test function has a default
/// @param space null where a table or a test function brings its own
/// @param pruner `none` where nothing is said
/// @param parallel how many trials run at once
/// @param batch how many trials are proposed without knowing each other's outcome; 0: every
///   proposal sees all that is known (`schedule: async`)
/// @param start configurations to try first; active parameters that they do not name take their
///   defaults
/// @param storage a URL; null: the study's own place
public record StudyFile(
    String name,
    Path file,
    String text,
    List<String> overrides,
    ObjectiveSpec objective,
    List<Located<Objective>> objectives,
    @Nullable SearchSpace space,
    AlgorithmSpec sampler,
    AlgorithmSpec pruner,
    Budget budget,
    int parallel,
    int batch,
    long seed,
    List<Located<Map<String, @Nullable Object>>> start,
    @Nullable Located<String> storage) {

  /// Reads a study file: JSON where the name ends in `.json`, YAML otherwise.
  ///
  /// @param overrides `key=value` each, applied in order before reading
  /// @throws dev.assay.problem.Problem when the file is not there or not right, with the place
  public static StudyFile read(Path file, List<String> overrides) {
    return new StudyReader(file, StudyReader.text(file), overrides).read();
  }
}
