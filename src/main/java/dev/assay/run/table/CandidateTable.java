package dev.assay.run.table;

import dev.assay.files.LargeFile;
import dev.assay.internal.words.Nearest;
import dev.assay.internal.words.NumberText;
import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Configurations that somebody listed: one row each, one column for each parameter. Immutable.
///
/// A column that nobody describes holds whole numbers, numbers, truths or words, all of one kind.
/// Numbers are searched between the smallest and the largest, by their logarithms where they are
/// above 0 and the largest is at least 1,000 times the smallest.
///
/// @param name what it is, for messages: how many rows of which file, and their fingerprint
/// @param parameters one for each column, in their order
/// @param rows the codes of each row
public record CandidateTable(String name, List<Parameter> parameters, List<double[]> rows) {
  private static final double WIDE = 1000;

  /// @param shown the file's name as the study file has it
  /// @param described parameters of columns that are described
  /// @throws Problem when the file cannot be read, lacks a column, has a cell that is not one of
  ///   its parameter's values, or the same row twice
  public static CandidateTable read(Path file, String shown, Map<String, Parameter> described) {
    return LargeFile.read(file, () -> of(TableColumns.read(file), shown, described));
  }

  private static CandidateTable of(
      TableColumns columns, String shown, Map<String, Parameter> described) {
    for (var name : described.keySet()) {
      if (!columns.has(name)) {
        throw new Problem(
            "The rows lack a column for a parameter.",
            name + ", " + shown,
            Nearest.suggest(name, columns.cells().keySet()));
      }
    }
    var parameters = new ArrayList<Parameter>();
    var codes = new ArrayList<double[]>();
    for (var column : columns.cells().keySet()) {
      if (column.isBlank()) {
        throw new Problem(
            "A column of the rows has no name.",
            "column " + (parameters.size() + 1) + " of " + shown,
            "Name it in the header.");
      }
      var cells = columns.texts(column);
      requireFilled(column, cells, shown);
      var parameter = described.get(column);
      if (parameter == null) {
        parameter = new Parameter(column, inferred(column, cells, shown));
      }
      parameters.add(parameter);
      codes.add(codes(parameter, cells, shown));
    }
    var rows = rows(codes, columns.rows());
    requireDifferent(rows, shown);
    return new CandidateTable(
        "one of the "
            + rows.size()
            + " rows of "
            + shown
            + " ("
            + fingerprint(parameters, rows)
            + ")",
        List.copyOf(parameters),
        rows);
  }

  private static String place(String column, String cell, int row, String shown) {
    return column + " \"" + cell + "\", row " + (row + 1) + " of " + shown;
  }

  private static void requireFilled(String column, List<String> cells, String shown) {
    int blank = cells.indexOf("");
    if (blank >= 0) {
      throw new Problem(
          "A cell of the rows is empty.",
          place(column, "", blank, shown),
          "Fill it, or remove the row: a row is a whole configuration.");
    }
  }

  private static Distribution inferred(String column, List<String> cells, String shown) {
    Set<String> words = new TreeSet<>(cells);
    if (Set.of("true", "false").containsAll(words)) {
      return Choice.of(true, false);
    }
    int numbers = (int) cells.stream().filter(cell -> NumberText.find(cell).isPresent()).count();
    if (numbers == 0 && cells.stream().noneMatch(CandidateTable::looksLikeNumber)) {
      return new Choice(List.copyOf(words), false);
    }
    var values = new double[cells.size()];
    boolean whole = true;
    for (int row = 0; row < values.length; row++) {
      var cell = cells.get(row);
      values[row] = number(column, cell, row, shown);
      whole &=
          cell.chars().noneMatch(c -> ".eE".indexOf(c) >= 0) && Math.abs(values[row]) <= 0x1p53;
    }
    double low = Arrays.stream(values).min().orElseThrow();
    double high = Arrays.stream(values).max().orElseThrow();
    boolean log = low > 0 && high / low >= WIDE;
    return whole
        ? new IntRange((long) low, (long) high, log, 1)
        : new FloatRange(low, high, log, 0);
  }

  private static boolean looksLikeNumber(String cell) {
    return cell.matches("[-+]?[0-9.,]*[0-9][0-9.,]*");
  }

  private static double number(String column, String cell, int row, String shown) {
    try {
      double number = NumberText.parse(cell);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new Problem(
          "A cell of the rows is no number, though its column holds numbers.",
          place(column, cell, row, shown) + ": " + e.getMessage(),
          "Mend the cell, or list the column's values in space: " + column + ": {choice: [...]}.",
          e);
    }
    throw new Problem(
        "A cell of the rows is not finite.",
        place(column, cell, row, shown),
        "Mend the cell, or remove the row.");
  }

  private static double[] codes(Parameter parameter, List<String> cells, String shown) {
    var known = new HashMap<String, Double>();
    var codes = new double[cells.size()];
    for (int row = 0; row < codes.length; row++) {
      var cell = cells.get(row);
      var distribution = parameter.distribution();
      double code = known.computeIfAbsent(cell, text -> code(distribution, text));
      if (Double.isNaN(code)) {
        throw new Problem(
            "A cell of the rows is not one of its parameter's values.",
            place(parameter.name(), cell, row, shown),
            "It is a " + distribution.describe() + ".");
      }
      codes[row] = code;
    }
    return codes;
  }

  /// A cell is a number, a truth or a text, whichever the parameter has.
  private static double code(Distribution distribution, String cell) {
    var number = NumberText.find(cell);
    double code = number.isPresent() ? distribution.code(number.getAsDouble()) : Double.NaN;
    if (Double.isNaN(code)) {
      code = distribution.code(cell);
    }
    @Nullable Object truth =
        cell.equals("true") ? (Object) true : cell.equals("false") ? false : null;
    return Double.isNaN(code) && truth != null ? distribution.code(truth) : code;
  }

  private static List<double[]> rows(List<double[]> columns, int count) {
    var rows = new ArrayList<double[]>();
    for (int i = 0; i < count; i++) {
      int row = i;
      rows.add(columns.stream().mapToDouble(column -> column[row]).toArray());
    }
    return List.copyOf(rows);
  }

  private static void requireDifferent(List<double[]> rows, String shown) {
    var seen = new HashMap<List<Double>, Integer>();
    for (int row = 0; row < rows.size(); row++) {
      var earlier = seen.putIfAbsent(Arrays.stream(rows.get(row)).boxed().toList(), row);
      if (earlier != null) {
        throw new Problem(
            "A configuration stands twice among the rows.",
            "rows " + (earlier + 1) + " and " + (row + 1) + " of " + shown,
            "Remove one of them: none is tried twice.");
      }
    }
  }

  /// Tells other lists apart, in whatever order their rows are.
  private static String fingerprint(List<Parameter> parameters, List<double[]> rows) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      parameters.forEach(p -> digest.update((p.name() + "\n").getBytes(StandardCharsets.UTF_8)));
      rows.stream()
          .map(Arrays::toString)
          .sorted()
          .forEach(row -> digest.update((row + "\n").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest(), 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
