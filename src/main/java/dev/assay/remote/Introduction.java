package dev.assay.remote;

import dev.assay.report.StudyView;
import dev.assay.run.BuildInfo;
import dev.assay.study.Study;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an owner says of its study to workers that want to join.
final class Introduction {
  /// Facts that workers are to have a look at.
  private static final List<String> SHOWN = List.of("program files", "shipped");

  private Introduction() {}

  static Messages.StudyAnswer of(Study<?> study) {
    var facts = study.facts();
    return new Messages.StudyAnswer(
        BuildInfo.current().version(),
        Messages.PROTOCOL,
        study.name(),
        study.definition().content(),
        facts.get(StudyView.STUDY_FILE) instanceof String text ? text : null,
        facts.get(StudyView.STUDY_PATH) instanceof String path ? path : null,
        facts.get(StudyView.OVERRIDES) instanceof List<?> list
            ? list.stream().map(String::valueOf).toList()
            : List.of(),
        shown(facts));
  }

  /// What was noted of the study, without the texts that are said anyway and what the search keeps.
  private static Map<String, @Nullable Object> shown(Map<String, @Nullable Object> facts) {
    var shown = new LinkedHashMap<String, @Nullable Object>();
    SHOWN.forEach(key -> {
      if (facts.containsKey(key)) {
        shown.put(key, facts.get(key));
      }
    });
    return shown;
  }
}
