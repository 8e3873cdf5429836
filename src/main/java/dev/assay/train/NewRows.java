package dev.assay.train;

import de.siegmar.fastcsv.reader.CsvRecord;
import dev.assay.files.LargeFile;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// New rows for a model: a CSV file that has the model's columns, by name and in any order. Other
/// columns are passed over; the label column may be there or not. A text that the model never saw
/// in a categorical column sets none of its indicators.
///
/// @param data with the model's columns; its target is made up where the file has no label
/// @param labelled whether the target is the file's
/// @param unseen how many cells held a text that the model never saw
public record NewRows(DataSet data, boolean labelled, int unseen) {

  /// Reads a CSV file, gzip when the name ends in .gz.
  ///
  /// @throws Problem when a column is missing, or a cell is not what the column holds
  public static NewRows csv(Path file, TrainedModel model) {
    return LargeFile.read(file, () -> readCsv(file, model));
  }

  private static NewRows readCsv(Path file, TrainedModel model) {
    try {
      return CsvText.read(file, (rows, _) -> new Reader(file, model).read(rows));
    } catch (IOException e) {
      throw new Problem(
          "The data file cannot be read.",
          file + ": " + e.getMessage(),
          "Check that the path is right and the file is complete, UTF-8, and readable.",
          e);
    }
  }

  /// Images with their labels, or without.
  ///
  /// @param labels null where there are none
  public static NewRows images(Path images, @Nullable Path labels, TrainedModel model) {
    var data = LargeFile.read(images, () -> IdxImages.read(images, labels, model.classes()));
    if (!data.columns().equals(model.columns())) {
      throw new Problem(
          "The images have another size than those the model was trained on.",
          images + ": " + data.image(),
          "The model knows " + model.columns() + ".");
    }
    return new NewRows(data, labels != null, 0);
  }

  /// One reading.
  private static final class Reader {
    private final Path file;
    private final TrainedModel model;
    private final int width;
    private final List<Map<String, Integer>> levels = new ArrayList<>();
    private final int[] places;
    private int labelPlace = -1;
    private float[] features = new float[0];
    private final List<String> labels = new ArrayList<>();
    private int rows;
    private int unseen;

    Reader(Path file, TrainedModel model) {
      this.file = file;
      this.model = model;
      width = model.shape().inputs();
      places = new int[model.columns().size()];
      for (var column : model.columns()) {
        var index = new HashMap<String, Integer>();
        if (column instanceof Column.Categorical(_, var names)) {
          names.forEach(name -> index.put(name, index.size()));
        }
        if (column instanceof Column.Image) {
          throw new Problem(
              "The model is for images.",
              file.toString(),
              "Give IDX images: assay predict MODEL IMAGES --labels LABELS.");
        }
        levels.add(index);
      }
    }

    NewRows read(Iterable<CsvRecord> csv) {
      try {
        var records = csv.iterator();
        if (!records.hasNext()) {
          throw new Problem("The data file is empty.", file.toString(), "Give a header and rows.");
        }
        var first = records.next();
        header(first);
        while (records.hasNext()) {
          add(records.next(), first.getFieldCount());
        }
      } catch (de.siegmar.fastcsv.reader.CsvParseException e) {
        throw new Problem(
            "The data file is not well-formed CSV.",
            file + ": " + e.getMessage(),
            "Check that every line has as many cells as the header, and the quotes.",
            e);
      }
      if (rows == 0) {
        throw new Problem("The data file has no rows.", file.toString(), "Add rows to predict.");
      }
      var data = Arrays.copyOf(features, rows * width);
      return new NewRows(
          new DataSet(file.toString(), model.columns(), target(), data), labelPlace >= 0, unseen);
    }

    private void header(CsvRecord first) {
      var names = CsvTable.header(first);
      for (int c = 0; c < places.length; c++) {
        var name = model.columns().get(c).name();
        places[c] = names.indexOf(name);
        if (places[c] < 0) {
          throw new Problem(
              "A column of the model is not in the file.",
              "\"" + name + "\" in " + file,
              Nearest.suggest(name, names));
        }
      }
      labelPlace = names.indexOf(model.label());
    }

    private void add(CsvRecord row, int cells) {
      if (row.getFieldCount() != cells) {
        throw new Problem(
            "A row has another number of cells than the header.",
            row.getFieldCount()
                + " instead of "
                + cells
                + " in line "
                + row.getStartingLineNumber()
                + " of "
                + file,
            "Check that line for separators and quotes.");
      }
      if ((rows + 1) * width > features.length) {
        features = Arrays.copyOf(features, Math.max(64 * width, 2 * features.length));
      }
      int at = rows * width;
      for (int c = 0; c < places.length; c++) {
        var cell = row.getField(places[c]).strip();
        switch (model.columns().get(c)) {
          case Column.Numeric(var name) -> features[at] = number(cell, name, row);
          case Column.Date(var name) -> features[at] = date(cell, name, row);
          case Column.Categorical _ -> {
            var level = levels.get(c).get(cell);
            if (level == null) {
              unseen++;
            } else {
              features[at + level] = 1;
            }
          }
          case Column.Image _ -> throw new IllegalStateException("refused before");
        }
        at += model.columns().get(c).width();
      }
      if (labelPlace >= 0) {
        labels.add(row.getField(labelPlace).strip());
      }
      rows++;
    }

    private float date(String cell, String column, CsvRecord row) {
      float days = CsvDates.days(cell);
      if (Float.isNaN(days) && !CsvColumn.isMissing(cell)) {
        throw new Problem(
            "A cell of a column of dates is no date.",
            "\""
                + cell
                + "\" in column "
                + column
                + ", line "
                + row.getStartingLineNumber()
                + " of "
                + file,
            "Write it as 2024-12-31, or nothing where it is missing.");
      }
      return days;
    }

    private float number(String cell, String column, CsvRecord row) {
      if (CsvColumn.isMissing(cell)) {
        return Float.NaN;
      }
      float number = CsvColumn.number(cell);
      if (Float.isNaN(number)) {
        throw new Problem(
            "A cell of a numeric column is not a finite number.",
            "\""
                + cell
                + "\" in column "
                + column
                + ", line "
                + row.getStartingLineNumber()
                + " of "
                + file,
            "Write a number there, or nothing where it is missing.");
      }
      return number;
    }

    private Target target() {
      return switch (model.task()) {
        case CLASSIFICATION -> {
          var indices = new int[rows];
          for (int i = 0; i < labels.size(); i++) {
            indices[i] = model.classes().indexOf(labels.get(i));
            if (indices[i] < 0) {
              throw new Problem(
                  "A label is none of the model's classes.",
                  "\"" + labels.get(i) + "\" in data row " + (i + 1) + " of " + file,
                  Nearest.suggest(labels.get(i), model.classes())
                      + " Without the label column nothing is compared.");
            }
          }
          yield new Target.Classes(model.label(), model.classes(), indices);
        }
        case REGRESSION -> {
          var values = new float[rows];
          for (int i = 0; i < labels.size(); i++) {
            values[i] = CsvColumn.number(labels.get(i));
          }
          yield new Target.Quantity(model.label(), values);
        }
      };
    }
  }
}
