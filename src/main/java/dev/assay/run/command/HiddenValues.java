package dev.assay.run.command;

import dev.assay.study.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values of environment variables that a program may print, and that are shown as `$NAME`.
///
/// @param names by value, the longest value first
record HiddenValues(Map<String, String> names) {
  /// Shorter values are no secrets, and stand in many a word.
  private static final int SHORTEST = 6;

  /// @param variables name to value
  static HiddenValues of(Map<String, String> variables) {
    var names = new LinkedHashMap<String, String>();
    variables.entrySet().stream()
        .flatMap(variable ->
            variable.getValue().lines().map(line -> Map.entry(line.strip(), variable.getKey())))
        .filter(line -> line.getKey().length() >= SHORTEST)
        .sorted(Comparator.comparingInt(line -> -line.getKey().length()))
        .forEach(line -> names.putIfAbsent(line.getKey(), "$" + line.getValue()));
    return new HiddenValues(names);
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /// A text without them.
  String in(String text) {
    var shown = text;
    for (var hidden : names.entrySet()) {
      shown = shown.replace(hidden.getKey(), hidden.getValue());
    }
    return shown;
  }

  List<String> in(List<String> texts) {
    var shown = new ArrayList<String>();
    texts.forEach(text -> shown.add(in(text)));
    return shown;
  }

  Outcome in(Outcome outcome) {
    return outcome instanceof Outcome.Failed(var cause, var detail)
        ? Outcome.failed(cause, in(detail))
        : outcome;
  }

  FoundValues in(FoundValues found) {
    var origins = new LinkedHashMap<String, String>();
    found.origins().forEach((metric, origin) -> origins.put(metric, in(origin)));
    return new FoundValues(
        origins,
        found.missing(),
        found.printed(),
        found.others(),
        in(found.complaints()),
        found.stepped(),
        in(found.output()));
  }
}
