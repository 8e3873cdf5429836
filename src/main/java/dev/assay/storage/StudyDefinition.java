package dev.assay.storage;

import dev.assay.internal.words.Written;
import dev.assay.problem.Problem;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What makes a study that study: stored at its creation, compared when it is continued.
///
/// @param name any text
/// @param content JSON values: space, objectives, sampler, pruner, seed, batch, and whatever
///   describes the objective
public record StudyDefinition(String name, Map<String, @Nullable Object> content) {
  /// Objectives as a definition has them.
  public static List<Map<String, String>> objectives(List<Objective> objectives) {
    return objectives.stream()
        .map(o -> Map.of("metric", o.metric(), "direction", o.direction().name()))
        .toList();
  }

  /// What is optimised.
  ///
  /// @throws Problem where it does not say
  public List<Objective> objectives() {
    if (!(content.get("objectives") instanceof List<?> list) || list.isEmpty()) {
      throw incomplete("objectives");
    }
    var objectives = new ArrayList<Objective>();
    for (var element : list) {
      if (element instanceof Map<?, ?> map
          && map.get("metric") instanceof String metric
          && map.get("direction") instanceof String direction) {
        objectives.add(new Objective(metric, Direction.valueOf(direction)));
      }
    }
    return objectives;
  }

  private Problem incomplete(String key) {
    return new Problem(
        "The stored definition of the study is incomplete.",
        name + ": no " + key,
        "Its storage was written by another program, or is damaged; restore it from a copy.");
  }

  /// Whether another definition has the same under a key.
  public boolean hasSame(StudyDefinition other, String key) {
    return same(content.get(key), other.content.get(key));
  }

  /// What differs in another definition, one line each: `seed: 42 in the study, 43 now`.
  public List<String> differences(StudyDefinition now) {
    return compare(now).stream().map(Difference::line).toList();
  }

  /// What differs between two definitions at one place.
  ///
  /// @param key such as `space.parameters.lr.high`
  /// @param first the value in the first, as a text; `absent` where it has none
  /// @param second the value in the second
  /// @param line the difference in words
  public record Difference(String key, String first, String second, String line) {}

  /// What differs in another definition.
  public List<Difference> compare(StudyDefinition other) {
    var found = new ArrayList<Difference>();
    compare("", content, other.content, found);
    return found;
  }

  private static void compare(
      String path, @Nullable Object then, @Nullable Object now, List<Difference> found) {
    if (now instanceof Undisclosed undisclosed) {
      undisclosed
          .differences(path, then)
          .forEach(line -> found.add(new Difference(path, "undisclosed", "undisclosed", line)));
    } else if (then instanceof Map<?, ?> a && now instanceof Map<?, ?> b) {
      var keys = new LinkedHashSet<Object>(a.keySet());
      keys.addAll(b.keySet());
      if (keys.contains("settings") && !same(a.get("name"), b.get("name"))) {
        keys.remove("settings"); // another sampler's are not to be compared
      }
      for (var key : keys) {
        compare(join(path, key.toString()), a.get(key), b.get(key), found);
      }
    } else if (!same(then, now)) {
      var line = path + ": " + words(then) + " in the study, " + words(now) + " now";
      found.add(new Difference(path, words(then), words(now), line));
    }
  }

  /// An empty key stands for what need not be named, as the only metric of a study.
  private static String join(String path, String key) {
    return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
  }

  /// Equal up to the number types that a trip through JSON changes.
  private static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return x.doubleValue() == y.doubleValue();
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      if (x.size() != y.size()) {
        return false;
      }
      for (int i = 0; i < x.size(); i++) {
        if (!same(x.get(i), y.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.keySet().equals(y.keySet())
          && x.entrySet().stream().allMatch(e -> same(e.getValue(), y.get(e.getKey())));
    }
    return Objects.equals(a, b);
  }

  /// The definition as it is stored: JSON values alone.
  public StudyDefinition stored() {
    return new StudyDefinition(name, stored(content));
  }

  private static Map<String, @Nullable Object> stored(Map<?, ?> content) {
    var stored = new LinkedHashMap<String, @Nullable Object>();
    content.forEach((key, value) -> {
      var kept = value instanceof Undisclosed undisclosed ? undisclosed.stored() : value;
      if (kept != null || !(value instanceof Undisclosed)) {
        stored.put(String.valueOf(key), kept instanceof Map<?, ?> map ? stored(map) : kept);
      }
    });
    return stored;
  }

  private static String words(@Nullable Object value) {
    return value == null ? "absent" : Written.of(value);
  }

  /// The same definition under another name.
  public StudyDefinition renamed(String newName) {
    return new StudyDefinition(newName, new LinkedHashMap<>(content));
  }

  /// A part of a study's definition that is known in full only to the process that describes it,
  /// such as a secret: what is stored of it tells whether it is the same, and nothing more.
  public interface Undisclosed {
    /// What is stored in its place.
    ///
    /// @return a JSON value; null: nothing
    @Nullable Object stored();

    /// In which ways a stored definition has something else, one line each, without saying what.
    ///
    /// @param path where it stands in the definition
    /// @param then what is stored there; null: nothing
    List<String> differences(String path, @Nullable Object then);
  }
}
