package dev.assay.run;

import dev.assay.problem.Problem;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How often a trial's program runs: a trial's value is the mean over its runs, each with another
/// seed.
///
/// @param runs of each trial
/// @param seeds of each run, the same in all trials; empty: each trial has its own
/// @param race whether a trial ends early that its runs so far show to be worse than the best one
public record Repeats(int runs, List<Long> seeds, boolean race) {
  /// More runs of one trial than anybody waits for.
  private static final int MOST = 1000;

  /// Each trial is one run.
  public static final Repeats NONE = new Repeats(1, List.of(), false);

  public Repeats {
    seeds = List.copyOf(seeds);
    if (runs < 1 || runs > MOST) {
      throw new Problem(
          "A trial has from 1 to " + MOST + " runs.", "repeats " + runs, "Write: repeats: 3.");
    }
    if (!seeds.isEmpty() && (seeds.size() != runs || new HashSet<>(seeds).size() != runs)) {
      throw new Problem(
          "Each run of a trial has a seed of its own.",
          "seeds " + seeds,
          "Name each seed once: seeds: [1, 2, 3].");
    }
    if (race && runs == 1) {
      throw new Problem(
          "One run leaves nothing to end early.",
          "race with 1 run",
          "Write: repeats: {seeds: 3, race: true}.");
    }
  }

  /// Whether a trial has more than one run.
  public boolean any() {
    return runs > 1;
  }

  /// The seed of a run.
  ///
  /// @param run from 1
  /// @param trial the trial's own seed
  public long seed(int run, long trial) {
    if (!seeds.isEmpty()) {
      return seeds.get(run - 1);
    }
    return run == 1 ? trial : mixed(trial + run * 0x9e3779b97f4a7c15L) >>> 1;
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
  private static long mixed(long bits) {
    long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  /// What of it makes the objective another one, as JSON values.
  public Map<String, @Nullable Object> describe() {
    var description = new LinkedHashMap<String, @Nullable Object>();
    description.put("runs", runs);
    if (!seeds.isEmpty()) {
      description.put("seeds", seeds);
    }
    return description;
  }
}
