package dev.assay.run.command;

import dev.assay.trial.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values of environment variables that a program may print, and that are shown as `$NAME`.
///
/// @param names by value, the longest value first
record HiddenValues(Map<String, String> names) {
  /// Shorter values are no secrets, and stand in many a word.
  private static final int SHORTEST = 6;

  /// Ends what was cut short.
  private static final char CUT = '…';

  /// @param variables name to value
  static HiddenValues of(Map<String, String> variables) {
    var names = new LinkedHashMap<String, String>();
    variables.entrySet().stream()
        .flatMap(variable ->
            variable.getValue().lines().map(line -> Map.entry(line.strip(), variable.getKey())))
        .filter(line -> line.getKey().length() >= SHORTEST)
        .sorted((a, b) -> Integer.compare(b.getKey().length(), a.getKey().length()))
        .forEach(line -> names.putIfAbsent(line.getKey(), "$" + line.getValue()));
    return new HiddenValues(names);
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /// A text without them, nor with the beginning of one at which it was cut short.
  String in(String text) {
    var shown = text;
    for (var hidden : names.entrySet()) {
      var value = hidden.getKey();
      shown = shown.replace(value, hidden.getValue());
      for (int cut = shown.indexOf(CUT); cut >= 0; cut = shown.indexOf(CUT, cut + 1)) {
        int from = cut - begun(shown.substring(0, cut), value);
        if (from < cut) {
          shown = shown.substring(0, from) + hidden.getValue() + shown.substring(cut);
          cut = from + hidden.getValue().length();
        }
      }
    }
    return shown;
  }

  /// How much of a value a text ends with; 0 for less than would be hidden.
  private static int begun(String text, String value) {
    int length = Math.min(text.length(), value.length() - 1);
    while (length >= SHORTEST && !text.endsWith(value.substring(0, length))) {
      length--;
    }
    return length < SHORTEST ? 0 : length;
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
        in(found.output()),
        found.exitCode());
  }
}
