package dev.assay.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Finds what other tools measured of the same work: benchmarks of the same last word
/// (`GpBenchmark.refitAndSuggest`, `botorch.refitAndSuggest`), or both of training, whose sizes are
/// the same where both name them.
final class PeerPairs {
  private static final String TRAINING = "training.device";
  private static final String TRAINED = "peers.train";

  /// Parameters that say of what size the work is.
  private static final List<String> SIZES =
      List.of(
          "n",
          "matrices",
          "candidates",
          "starts",
          "precision",
          "hidden",
          "batch",
          "rows",
          "epochs");

  private PeerPairs() {}

  /// The measurement once for each peer that has the same work; none where no peer has.
  ///
  /// @param peers results of others on the same device
  static List<Measurement> of(Measurement ours, List<ResultsFile> peers) {
    var pairs = new ArrayList<Measurement>();
    for (var file : peers) {
      for (var theirs : file.measurements()) {
        if (isSameWork(ours, theirs)) {
          pairs.add(ours.beside(peer(file, theirs)));
        }
      }
    }
    return pairs;
  }

  static boolean isSameWork(Measurement ours, Measurement theirs) {
    boolean training = ours.benchmark().startsWith(TRAINING) && theirs.benchmark().equals(TRAINED);
    return (training || lastWord(ours).equals(lastWord(theirs)))
        && ours.unit().equals(theirs.unit())
        && SIZES.stream().allMatch(size -> agree(size, ours.parameters(), theirs.parameters()));
  }

  private static boolean agree(String size, Map<String, String> ours, Map<String, String> theirs) {
    var mine = ours.get(size);
    var other = theirs.get(size);
    return mine == null || other == null || words(mine).equals(words(other));
  }

  /// `[32, 48]` and `32,48` are the same.
  private static String words(String value) {
    return value.replaceAll("[\\[\\] ]", "");
  }

  private static String lastWord(Measurement m) {
    return m.benchmark().substring(m.benchmark().lastIndexOf('.') + 1);
  }

  private static Measurement.Peer peer(ResultsFile file, Measurement theirs) {
    var first = theirs.benchmark().replaceFirst("\\..*", "");
    var tool = theirs.parameters().getOrDefault("tool", first);
    var versions = file.provenance().get("versions");
    var version =
        theirs.parameters().get("version") instanceof String said
            ? said
            : versions instanceof Map<?, ?> map && map.get(first) != null
                ? String.valueOf(map.get(first))
                : "of unknown version";
    return new Measurement.Peer(tool.toLowerCase(Locale.ROOT), version, theirs.score());
  }
}
