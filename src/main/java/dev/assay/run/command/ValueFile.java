package dev.assay.run.command;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.assay.internal.words.NumberText;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A file that a program wrote a value to.
record ValueFile(Path path, @Nullable String key) {
  /// A larger file is no file of metrics.
  private static final long LARGEST = 1 << 24;

  /// File times may be coarse.
  private static final long OLDER_MILLIS = 1000;

  /// @param since when the trial began, milliseconds since 1970: older files are another run's
  /// @throws IOException where the file cannot be read
  /// @throws IllegalArgumentException saying what is wrong with it
  double value(long since) throws IOException {
    if (Files.getLastModifiedTime(path).toMillis() < since - OLDER_MILLIS) {
      throw new IllegalArgumentException("the file is older than the trial");
    }
    if (Files.size(path) > LARGEST) {
      throw new IllegalArgumentException("the file is larger than 16 MiB");
    }
    var text = text(Files.readAllBytes(path)).strip();
    if (key == null) {
      return NumberText.parse(text);
    }
    return ValueSource.InFile.isCsv(path.toString()) ? lastOf(text, key) : value(text, key);
  }

  /// The last number of a column: logs get a row for each epoch, and rows in which other columns
  /// alone say something.
  private static double lastOf(String text, String column) {
    List<String> header = List.of();
    var last = "";
    int at = -1;
    try (var rows =
        CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE) // a row that is being written
            .ofCsvRecord(text)) {
      for (var row : rows) {
        if (header.isEmpty()) {
          header = row.getFields().stream().map(String::strip).toList();
          at = header.indexOf(column);
        } else if (at >= 0 && at < row.getFieldCount() && !row.getField(at).isBlank()) {
          last = row.getField(at).strip();
        }
      }
    } catch (CsvParseException | IOException e) {
      throw new IllegalArgumentException("it is no valid CSV: " + e.getMessage(), e);
    }
    if (at < 0) {
      throw new IllegalArgumentException(
          "there is no column "
              + column
              + (header.isEmpty()
                  ? ""
                  : "; it has "
                      + header.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))));
    }
    if (last.isEmpty()) {
      throw new IllegalArgumentException("column " + column + " has no number yet");
    }
    return NumberText.parse(last);
  }

  /// UTF-8; what a byte order mark says where there is one, as PowerShell writes it.
  private static String text(byte[] bytes) {
    if (startsWith(bytes, 0xff, 0xfe)) {
      return decoded(bytes, 2, StandardCharsets.UTF_16LE);
    }
    if (startsWith(bytes, 0xfe, 0xff)) {
      return decoded(bytes, 2, StandardCharsets.UTF_16BE);
    }
    return decoded(bytes, startsWith(bytes, 0xef, 0xbb, 0xbf) ? 3 : 0, StandardCharsets.UTF_8);
  }

  private static String decoded(byte[] bytes, int from, Charset charset) {
    return new String(bytes, from, bytes.length - from, charset);
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    for (int i = 0; i < start.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }

  /// Keys that a message names.
  private static final int MOST_NAMED = 10;

  private static double value(String text, String key) {
    var found = new ArrayList<JsonNode>();
    var root = ProgramJson.parse(text);
    var missing = find(root, key, found);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no key "
              + missing
              + (missing.equals(key) ? "" : " of " + key)
              + (root.isEmpty()
                  ? ""
                  : "; it has "
                      + root.propertyNames().stream()
                          .limit(MOST_NAMED)
                          .collect(Collectors.joining(", "))));
    }
    if (found.size() > 1) {
      throw new IllegalArgumentException("key " + key + " stands for two values");
    }
    var node = found.getFirst();
    if (!node.isString()) {
      throw new IllegalArgumentException("key " + key + " is no number");
    }
    return NumberText.parse(node.stringValue());
  }

  /// A name may have points itself, so that a path can be taken apart in several ways.
  ///
  /// @param path of names with points between
  /// @return the first name that is missing on the last way that was tried
  private static String find(JsonNode node, String path, List<JsonNode> found) {
    var whole = child(node, path);
    if (whole != null) {
      found.add(whole);
    }
    var missing = path.substring(0, end(path, 0));
    for (int end = end(path, 0); end < path.length(); end = end(path, end + 1)) {
      var child = child(node, path.substring(0, end));
      if (child != null) {
        missing = find(child, path.substring(end + 1), found);
      }
    }
    return missing;
  }

  private static int end(String path, int from) {
    int point = path.indexOf('.', from);
    return point < 0 ? path.length() : point;
  }

  private static @Nullable JsonNode child(JsonNode node, String part) {
    return node.isArray() && part.matches("\\d{1,9}")
        ? node.get(Integer.parseInt(part))
        : node.get(part);
  }
}
