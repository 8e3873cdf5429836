package dev.assay.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a study file optimises.
public sealed interface ObjectiveSpec {
  /// A built-in trainer.
  ///
  /// @param model `mlp`, `softmax`
  /// @param data a bundled set, a path, or several (IDX images and labels)
  /// @param label the label column; null: the last
  /// @param folds of the cross-validation; 0: hold-out
  /// @param holdout the share of rows held out, where folds is 0
  /// @param fixed trainer parameters that are not searched
  record Train(
      Node model,
      Node data,
      @Nullable String label,
      int folds,
      double holdout,
      Map<String, Node> fixed)
      implements ObjectiveSpec {}

  /// A program of the user's.
  record Command(List<String> words, Place place) implements ObjectiveSpec {}

  /// A recorded table.
  record Table(String file, Place place) implements ObjectiveSpec {}

  /// A test function of the literature.
  record Function(String name, Place place) implements ObjectiveSpec {}

  /// Somebody else asks and tells.
  record AskTell() implements ObjectiveSpec {}
}
