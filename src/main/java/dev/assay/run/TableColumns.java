package dev.assay.run;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// The cells of a CSV file as texts, by column. Plain or gzip; a header line; UTF-8.
record TableColumns(String file, Map<String, List<String>> cells, int rows) {
  static TableColumns read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new Problem(
          "There is no such table.",
          path.toString(),
          "Check the path; a relative one starts at the study file's directory.");
    }
    boolean gzip = path.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    try (var raw = Files.newInputStream(path);
        var in = gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
        var reader =
            CsvReader.builder()
                .ofCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
      return collect(path, reader);
    } catch (IOException | UncheckedIOException e) {
      throw new Problem(
          "The table cannot be read.",
          path + ": " + e.getMessage(),
          "Check that it is whole, readable, UTF-8" + (gzip ? " and gzip." : "."),
          e);
    } catch (CsvParseException e) {
      throw new Problem(
          "The table is not well-formed CSV.",
          path + ": " + e.getMessage(),
          "Every line needs as many cells as the header.",
          e);
    }
  }

  private static TableColumns collect(
      Path path, CsvReader<de.siegmar.fastcsv.reader.CsvRecord> reader) {
    var columns = new ArrayList<List<String>>();
    var cells = new LinkedHashMap<String, List<String>>();
    int rows = -1;
    for (var line : reader) {
      if (rows++ < 0) {
        for (var name : line.getFields()) {
          var column = new ArrayList<String>();
          columns.add(column);
          if (cells.put(name.strip(), column) != null) {
            throw new Problem(
                "Two columns have the same name.", name + " in " + path, "Rename one of them.");
          }
        }
        continue;
      }
      for (int j = 0; j < columns.size(); j++) {
        columns.get(j).add(line.getField(j).strip());
      }
    }
    if (rows < 1) {
      throw new Problem("The table has no rows.", path.toString(), "Give a header and rows.");
    }
    return new TableColumns(path.toString(), Collections.unmodifiableMap(cells), rows);
  }

  boolean has(String column) {
    return cells.containsKey(column);
  }

  /// The texts of a column.
  List<String> texts(String column) {
    var texts = cells.get(column);
    if (texts == null) {
      throw new Problem(
          "The table lacks a column that its description names.",
          column + " in " + file,
          "Add the column, or mend the description.");
    }
    return texts;
  }

  /// The numbers of a column; NaN where a cell is blank or no number.
  double[] numbers(String column) {
    return texts(column).stream().mapToDouble(TableParameter::number).toArray();
  }

  /// The columns `PREFIX0`, `PREFIX1`, ... from the first number that there is, 0 or 1, up to the
  /// first that there is not.
  List<double[]> family(String prefix) {
    var family = new ArrayList<double[]>();
    for (int k = has(prefix + 0) ? 0 : 1; has(prefix + k); k++) {
      family.add(numbers(prefix + k));
    }
    return family;
  }
}
