package dev.assay.spec;

import dev.assay.run.Repeats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `repeats:` of a command or a trainer: how many runs a trial is.
final class RepeatsReader {
  private static final String EXAMPLE = "repeats: {seeds: 3, race: true}";

  private RepeatsReader() {}

  static Repeats read(@Nullable Node node) {
    if (node == null) {
      return Repeats.NONE;
    }
    if (node instanceof Node.Scalar) {
      int runs = node.count(1);
      return node.place().locate(() -> new Repeats(runs, List.of(), false));
    }
    var part = Section.REPEATS.of(node.fields(EXAMPLE));
    var seeds = part.require("seeds", EXAMPLE);
    boolean race = part.get("race") instanceof Node asked && asked.truth();
    if (seeds instanceof Node.Elements(var nodes, _)) {
      var named = nodes.stream().map(seed -> (long) seed.count(0)).toList();
      return seeds.place().locate(() -> new Repeats(named.size(), named, race));
    }
    int runs = seeds.count(1);
    return seeds.place().locate(() -> new Repeats(runs, List.of(), race));
  }
}
