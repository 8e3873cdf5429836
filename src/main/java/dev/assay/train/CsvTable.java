package dev.assay.train;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.assay.internal.words.Log;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;

/// Reads a CSV file into a [DataSet].
///
/// A column of dates as ISO 8601 writes them is a number of days. Thousands may be grouped by
/// commas. A column of texts most of which are different is asked about: it would be as many
/// features.
///
/// A column is **numeric** when more than half of its cells are finite decimal numbers (cells that
/// are blank, or one of `? NA N/A null None`, have no vote); a text in a numeric column is an error
/// that names line and column. Blanks and those words are missing values in a numeric column. Any
/// other column is **categorical**: each distinct text, blanks too, up to 1,000, becomes a level,
/// and each level a feature. White space around a cell is dropped.
///
/// The **label** column's texts are the classes, ordered by number when all are whole numbers; or
/// its numbers are what is predicted. The **groups** column says which rows belong together, and is
/// no feature. Nor are columns to be **dropped**, nor is a first column without a name whose cells
/// all differ and are whole numbers or texts: so pandas and R write the names of the rows.
final class CsvTable {
  private static final Logger LOG = Log.of(CsvTable.class);

  private final String file;
  private final List<CsvColumn> columns;
  private final int label;
  private final int groups;
  private final Set<String> dropped;
  private final Set<String> categories;
  private boolean rowNames; // whether the first column is no more than that

  private CsvTable(String file, List<String> header, CsvRoles roles) {
    this.file = file;
    checkHeader(header);
    this.columns = header.stream().map(CsvColumn::new).toList();
    this.groups = roles.groups() == null ? -1 : index(header, "groups", roles.groups());
    int last = header.size() - 1;
    this.label =
        roles.label() != null
            ? index(header, "label", roles.label())
            : groups == last ? last - 1 : last;
    if (label == groups || label < 0) {
      throw new Problem(
          "One column cannot be both the label and the groups.",
          String.valueOf(roles.groups()) + " in " + file,
          "Name another column for one of them.");
    }
    this.dropped = Set.copyOf(roles.drop());
    this.categories = Set.copyOf(roles.categories());
    roles.categories().forEach(name -> index(header, "categories", name));
    for (var name : roles.drop()) {
      int dropIndex = index(header, "dropped", name);
      if (dropIndex == label || dropIndex == groups) {
        throw new Problem(
            "A column that is dropped cannot be the label or the groups.",
            name + " in " + file,
            roles.label() == null && dropIndex == label
                ? "Name the label column: label: NAME."
                : "Remove it from drop, or name another label or groups column.");
      }
    }
  }

  private int index(List<String> header, String role, String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw new Problem(
          "The " + role + " column is not in the file.",
          "\"" + name + "\" in " + file,
          Nearest.suggest(name, header));
    }
    return index;
  }

  static DataSet read(String file, CsvRoles roles, Iterable<CsvRecord> rows, char separator) {
    return table(file, roles, rows, separator).dataSet(roles.task());
  }

  /// How each column is read, in words, for a person to check.
  static List<ColumnReading> describe(
      String file, CsvRoles roles, Iterable<CsvRecord> rows, char separator) {
    return table(file, roles, rows, separator).readings(roles.task());
  }

  private static CsvTable table(
      String file, CsvRoles roles, Iterable<CsvRecord> rows, char separator) {
    try {
      var records = rows.iterator();
      if (!records.hasNext()) {
        throw new Problem(
            "The data file is empty.",
            file,
            "Give a header line and at least two rows of each class.");
      }
      var table = new CsvTable(file, header(records.next()), roles);
      while (records.hasNext()) {
        table.add(records.next());
      }
      table.settle(separator);
      return table;
    } catch (CsvParseException e) {
      throw new Problem(
          "The data file is not well-formed CSV.",
          file + ": " + e.getMessage(),
          "Check the quotes near that place.",
          e);
    }
  }

  /// The names of the columns; one without a name is called by its place.
  static List<String> header(CsvRecord first) {
    var names = new ArrayList<String>();
    for (var field : first.getFields()) {
      // A byte order mark, as some spreadsheets write it, is no part of the first name.
      var name = names.isEmpty() && field.startsWith("\uFEFF") ? field.substring(1) : field;
      names.add(name.isBlank() ? unnamed(names.size()) : name.strip());
    }
    return names;
  }

  private static String unnamed(int index) {
    return "column " + (index + 1);
  }

  private void checkHeader(List<String> header) {
    var seen = new HashSet<String>();
    for (var name : header) {
      if (!seen.add(name)) {
        throw new Problem(
            "Two columns have the same name.",
            "\"" + name + "\" in " + file,
            "Rename one of them.");
      }
    }
    if (header.stream().noneMatch(name -> Float.isNaN(CsvColumn.number(name)))) {
      throw new Problem(
          "The first line must name the columns.",
          "line 1 of " + file + " holds numbers only",
          "Put a line of column names before the data.");
    }
  }

  private void add(CsvRecord row) {
    long line = row.getStartingLineNumber();
    if (row.getFieldCount() != columns.size()) {
      throw new Problem(
          "A row has another number of cells than the header.",
          row.getFieldCount()
              + " instead of "
              + columns.size()
              + " in line "
              + line
              + " of "
              + file,
          "Check that line for a comma that is missing or unquoted, or a quote that is not"
              + " closed.");
    }
    for (int j = 0; j < columns.size(); j++) {
      columns.get(j).add(row.getField(j), line);
    }
  }

  private void settle(char separator) {
    var labels = columns.get(label);
    if (labels.size() == 0) {
      throw new Problem(
          "The data file has a header and no rows.", file, "Add at least two rows of each class.");
    }
    var first = columns.getFirst();
    rowNames = isFeature(0) && first.name().equals(unnamed(0)) && first.namesRows();
    if (rowNames) {
      LOG.warn("The first column of {} has no name and names the rows: it is left out.", file);
    }
    for (int j = 0; separator != ',' && j < columns.size(); j++) {
      if (j == label || isFeature(j)) {
        columns.get(j).refuseDoubtfulCommas(file);
      }
    }
  }

  private DataSet dataSet(Task task) {
    var labels = columns.get(label);
    var features = new ArrayList<Column>();
    for (int j = 0; j < columns.size(); j++) {
      if (isFeature(j)) {
        var column = columns.get(j);
        if (column.looksLikeIdentifier()) {
          LOG.warn(
              "Column {} of {} looks like an identifier; to leave it out: drop: [{}].",
              column.name(),
              file,
              column.name());
        }
        features.add(column.column(file, !categories.contains(column.name())));
      }
    }
    int width = features.stream().mapToInt(Column::width).sum();
    if ((long) labels.size() * width > Integer.MAX_VALUE - 8) {
      throw new Problem(
          "The data is too large.",
          file + ": " + labels.size() + " rows of " + width + " features",
          "Remove rows, or columns with many levels.");
    }
    return new DataSet(
        file,
        features,
        labels.target(file, task),
        values(features, width),
        groups < 0 ? null : columns.get(groups).groups(file));
  }

  private List<ColumnReading> readings(Task task) {
    var readings = new ArrayList<ColumnReading>();
    for (int j = 0; j < columns.size(); j++) {
      var column = columns.get(j);
      var words =
          j == label
              ? "what is learnt, "
                  + (task == Task.CLASSIFICATION ? column.classWords() : "a number")
              : j == groups
                  ? "which rows belong together"
                  : isFeature(j)
                      ? column.words()
                      : j == 0 && rowNames ? "left out: it names the rows" : "dropped";
      readings.add(new ColumnReading(column.name(), words));
    }
    return readings;
  }

  private boolean isFeature(int column) {
    return column != label
        && column != groups
        && !(column == 0 && rowNames)
        && !dropped.contains(columns.get(column).name());
  }

  private float[] values(List<Column> features, int width) {
    var values = new float[columns.get(label).size() * width];
    int offset = 0;
    int next = 0;
    for (int j = 0; j < columns.size(); j++) {
      if (isFeature(j)) {
        var column = features.get(next++);
        columns.get(j).write(column, values, offset, width);
        offset += column.width();
      }
    }
    return values;
  }
}
