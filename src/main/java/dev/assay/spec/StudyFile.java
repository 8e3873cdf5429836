package dev.assay.spec;

import dev.assay.space.SearchSpace;
import dev.assay.study.Budget;
import dev.assay.study.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A study file, read and checked as far as that needs nothing but the file.
///
/// @param name the study's name: `name:`, or the file's without its ending
/// @param directory what relative paths are relative to
/// @param text the file as it was read
/// @param objectives in the order of the file, at least one
/// @param start configurations to try first
/// @param parallel how many trials run at once
/// @param batch as in [dev.assay.study.StudyBuilder#batch]; 0: `schedule: async`
/// @param storage a storage URL; null: the study's own directory
public record StudyFile(
    String name,
    Path directory,
    String text,
    ObjectiveSpec objective,
    List<Objective> objectives,
    SearchSpace space,
    Named sampler,
    Named pruner,
    Budget budget,
    List<Map<String, @Nullable Object>> start,
    int parallel,
    int batch,
    long seed,
    @Nullable String storage) {
  /// Reads a study file.
  ///
  /// @param overrides `key=value`, the key a dotted path, the value YAML
  /// @throws dev.assay.problem.Problem for whatever is wrong, with its place
  public static StudyFile read(Path file, List<String> overrides) {
    var text = NodeReader.contents(file);
    var root = Overrides.apply(NodeReader.read(file.toString(), text, true), overrides);
    return StudyFileReader.read(file, text, root);
  }
}
