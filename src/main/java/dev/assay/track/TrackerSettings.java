package dev.assay.track;

import java.nio.file.Path;

/// Where a study file says that its study is logged.
///
/// @param kind what is there
/// @param target a server's address without a slash at its end, or an absolute path
public record TrackerSettings(Kind kind, String target) {
  /// The kinds of trackers.
  public enum Kind {
    MLFLOW,
    TENSORBOARD,
    JSONL
  }

  /// A tracker of these settings, which was not opened yet.
  public Tracker make() {
    return switch (kind) {
      case MLFLOW -> new Mlflow(target);
      case TENSORBOARD -> new TensorBoard(Path.of(target));
      case JSONL -> new JsonLines(Path.of(target));
    };
  }
}
