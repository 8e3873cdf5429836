package dev.assay.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A study file with one configuration as its whole space, made of the study file that found it:
/// `assay tune` runs that configuration once more.
public final class RerunFile {
  /// What says how to search, which no longer matters.
  private static final List<String> SEARCH =
      List.of(
          "constraints",
          "fix",
          "warm_start",
          "sampler",
          "pruner",
          "start",
          "confirm",
          "parallel",
          "batch",
          "schedule");

  private RerunFile() {}

  /// @param studyFile the text of the study file, YAML or JSON
  /// @param overrides the `--set`s applied to it, in order
  /// @param name of the new study
  /// @param params the active parameters and their values
  /// @return YAML
  /// @throws dev.assay.problem.Problem when the text is no study file
  public static String of(
      String studyFile,
      List<String> overrides,
      String name,
      Map<String, ? extends @Nullable Object> params) {
    var tree = NodeReader.read(studyFile, new Place("the stored study file", 1, 1, ""), true);
    var old = tree == null ? Node.Fields.empty(Place.override("")) : tree.fields("space: {...}");
    var file = new LinkedHashMap<>(Overrides.apply(old, overrides).plain());
    SEARCH.forEach(file::remove);
    file.put("name", name);
    var space = new LinkedHashMap<String, @Nullable Object>();
    params.forEach((parameter, value) ->
        space.put(parameter, Map.of("choice", Collections.singletonList(value))));
    file.put("space", space);
    file.put("sampler", "random");
    file.put("budget", Map.of("trials", 1));
    return YAMLMapper.builder().build().writeValueAsString(file);
  }
}
