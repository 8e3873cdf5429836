package dev.assay.spec;

import dev.assay.run.Repeats;
import dev.assay.run.command.CommandSettings;
import dev.assay.run.function.NumericFunction;
import dev.assay.run.kernel.KernelSettings;
import dev.assay.run.table.ReplayTable;
import dev.assay.space.SearchSpace;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.Validation;
import java.util.List;
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
  /// @param groups the column of rows that belong together; null: none
  /// @param drop columns that are left out
  /// @param categories columns of texts that are categories however many there are
  /// @param trainScores whether the training rows are scored too
  /// @param fixed trainer parameters that are not searched, each with one value
  /// @param repeats how many trainings a trial is
  /// @param precision of the products of dense layers
  record Train(
      Node model,
      Node data,
      @Nullable String label,
      @Nullable String groups,
      List<String> drop,
      List<String> categories,
      Validation validation,
      boolean trainScores,
      Map<String, Node> fixed,
      Repeats repeats,
      Precision precision)
      implements ObjectiveSpec {}

  /// A program of the user's.
  ///
  /// @param place where the command stands
  record Command(CommandSettings settings, Place place) implements ObjectiveSpec {}

  /// A kernel that is compiled and run.
  ///
  /// @param formulas where each formula stands, by its text
  /// @param place where the kernel's file stands
  record Kernel(KernelSettings settings, Map<String, Place> formulas, Place place)
      implements ObjectiveSpec {}

  /// A recorded table.
  ///
  /// @param file as the study file names it
  /// @param repeats which of several recorded repeats is the value; null: their mean
  record Table(String file, ReplayTable table, @Nullable Node repeats, Place place)
      implements ObjectiveSpec {
    @Override
    public SearchSpace ownSpace() {
      return place.locate(table::space);
    }
  }

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
