package dev.assay.internal.words;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/// Finds the known name that a mistyped one was probably meant to be.
public final class Nearest {
  private Nearest() {}

  /// A sentence for the mend of a [dev.assay.problem.Problem]: `Did you mean "hidden"? Known: ...`.
  ///
  /// @param wrong what the user wrote
  /// @param known the names that would have been right; listed in full when there are at most 30
  public static String suggest(String wrong, Collection<String> known) {
    if (known.isEmpty()) {
      return "Nothing is known here.";
    }
    var nearest =
        known.stream().min(Comparator.comparingInt(k -> distance(wrong, k))).orElseThrow();
    int limit = Math.max(2, Math.max(wrong.length(), nearest.length()) / 3);
    var hint = distance(wrong, nearest) <= limit ? "Did you mean \"" + nearest + "\"? " : "";
    var list = known.stream().sorted().limit(30).toList();
    var rest = known.size() > list.size() ? ", and " + (known.size() - list.size()) + " more" : "";
    return hint + "Known: " + String.join(", ", list) + rest + ".";
  }

  /// Levenshtein distance, ignoring case.
  static int distance(String a, String b) {
    var s = a.toLowerCase(Locale.ROOT);
    var t = b.toLowerCase(Locale.ROOT);
    var previous = new int[t.length() + 1];
    for (int j = 0; j <= t.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= s.length(); i++) {
      var current = new int[t.length() + 1];
      current[0] = i;
      for (int j = 1; j <= t.length(); j++) {
        int substitution = previous[j - 1] + (s.charAt(i - 1) == t.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[t.length()];
  }
}
