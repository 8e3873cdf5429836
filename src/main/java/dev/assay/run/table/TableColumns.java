package dev.assay.run.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.assay.problem.Problem;
import dev.assay.train.GzipInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The cells of a CSV file as texts, by column. Plain or gzip; a header line; UTF-8; cells parted
/// by commas, semicolons or tabs.
record TableColumns(String file, Map<String, List<String>> cells, int rows) {
  private static final int LONGEST_HEADER = 1 << 20;

  static TableColumns read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new Problem(
          "There is no such table.",
          path.toString(),
          "Check the path; a relative one starts at the study file's directory.");
    }
    try (var in = GzipInput.open(path);
        var text =
            new BufferedReader(
                new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), LONGEST_HEADER);
        var reader = CsvReader.builder().fieldSeparator(separator(path, text)).ofCsvRecord(text)) {
      return collect(path, reader);
    } catch (CharacterCodingException e) {
      throw notUtf8(path, e);
    } catch (IOException | UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException coding) {
        throw notUtf8(path, coding);
      }
      throw new Problem(
          "The table cannot be read.",
          path + ": " + e.getMessage(),
          "Check that it is whole, readable, UTF-8"
              + (GzipInput.isNamed(path) ? " and gzip." : "."),
          e);
    } catch (CsvParseException e) {
      throw new Problem(
          "The table is not well-formed CSV.",
          path + ": " + e.getMessage(),
          "Every line needs as many cells as the header.",
          e);
    }
  }

  private static Problem notUtf8(Path path, CharacterCodingException cause) {
    return new Problem("The table is not UTF-8 text.", path.toString(), "Save it as UTF-8.", cause);
  }

  /// The separator of the cells, by the header: a comma, a semicolon or a tab. What stands before
  /// the header is passed over, a byte order mark and the empty lines.
  private static char separator(Path path, BufferedReader text) throws IOException {
    var header = new StringBuilder();
    int c;
    do {
      text.mark(LONGEST_HEADER);
      c = text.read();
    } while (c == '\uFEFF' || c == '\n' || c == '\r');
    for (;
        c >= 0 && c != '\n' && c != '\r' && header.length() < LONGEST_HEADER - 1;
        c = text.read()) {
      header.append((char) c);
    }
    text.reset();
    var line = header.toString();
    if (line.stripLeading().startsWith("{") || line.stripLeading().startsWith("[")) {
      throw new Problem(
          "This is JSON, and a table is CSV.",
          path.toString(),
          "Write its configurations as CSV, one line each under a header, and name that file; what"
              + " describes the columns is JSON beside it.");
    }
    var unquoted = line.replaceAll("\"[^\"]*\"", "");
    if (unquoted.indexOf(',') >= 0) {
      return ',';
    }
    return unquoted.indexOf('\t') >= 0 ? '\t' : unquoted.indexOf(';') >= 0 ? ';' : ',';
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

  /// The numbers of a column, as they stand; NaN where a cell is blank or no number.
  double[] numbers(String column) {
    return texts(column).stream().mapToDouble(RecordedCell::number).toArray();
  }

  /// The names of the columns `PREFIX0`, `PREFIX1`, ... from the first number that there is, 0 or
  /// 1.
  ///
  /// @param without columns that are something else
  /// @throws Problem where one between is missing
  List<String> family(String prefix, Set<String> without) {
    var names =
        cells.keySet().stream()
            .filter(name -> name.startsWith(prefix) && !without.contains(name))
            .filter(name -> name.substring(prefix.length()).matches("0|[1-9][0-9]{0,8}"))
            .sorted(
                Comparator.comparingInt(name -> Integer.parseInt(name.substring(prefix.length()))))
            .toList();
    int first = names.contains(prefix + 0) ? 0 : 1;
    if (!names.isEmpty() && !names.contains(prefix + first)) {
      return List.of(); // acc_5 alone is no curve, but a metric of that name
    }
    for (int k = 0; k < names.size(); k++) {
      if (!names.get(k).equals(prefix + (first + k))) {
        throw new Problem(
            "A column is missing between others that belong together.",
            prefix + (first + k) + " before " + names.get(k) + " in " + file,
            "Add the column, or rename those behind it.");
      }
    }
    return names;
  }
}
