package dev.assay.internal.words;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// JSON values as a person writes them in a study file, in one line: `{command: [python3,
/// train.py], value: {regex: 'loss=(\S+)'}}`.
public final class Written {
  /// Texts that YAML reads as they are.
  private static final Pattern PLAIN =
      Pattern.compile("(?:\\./|\\.\\./|-{0,2}[A-Za-z]|[_/])[\\w./+-]*(?: [\\w./+-]+)*");

  /// Words that YAML, of one version or the other, reads as something else.
  private static final Pattern WORD =
      Pattern.compile("(?i)true|false|yes|no|on|off|y|n|null|nan|inf");

  private Written() {}

  public static String of(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map(map);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Written::of).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof String text ? text(text) : String.valueOf(value);
  }

  /// An empty key stands for what need not be named, as the only metric of a study.
  private static String map(Map<?, ?> map) {
    if (map.size() == 1 && map.containsKey("")) {
      return of(map.get(""));
    }
    return map.entrySet().stream()
        .map(entry -> of(entry.getKey()) + ": " + of(entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String text(String text) {
    if (PLAIN.matcher(text).matches() && !WORD.matcher(text).matches()) {
      return text;
    }
    // Control characters can stand in double quotes only; JSON's are YAML's.
    return text.chars().anyMatch(Character::isISOControl)
        ? '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"'
        : "'" + text.replace("'", "''") + "'";
  }
}
