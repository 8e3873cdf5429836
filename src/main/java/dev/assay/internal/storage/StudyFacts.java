package dev.assay.internal.storage;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Overhead;
import dev.assay.storage.StudyDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The facts that a study itself keeps in its log.
public final class StudyFacts {
  /// Time spent: wall, suggest, storage, idle, in seconds.
  public static final String OVERHEAD = "seconds";

  /// Trials that were taken over from earlier studies.
  public static final String EARLIER = "earlier trials";

  /// The parameters that trials asked for while they ran, where nobody declared a space.
  public static final String SPACE = "space";

  private StudyFacts() {}

  /// The space of a study.
  ///
  /// @throws Problem when its definition has none
  @SuppressWarnings("unchecked")
  public static SearchSpace space(StudyDefinition definition, Map<String, @Nullable Object> facts) {
    var space = facts.getOrDefault(SPACE, definition.content().get("space"));
    if (space instanceof Map<?, ?> description) {
      return SpaceDescription.read((Map<String, @Nullable Object>) description);
    }
    throw new Problem(
        "The stored definition of the study is incomplete.",
        definition.name() + ": no space",
        "Its storage was written by another program, or is damaged; restore it from a copy.");
  }

  public static Map<String, @Nullable Object> of(Overhead overhead) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("wall", overhead.wall());
    map.put("suggest", overhead.suggest());
    map.put("storage", overhead.storage());
    map.put("idle", overhead.idle());
    return map;
  }

  /// The time that a stored study has spent.
  public static Overhead overhead(Map<String, @Nullable Object> facts) {
    if (!(facts.get(OVERHEAD) instanceof Map<?, ?> map)) {
      return Overhead.NONE;
    }
    return new Overhead(
        seconds(map, "wall"),
        seconds(map, "suggest"),
        seconds(map, "storage"),
        seconds(map, "idle"));
  }

  private static double seconds(Map<?, ?> map, String key) {
    return map.get(key) instanceof Number number ? number.doubleValue() : 0;
  }
}
