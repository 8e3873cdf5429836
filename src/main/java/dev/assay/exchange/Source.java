package dev.assay.exchange;

import dev.assay.internal.storage.sql.ForeignDatabase;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.trial.Objective;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
    if (Files.isDirectory(file)) {
      requireTool("ray", "a directory");
      return RayResults.read(file, this);
    }
    if (ForeignDatabase.isOne(file)) {
      requireTool("optuna", "a SQLite database");
      return OptunaDatabase.read(file, study, objectives);
    }
    var beginning = beginning(file);
    refusePickle(file, beginning);
    if (beginning.startsWith("{\"op_code\"")) {
      requireTool("optuna", "a journal of Optuna's");
      return OptunaJournal.read(file, study, objectives);
    }
    if (beginning.startsWith("{") || beginning.startsWith("[")) {
      return JsonRuns.read(file, this);
    }
    requireNoDatabase(file);
    if (tool != null && !List.of("csv", "wandb", "mlflow").contains(tool)) {
      throw new Problem(
          "The source is not what it was said to be.",
          file + " is neither a database nor JSON, so not of " + tool,
          "docs/import-export.md says what each tool's export is.");
    }
    return CsvRuns.read(file, this);
  }

  /// The first characters behind spaces and a byte order mark.
  private static String beginning(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var head = new String(in.readNBytes(4096), StandardCharsets.ISO_8859_1);
      return head.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    }
  }

  private static void refusePickle(Path file, String beginning) {
    boolean pickle =
        String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).matches(".*\\.(pkl|pickle)");
    boolean framed =
        beginning.length() > 1 && beginning.charAt(0) == 0x80 && beginning.charAt(1) <= 5;
    if (pickle || framed) {
      throw new Problem(
          "A pickle is not read: it is a program that only Python can run, and safely only if you"
              + " trust it.",
          file.toString(),
          "Write JSON there: json.dump({\"trials\": trials.trials}, open(\"trials.json\", \"w\"),"
              + " default=str).");
    }
    if (beginning.indexOf('\0') >= 0) {
      throw new Problem(
          "The file is of no format that is known.",
          file + " is neither text nor a SQLite database",
          "docs/import-export.md says what each tool's export is.");
    }
  }

  /// What is called a database and is none was damaged, and no table.
  private static void requireNoDatabase(Path file) {
    var name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.matches(".*\\.(db|sqlite3?|journal)")) {
      throw new Problem(
          "The file is neither a SQLite database nor a journal.",
          file + ": it does not begin as one",
          "Copy it again; a table should be called .csv.");
    }
  }

  void requireTool(String found, String what) {
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
