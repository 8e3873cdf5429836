package dev.assay.spec;

import dev.assay.run.NumericFunction;
import dev.assay.run.command.CommandSettings;
import dev.assay.space.SearchSpace;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a study file optimises. What stands in nodes is judged later, by those who know trainers
/// and data; their problems get the node's place.
public sealed interface ObjectiveSpec {
  /// The space that is searched where the file says none; null where there must be one.
  default @Nullable SearchSpace ownSpace() {
    return null;
  }

  /// A built-in trainer.
  ///
  /// @param model `mlp`, `softmax`
  /// @param data a text: a bundled set or the path of a CSV file; or a map: `images` and `labels`
  /// @param label the label column; null: the last
  /// @param folds of the cross-validation; 0: hold-out
  /// @param holdout the share of the rows held out, where folds is 0
  /// @param fixed trainer parameters that are not searched, each with one value
  record Train(
      Node model,
      Node data,
      @Nullable String label,
      int folds,
      double holdout,
      Map<String, Node> fixed)
      implements ObjectiveSpec {}

  /// A program of the user's.
  ///
  /// @param place where the command stands
  record Command(CommandSettings settings, Place place) implements ObjectiveSpec {}

  /// A recorded table.
  record Table(String file, Place place) implements ObjectiveSpec {}

  /// A test function of the literature.
  record Function(String name, Place place) implements ObjectiveSpec {
    @Override
    public SearchSpace ownSpace() {
      return place.locate(() -> NumericFunction.named(name).space());
    }
  }

  /// Somebody else asks and tells.
  record AskTell() implements ObjectiveSpec {}
}
