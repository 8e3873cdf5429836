package dev.assay.spec;

import dev.assay.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A study file with one configuration as its whole space, made of the study file that found it:
/// `assay tune` runs that configuration once more.
public final class RerunFile {
  /// What says how to search, which no longer matters.
  private static final List<String> SEARCH =
      List.of("constraints", "sampler", "pruner", "start", "parallel", "batch", "schedule");

  private RerunFile() {}

  /// @param studyFile the text of the study file, YAML or JSON
  /// @param name of the new study
  /// @param params the active parameters and their values
  /// @return YAML
  public static String of(
      String studyFile, String name, Map<String, ? extends @Nullable Object> params) {
    var yaml = YAMLMapper.builder().build();
    Map<?, ?> old;
    try {
      old = yaml.readValue(studyFile, Map.class);
    } catch (JacksonException e) {
      throw new Problem(
          "The stored study file cannot be read.",
          e.getOriginalMessage(),
          "Write one by hand; `assay best STUDY` shows the values.",
          e);
    }
    var file = new LinkedHashMap<String, @Nullable Object>();
    old.forEach((key, value) -> file.put(String.valueOf(key), value));
    SEARCH.forEach(file::remove);
    file.put("name", name);
    var space = new LinkedHashMap<String, @Nullable Object>();
    params.forEach((parameter, value) ->
        space.put(parameter, Map.of("choice", java.util.Collections.singletonList(value))));
    file.put("space", space);
    file.put("sampler", "random");
    file.put("budget", Map.of("trials", 1));
    return yaml.writeValueAsString(file);
  }
}
