package dev.assay.spec;

import dev.assay.problem.Problem;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Where a value stands.
///
/// @param source the file as the user named it, or `--set`
/// @param line from 1; 0 for what stands in no file
/// @param column from 1; 0 for what stands in no file
/// @param path the keys that lead there, joined with dots; empty for the whole file
public record Place(String source, int line, int column, String path) {
  /// The place of an override.
  static Place override(String path) {
    return new Place("--set", 0, 0, path);
  }

  /// The place of a map's value.
  Place key(String key, int atLine, int atColumn) {
    return new Place(source, atLine, atColumn, child(key));
  }

  /// The place of a list's element.
  Place element(int index, int atLine, int atColumn) {
    return new Place(source, atLine, atColumn, path + "[" + index + "]");
  }

  private String child(String key) {
    boolean plain =
        !key.isEmpty() && key.chars().noneMatch(c -> c <= ' ' || ".[]\"".indexOf(c) >= 0);
    var segment = plain ? key : "\"" + key + "\"";
    return path.isEmpty() ? segment : path + "." + segment;
  }

  /// What the action gives; a problem of its gets this place.
  public <T> T locate(Supplier<T> action) {
    try {
      return action.get();
    } catch (Problem problem) {
      throw problem.at(toString());
    }
  }

  /// Whether a problem's value begins with a name, so that the problem is one of that name's.
  static boolean beginsWith(Problem problem, String name) {
    return Pattern.compile("\\W{0,2}" + Pattern.quote(name) + "(?![\\w-])")
        .matcher(problem.value())
        .lookingAt();
  }

  /// `study.yaml, line 7, space.tile`, or `--set space.tile`.
  @Override
  public String toString() {
    if (line == 0) {
      return path.isEmpty() ? source : source + " " + path;
    }
    return source + ", line " + line + (path.isEmpty() ? "" : ", " + path);
  }
}
