package dev.assay.compare;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.run.function.NumericFunction;
import dev.assay.run.function.TestFunctions;
import dev.assay.run.table.ReplayTable;
import dev.assay.spec.StudyFile;
import dev.assay.trial.Budget;
import dev.assay.trial.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A problem to search, read when its turn comes: a suite of large tables need not fit into memory
/// at once.
///
/// @param name unique in a comparison
/// @param source reads it
public record SearchCase(String name, Supplier<StudyFile> source) {
  /// Trials a run where neither a study file nor anybody says how many.
  public static final int TRIALS = 100;

  /// The functions of the standard suite: smooth and rugged, separable and not, two to ten
  /// dimensions; none with its minimum in the middle, where some samplers begin.
  private static final List<String> STANDARD =
      List.of(
          "branin",
          "six_hump_camel",
          "goldstein_price",
          "hartmann3",
          "hartmann6",
          "shekel",
          "rosenbrock4",
          "ackley5_shifted",
          "levy6",
          "styblinski_tang6",
          "griewank6_shifted",
          "rastrigin8_shifted",
          "michalewicz10");

  /// What an argument of the command line means: a study file, a table (`.csv`, `.csv.gz`), or a
  /// function of the literature.
  ///
  /// @param settings as `--set` of `tune` has them
  /// @throws Problem when it is none of them
  public static SearchCase of(String argument, List<String> settings) {
    var file = Path.of(argument);
    if (isTable(file)) {
      return table(file, settings);
    }
    if (Files.exists(file) || argument.toLowerCase(Locale.ROOT).matches(".*\\.(ya?ml|json)")) {
      var spec = StudyFile.read(file, settings);
      return new SearchCase(spec.name(), () -> spec);
    }
    if (isMeantAsFunction(argument)) {
      return function(argument, settings);
    }
    throw new Problem(
        "There is nothing of that name to search.",
        argument,
        "Name a study file, a table (.csv or .csv.gz), or a function; what stored studies found is"
            + " compared by assay diff. "
            + Nearest.suggest(argument, TestFunctions.names()));
  }

  /// Whether it is like the name of a function, whatever its dimension.
  private static boolean isMeantAsFunction(String argument) {
    var base = stem(argument);
    return argument.matches("[a-z_]+[0-9]*(_[0-9]+)?(_shifted)?")
        && NumericFunction.names().stream()
            .anyMatch(name -> name.equals(base) || stem(name).equals(base));
  }

  private static String stem(String function) {
    return function.replaceFirst("_?[0-9]*(_shifted)?$", "");
  }

  private static SearchCase function(String name, List<String> settings) {
    var metrics = NumericFunction.named(name).metrics();
    var text = "{name: %s, objective: {function: %s}, minimize: %s}".formatted(name, name, metrics);
    var spec = StudyFile.parse(Path.of(name), text, settings);
    return new SearchCase(name, () -> spec);
  }

  private static SearchCase table(Path file, List<String> settings) {
    return new SearchCase(
        tableName(file),
        () -> {
          var table = ReplayTable.read(file);
          var direction = table.direction() == Direction.MINIMIZE ? "minimize" : "maximize";
          var text =
              "{name: %s, objective: {table: %s}, %s: %s}"
                  .formatted(
                      quoted(tableName(file)),
                      quoted(file.toAbsolutePath().toString()),
                      direction,
                      quoted(table.metric()));
          return StudyFile.parse(file, text, settings);
        });
  }

  private static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  private static boolean isTable(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).matches(".*\\.csv(\\.gz)?");
  }

  private static String tableName(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("(?i)\\.csv(\\.gz)?$", "");
  }

  /// The built-in functions, and every described table below a directory.
  ///
  /// @param data null: no tables
  /// @throws Problem when the directory has no table with its description beside it
  public static List<SearchCase> standard(@Nullable Path data, List<String> settings) {
    var cases = new ArrayList<SearchCase>();
    STANDARD.forEach(name -> cases.add(function(name, settings)));
    if (data != null) {
      cases.addAll(tables(data, settings));
    }
    return cases;
  }

  private static List<SearchCase> tables(Path data, List<String> settings) {
    try (var files = Files.walk(data)) {
      var tables =
          files
              .filter(SearchCase::isTable)
              .filter(file -> Files.exists(file.resolveSibling(tableName(file) + ".json")))
              .sorted()
              .map(file -> table(file, settings))
              .toList();
      if (tables.isEmpty()) {
        throw new Problem(
            "There are no tables to replay.",
            data.toString(),
            "Name a directory of NAME.csv.gz with NAME.json beside each.");
      }
      return tables;
    } catch (IOException e) {
      throw new Problem("The directory cannot be read.", data + ": " + e, "Check --data.", e);
    }
  }

  /// Refuses two cases of one name.
  static void requireDistinct(List<SearchCase> cases) {
    Set<String> names = new LinkedHashSet<>();
    for (var one : cases) {
      if (!names.add(one.name())) {
        throw new Problem(
            "Two problems have the same name.",
            one.name(),
            "Name it once, or give one of the study files another name:.");
      }
    }
  }

  /// What each run may use: trials as asked for, or as the file says, and its time; nothing else
  /// ends a run early, so that all runs are as long.
  static Budget budget(StudyFile spec, @Nullable Integer trials) {
    var said = spec.budget();
    var most = trials != null ? trials : said.trials();
    return new Budget(
        most == null && said.time() == null ? (Integer) TRIALS : most, said.time(), null, null);
  }
}
