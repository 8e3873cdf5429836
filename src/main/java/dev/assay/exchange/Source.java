package dev.assay.exchange;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import dev.assay.storage.ForeignDatabase;
import dev.assay.study.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is imported, and what the user says about it.
///
/// @param path a file or a directory
/// @param tool where it comes from; null: its content says
/// @param study which of several; null: the only one
/// @param objectives the metrics that are objectives; may be empty where the source says
/// @param params the columns or keys that are parameters; empty: the source says, or all that are
///   nothing else
public record Source(
    Path path,
    @Nullable String tool,
    @Nullable String study,
    List<Objective> objectives,
    List<String> params) {
  private static final String OPTUNA_URL = "sqlite:///";

  /// The tools that studies can come from.
  public static final List<String> TOOLS =
      List.of("optuna", "hyperopt", "ray", "csv", "wandb", "mlflow");

  /// @param text a path, or the URL that Optuna has for a SQLite file
  public static Path path(String text) {
    return Path.of(text.startsWith(OPTUNA_URL) ? text.substring(OPTUNA_URL.length()) : text);
  }

  public Source {
    objectives = List.copyOf(objectives);
    params = List.copyOf(params);
    if (tool != null && !TOOLS.contains(tool)) {
      throw new Problem(
          "There is no such source of studies.", "--from " + tool, Nearest.suggest(tool, TOOLS));
    }
  }

  ForeignStudy read() {
    if (!Files.exists(path)) {
      throw new Problem("There is nothing to import.", path.toString(), "Check the path.");
    }
    try {
      return read(path);
    } catch (IOException e) {
      throw new Problem(
          "The source cannot be read.", path + ": " + e, "Check the file and its rights.", e);
    }
  }

  private ForeignStudy read(Path file) throws IOException {
    if (ForeignDatabase.isOne(file)) {
      requireTool("optuna", "a SQLite database");
      return OptunaDatabase.read(file, study, objectives);
    }
    throw new Problem("This is none of the formats that are known.", file.toString(), "");
  }

  private void requireTool(String found, String what) {
    if (tool != null && !tool.equals(found)) {
      throw new Problem(
          "The source is not what it was said to be.",
          path + " is " + what + ", not of " + tool,
          "Leave out --from: the content says what it is.");
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
