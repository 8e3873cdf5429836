package dev.assay.train;

import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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

  /// A number whose thousands are grouped.
  private static final Pattern GROUPED =
      Pattern.compile("[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\\.[0-9]*)?");

  private static final Pattern IDENTIFIER =
      Pattern.compile("(?i)(?:^|[_ .-])(?:id|ids|uuid|guid|index|key|row|nr|no)$|[a-z]I[dD]$");

  /// Fewer levels than this are a category, however few rows there are.
  private static final int FEW_LEVELS = 20;

  private final String name;
  private final Map<String, Integer> codes = new LinkedHashMap<>();
  private float[] numbers = new float[64];
  private int @Nullable [] texts = new int[64];

  /// The cells as days, as long as all that hold something are dates.
  private float @Nullable [] days = new float[64];

  /// A cell whose comma may group thousands or begin decimals; `.` where another cell made that
  /// clear.
  private String grouped = "";

  private int dates;
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
      days = days == null ? null : Arrays.copyOf(days, size * 2);
    }
    var text = cell.strip();
    float number = number(text);
    numbers[size] = number;
    if (days != null) {
      date(text, days);
    }
    if (text.indexOf(',') > 0 && Float.isFinite(number)) {
      boolean clear = text.indexOf('.') > 0 || text.indexOf(',') < text.lastIndexOf(',');
      grouped = clear || grouped.equals(".") ? "." : text;
    }
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

  private void date(String text, float[] into) {
    into[size] = CsvDates.days(text);
    if (!Float.isNaN(into[size])) {
      dates++;
    } else if (!isMissing(text)) {
      days = null;
    }
  }

  private boolean isDate() {
    return days != null && dates > 0;
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

  /// A finite number written with digits, or NaN; thousands may be grouped: `49,030.74`. Stricter
  /// than [Float#parseFloat], which also takes `1f`, `0x1p3` and `Infinity`.
  static float number(String text) {
    if (text.isEmpty()) {
      return Float.NaN;
    }
    if (text.indexOf(',') > 0) {
      return GROUPED.matcher(text).matches() ? number(text.replace(",", "")) : Float.NaN;
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
  ///
  /// @param asks whether a column of mostly different texts is asked about
  Column column(String file, boolean asks) {
    if (isDate()) {
      return new Column.Date(name);
    }
    if (isNumeric()) {
      refuseText(file);
      return new Column.Numeric(name);
    }
    if (asks && texts != null && namesMany()) {
      throw new Problem(
          "Most texts of a column are different: it would be a feature for each.",
          "column "
              + name
              + " of "
              + file
              + ": "
              + codes.size()
              + " texts in "
              + size
              + " rows, "
              + example(),
          "If it only names the rows, leave it out: drop: [" + name + "]. " + other());
    }
    return new Column.Categorical(name, levels(file, "levels"));
  }

  private String example() {
    return codes.keySet().stream().filter(text -> !isMissing(text)).findFirst().orElse("");
  }

  private String other() {
    var text = example();
    return text.matches("[+-]?[0-9.]*,[0-9]+")
        ? "If these are numbers, write them with a decimal point."
        : text.matches("[0-9]{1,4}[./ -][0-9A-Za-z]{1,9}[./ -][0-9]{1,4}.*")
            ? "If these are dates, write them as 2024-12-31."
            : "If these are categories: categories: [" + name + "].";
  }

  private boolean namesMany() {
    return codes.size() > FEW_LEVELS && 2L * codes.size() > size - blanks;
  }

  /// A number that is another one in every row, and has the name of what tells rows apart.
  boolean looksLikeIdentifier() {
    return IDENTIFIER.matcher(name).find() && numeric == size && namesRows();
  }

  /// What the column is as a feature, for people.
  String words() {
    int absent = blanks + missing;
    var words =
        isDate()
            ? "a date, as days"
            : isNumeric()
                ? "a number"
                : "a category of "
                    + (texts == null ? "more than " + MAX_LEVELS : codes.size())
                    + " values";
    return words
        + (absent == 0 || !isDate() && !isNumeric() ? "" : ", " + absent + " missing")
        + (looksLikeIdentifier()
            ? "; it looks like an identifier, drop: [" + name + "] leaves it out"
            : "");
  }

  /// What the column is as the label, for people.
  String classWords() {
    return codes.size() + " classes";
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
          "Leave the column out if it only names the rows: drop: ["
              + name
              + "]; or merge rare values.");
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

  /// Where commas do not part cells, many write decimals with them.
  void refuseDoubtfulCommas(String file) {
    if (isNumeric() && !grouped.isEmpty() && !grouped.equals(".")) {
      throw new Problem(
          "A number can be read in two ways.",
          "\"" + grouped + "\" in column " + name + " of " + file,
          "Write decimals with a point, and thousands without a comma.");
    }
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
      case Column.Date _ -> {
        for (int row = 0; row < size; row++) {
          features[row * width + offset] = days == null ? Float.NaN : days[row];
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
