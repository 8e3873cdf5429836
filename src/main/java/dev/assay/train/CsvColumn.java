package dev.assay.train;

import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One column of a CSV file while it is read. Keeps each cell as a number and as the code of its
/// text, the latter only while there are few distinct texts: so a file of numbers takes 4 bytes a
/// cell.
final class CsvColumn {
  /// The most levels of a categorical column, and the most classes.
  static final int MAX_LEVELS = 1000;

  /// Texts that mean a missing number. In a categorical column they are levels like any other. NaN
  /// is not among them: it is what a calculation that failed leaves behind.
  private static final Set<String> MISSING = Set.of("?", "NA", "N/A", "null", "None");

  private final String name;
  private final Map<String, Integer> codes = new LinkedHashMap<>();
  private float[] numbers = new float[64];
  private int @Nullable [] texts = new int[64];
  private int size;
  private int numeric;
  private int blanks;
  private long firstBlankLine;
  private int missing;
  private long firstMissingLine;
  private String firstText = "";
  private long firstTextLine;

  CsvColumn(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  int size() {
    return size;
  }

  void add(String cell, long line) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size * 2);
      texts = texts == null ? null : Arrays.copyOf(texts, size * 2);
    }
    var text = cell.strip();
    float number = number(text);
    numbers[size] = number;
    if (text.isEmpty()) {
      firstBlankLine = blanks++ == 0 ? line : firstBlankLine;
    } else if (MISSING.contains(text)) {
      firstMissingLine = missing++ == 0 ? line : firstMissingLine;
    } else if (Float.isFinite(number)) {
      numeric++;
    } else if (firstTextLine == 0) {
      firstText = text;
      firstTextLine = line;
    }
    if (texts != null) {
      code(text, texts);
    }
    size++;
  }

  private void code(String text, int[] into) {
    var code = codes.putIfAbsent(text, codes.size());
    into[size] = code == null ? codes.size() - 1 : code;
    if (codes.size() > MAX_LEVELS) {
      texts = null;
    }
  }

  /// Whether a cell of a numeric column holds no value.
  static boolean isMissing(String text) {
    return text.isEmpty() || MISSING.contains(text);
  }

  /// A finite number written with digits, or NaN. Stricter than [Float#parseFloat], which also
  /// takes `1f`, `0x1p3` and `Infinity`.
  static float number(String text) {
    if (text.isEmpty()) {
      return Float.NaN;
    }
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789.+-eE".indexOf(text.charAt(i)) < 0) {
        return Float.NaN;
      }
    }
    try {
      float number = Float.parseFloat(text);
      return Float.isFinite(number) ? number : Float.NaN;
    } catch (NumberFormatException _) {
      return Float.NaN;
    }
  }

  /// Whether the cells tell every row from every other as a name or number of it does: all differ,
  /// and are whole numbers or texts.
  boolean namesRows() {
    if (size < 2 || blanks + missing > 0) {
      return false;
    }
    if (numeric < size) {
      return numeric == 0 && codes.size() == size;
    }
    var sorted = Arrays.copyOf(numbers, size);
    Arrays.sort(sorted);
    for (int i = 0; i < size; i++) {
      if (sorted[i] != Math.rint(sorted[i]) || i > 0 && sorted[i] == sorted[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /// Numeric when more than half of the cells that hold something are numbers.
  private boolean isNumeric() {
    return 2L * numeric > size - blanks - missing;
  }

  /// The column as features.
  Column column(String file) {
    if (isNumeric()) {
      refuseText(file);
      return new Column.Numeric(name);
    }
    return new Column.Categorical(name, levels(file, "levels"));
  }

  /// The label as it is to be learnt.
  Target target(String file, Task task) {
    return switch (task) {
      case CLASSIFICATION -> {
        var classes = classes(file);
        yield new Target.Classes(name, classes, indices(classes));
      }
      case REGRESSION -> quantity(file);
    };
  }

  /// The label's classes: sorted by number when all are numbers, else as text.
  private List<String> classes(String file) {
    refuseBlanks(file);
    boolean numbers = numeric == size;
    if (numbers && (texts == null || codes.keySet().stream().anyMatch(CsvColumn::isFraction))) {
      throw new Problem(
          "The label column holds quantities, not classes.",
          "column " + name + " of " + file,
          "Minimize rmse or mae, or maximize r2, to predict the number; or name another label"
              + " column.");
    }
    var classes = levels(file, "classes").stream();
    return (numbers ? classes.sorted((a, b) -> Float.compare(number(a), number(b))) : classes)
        .toList();
  }

  private Target quantity(String file) {
    refuseBlanks(file);
    if (!isNumeric()) {
      throw new Problem(
          "The label column holds classes, not quantities.",
          "column " + name + " of " + file + ": \"" + firstText + "\" in line " + firstTextLine,
          "Maximize accuracy to predict the class, or name another label column.");
    }
    refuseText(file);
    return new Target.Quantity(name, Arrays.copyOf(numbers, size));
  }

  /// For each row the number of its group, whatever the cells hold.
  int[] groups(String file) {
    if (texts == null) {
      throw new Problem(
          "The groups column has too many distinct values.",
          "column " + name + " of " + file + ": more than " + MAX_LEVELS,
          "Name a column whose values name groups of rows, or use cv without groups.");
    }
    return indices(List.copyOf(codes.keySet()));
  }

  private static boolean isFraction(String text) {
    float number = number(text);
    return number != Math.rint(number);
  }

  private List<String> levels(String file, String kind) {
    if (texts == null) {
      throw new Problem(
          "A text column has too many distinct values.",
          "column " + name + " of " + file + ": more than " + MAX_LEVELS + " " + kind,
          "Remove the column if it only names the rows, or merge rare values.");
    }
    return codes.keySet().stream().sorted().toList();
  }

  /// A row without a label can neither be learnt from nor judged.
  private void refuseBlanks(String file) {
    boolean numbers = isNumeric();
    int absent = blanks + (numbers ? missing : 0);
    if (absent == 0) {
      return;
    }
    long line =
        Stream.of(firstBlankLine, numbers ? firstMissingLine : 0L)
            .filter(l -> l > 0)
            .min(Long::compare)
            .orElseThrow();
    throw new Problem(
        "A row has no label.",
        "column " + name + ", line " + line + " of " + file + "; " + absent + " missing in all",
        "Fill the cells, or remove the rows.");
  }

  private void refuseText(String file) {
    if (firstTextLine > 0) {
      throw new Problem(
          "A cell of a numeric column is not a finite number.",
          "\"" + firstText + "\" in column " + name + ", line " + firstTextLine + " of " + file,
          "Write a number there, or nothing where it is missing. (Most cells of the column are"
              + " numbers, so it is a numeric one.)");
    }
  }

  /// Writes the column's features of every row: `column.width()` values at `offset` of each row;
  /// NaN for a number that is missing.
  void write(Column column, float[] features, int offset, int width) {
    switch (column) {
      case Column.Numeric _ -> {
        for (int row = 0; row < size; row++) {
          features[row * width + offset] = numbers[row];
        }
      }
      case Column.Image _ -> throw new IllegalStateException("a cell is no image");
      case Column.Categorical(var _, var levels) -> {
        var indices = indices(levels);
        for (int row = 0; row < size; row++) {
          features[row * width + offset + indices[row]] = 1;
        }
      }
    }
  }

  /// For each row the index of its text in `levels`, which holds every text of the column.
  int[] indices(List<String> levels) {
    var coded = texts;
    if (coded == null) {
      throw new IllegalStateException("column " + name + " kept no texts");
    }
    var index = new int[codes.size()];
    for (int i = 0; i < levels.size(); i++) {
      index[codes.getOrDefault(levels.get(i), -1)] = i;
    }
    var result = new int[size];
    for (int row = 0; row < size; row++) {
      result[row] = index[coded[row]];
    }
    return result;
  }
}
