package dev.assay.study;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides which trials are stopped early: the port that pruning algorithms implement. Stateless.
public interface Pruner {
  /// Never prunes.
  Pruner NONE =
      new Pruner() {
        @Override
        public String name() {
          return "none";
        }

        @Override
        public Map<String, @Nullable Object> settings() {
          return Map.of();
        }

        @Override
        public boolean prune(
            int trial, List<Report> reports, History history, Direction direction) {
          return false;
        }
      };

  /// The name used in study files.
  String name();

  /// Every setting as JSON values, defaults included.
  Map<String, @Nullable Object> settings();

  /// Whether the trial should stop now.
  ///
  /// @param trial its number
  /// @param reports its own reports, the newest last; never empty
  /// @param history what may be known: finished trials and, where no batch rule hides them, the
  ///   reports of those that run
  /// @param direction of the first objective, whose values decide
  boolean prune(int trial, List<Report> reports, History history, Direction direction);
}
