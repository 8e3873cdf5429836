package dev.assay.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a measurement differs from an earlier one of the same benchmark and parameters.
///
/// Faster or slower where the 99.9 % confidence intervals of the two means do not overlap, which is
/// stricter than a test of their difference at that level. Without an interval on both sides
/// nothing can be told apart.
///
/// @param ratio how many times as fast the later one is
record Change(Measurement before, Measurement after, double ratio, Verdict verdict) {
  enum Verdict {
    FASTER("faster"),
    SLOWER("slower"),
    SAME("not distinguishable");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }
  }

  /// Of all measurements that both have, in the order of the later ones.
  static List<Change> between(ResultsFile before, ResultsFile after) {
    var earlier = new HashMap<List<Object>, Measurement>();
    before.measurements().forEach(m -> earlier.put(key(m), m));
    var changes = new ArrayList<Change>();
    for (var measurement : after.measurements()) {
      var other = earlier.get(key(measurement));
      if (other != null) {
        changes.add(of(other, measurement));
      }
    }
    return changes;
  }

  private static List<Object> key(Measurement m) {
    var sizes = new HashMap<String, String>(m.parameters());
    sizes.keySet().removeIf(name -> name.startsWith("ceiling") || name.equals("share"));
    return List.of(m.benchmark(), Map.copyOf(sizes), m.unit());
  }

  static Change of(Measurement before, Measurement after) {
    boolean rate = after.isRate();
    double ratio = rate ? after.score() / before.score() : before.score() / after.score();
    var below = bounds(before);
    var above = bounds(after);
    Verdict verdict = Verdict.SAME;
    if (below != null && above != null) {
      boolean smaller = above[1] < below[0];
      boolean larger = above[0] > below[1];
      if (smaller || larger) {
        verdict = smaller == rate ? Verdict.SLOWER : Verdict.FASTER;
      }
    }
    return new Change(before, after, ratio, verdict);
  }

  private static double @Nullable [] bounds(Measurement m) {
    return m.error() == null ? null : new double[] {m.score() - m.error(), m.score() + m.error()};
  }

  /// For people.
  static List<String> lines(ResultsFile before, ResultsFile after) {
    var lines = new ArrayList<String>();
    if (!before.machine().equals(after.machine())) {
      lines.add(
          "Across devices: before on %s, now on %s. The difference is theirs too."
              .formatted(before.machine(), after.machine()));
    }
    if (!String.valueOf(before.provenance().get("quick"))
        .equals(String.valueOf(after.provenance().get("quick")))) {
      lines.add("One of the two is --quick: its intervals are wide, and some sizes differ.");
    }
    var changes = between(before, after);
    if (changes.isEmpty()) {
      lines.add("The two have no measurement in common.");
      return lines;
    }
    lines.add("| benchmark | parameters | before | now | unit | ratio | verdict |");
    lines.add("|---|---|---:|---:|---|---:|---|");
    for (var change : changes) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s | %.2fx | %s |",
              change.after.benchmark(),
              change.after.parameterWords(),
              interval(change.before),
              interval(change.after),
              change.after.unit(),
              change.ratio,
              change.verdict.words));
    }
    for (var verdict : Verdict.values()) {
      lines.add(
          changes.stream().filter(change -> change.verdict == verdict).count()
              + " "
              + verdict.words);
    }
    return lines;
  }

  private static String interval(Measurement m) {
    return m.error() == null
        ? String.format(Locale.ROOT, "%.4g", m.score())
        : String.format(Locale.ROOT, "%.4g ± %.2g", m.score(), m.error());
  }
}
