package dev.assay.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a trial is.
public sealed interface ObjectiveSpec {
  /// A built-in trainer.
  ///
  /// @param fixed trainer parameters that are not searched
  record Train(
      Located<String> trainer,
      Data data,
      Validation validation,
      Map<String, Located<@Nullable Object>> fixed)
      implements ObjectiveSpec {}

  /// An external program.
  ///
  /// @param words the program and its arguments, placeholders included
  /// @param directory where it is started
  record Command(Located<List<String>> words, Located<Path> directory) implements ObjectiveSpec {}

  /// A recorded table, replayed.
  record Table(Located<Path> file) implements ObjectiveSpec {}

  /// A built-in test function.
  record Function(Located<String> name) implements ObjectiveSpec {}

  /// Somebody else runs the trials.
  record AskTell() implements ObjectiveSpec {}

  /// What a trainer learns from.
  sealed interface Data {
    /// A data set that comes with Assay.
    record Bundled(Located<String> name) implements Data {}

    /// A .csv or .csv.gz file.
    ///
    /// @param label the column to predict; null: the last
    record Csv(Located<Path> file, @Nullable Located<String> label) implements Data {}

    /// Images and labels in IDX files.
    record Idx(Located<Path> images, Located<Path> labels) implements Data {}
  }

  /// On which rows a trained model is judged.
  sealed interface Validation {
    record CrossValidation(int folds) implements Validation {}

    /// @param fraction the share of rows held out, in (0, 1)
    record Holdout(double fraction) implements Validation {}
  }
}
