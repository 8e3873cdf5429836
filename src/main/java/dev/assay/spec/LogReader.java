package dev.assay.spec;

import dev.assay.track.ServerAddress;
import dev.assay.track.TrackerSettings;
import dev.assay.track.TrackerSettings.Kind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads `log:`.
final class LogReader {
  private static final String EXAMPLE = "log: {tensorboard: runs}";

  private LogReader() {}

  /// @param directory what relative paths are relative to
  static List<TrackerSettings> read(@Nullable Node node, Path directory) {
    if (node == null) {
      return List.of();
    }
    var part = Section.TRACKERS.of(node.fields(EXAMPLE));
    if (part.fields().entries().isEmpty()) {
      throw node.problem("Nothing is said about where to log.", "Write it like this: " + EXAMPLE);
    }
    var all = new ArrayList<TrackerSettings>();
    for (var kind : Kind.values()) {
      if (part.get(kind.name().toLowerCase(Locale.ROOT)) instanceof Node target) {
        all.add(
            new TrackerSettings(kind, kind == Kind.MLFLOW ? uri(target) : path(target, directory)));
      }
    }
    return List.copyOf(all);
  }

  private static String uri(Node node) {
    var fault = ServerAddress.fault(node.text());
    if (fault != null) {
      throw node.problem(fault.what(), fault.mend());
    }
    return ServerAddress.of(node.text());
  }

  private static String path(Node node, Path directory) {
    var text = node.text();
    try {
      return directory.resolve(text).toString();
    } catch (InvalidPathException e) {
      throw node.problem("The path is none that this system allows.", "Choose another path.");
    }
  }
}
