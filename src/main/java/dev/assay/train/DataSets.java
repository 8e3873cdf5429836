package dev.assay.train;

import dev.assay.files.LargeFile;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Where data comes from: a bundled set by its name, or a CSV file (plain or gzip) by its path.
public final class DataSets {
  private static final Map<String, String> BUNDLED =
      new TreeMap<>(
          Map.of(
              "digits", "digits.csv.gz",
              "iris", "iris.csv",
              "wine", "wine.csv",
              "breast_cancer", "breast_cancer.csv"));

  private static final Pattern TABLE = Pattern.compile("(?i).*\\.[ct]sv(\\.gz)?");

  private DataSets() {}

  /// The names that [#bundled] knows, sorted.
  public static List<String> bundledNames() {
    return List.copyOf(BUNDLED.keySet());
  }

  /// Reads what the `data:` of a study file says.
  ///
  /// @param data a bundled set's name, or a path that ends in .csv, .tsv, .csv.gz or .tsv.gz
  /// @param directory what a relative path is relative to
  public static DataSet load(String data, CsvRoles roles, Path directory) {
    var lower = data.toLowerCase(Locale.ROOT);
    if (isTable(lower)) {
      return csv(directory.resolve(data), roles);
    }
    if (lower.contains("ubyte") || lower.endsWith(".idx") || lower.endsWith(".idx.gz")) {
      throw new Problem(
          "Images are two files: the images and their labels.",
          "data: " + data,
          "Write data: {images: " + data + ", labels: LABELS}.");
    }
    var named =
        roles.label() != null
            ? "label: " + roles.label()
            : roles.groups() != null
                ? "groups: " + roles.groups()
                : !roles.drop().isEmpty()
                    ? "drop: " + roles.drop()
                    : roles.categories().isEmpty() ? "" : "categories: " + roles.categories();
    if (!named.isEmpty()) {
      throw new Problem(
          "A column can be named for CSV files only.",
          named + ", data: " + data,
          "Remove it, or give data as a path that ends in .csv or .csv.gz.");
    }
    return bundled(data, roles.task());
  }

  /// Whether a path names a table: .csv or .tsv, plain or gzip.
  public static boolean isTable(String path) {
    return TABLE.matcher(path).matches();
  }

  /// How the columns of a CSV file are read, by its path; empty for data that is no such file.
  public static List<ColumnReading> describe(String data, CsvRoles roles, Path directory) {
    if (!isTable(data)) {
      return List.of();
    }
    var path = directory.resolve(data);
    requireFile(path);
    return LargeFile.read(
        path,
        () ->
            readCsv(
                path,
                (rows, separator) -> CsvTable.describe(path.toString(), roles, rows, separator)));
  }

  /// One of the bundled sets, to be classified.
  public static DataSet bundled(String name) {
    return bundled(name, Task.CLASSIFICATION);
  }

  private static DataSet bundled(String name, Task task) {
    var file = BUNDLED.get(name);
    if (file == null) {
      throw new Problem(
          "There is no such bundled data set.",
          "\"" + name + "\"",
          Nearest.suggest(name, BUNDLED.keySet()) + " A file's path ends in .csv or .csv.gz.");
    }
    try (var in = DataSets.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("resource " + file + " is missing from the jar");
      }
      return read(
          name,
          new CsvRoles(null, null, task),
          file.endsWith(".gz") ? new GzipInput(name, in) : in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A CSV file with a header line, as [CsvText] reads it; gzip when the name ends in .gz.
  /// [CsvTable] says how columns are judged.
  public static DataSet csv(Path path, CsvRoles roles) {
    requireFile(path);
    return LargeFile.read(
        path,
        () ->
            readCsv(
                path, (rows, separator) -> CsvTable.read(path.toString(), roles, rows, separator)));
  }

  private static <T> T readCsv(Path path, CsvText.Reading<T> reading) {
    try {
      return CsvText.read(path, reading);
    } catch (NoClassDefFoundError e) {
      throw withoutLibrary(path.toString(), e);
    } catch (IOException e) {
      throw new Problem(
          "The data file cannot be read.",
          path + ": " + e.getMessage(),
          GzipInput.isNamed(path)
              ? "Check that the file is complete, gzip, and readable."
              : "Check that the file is complete, UTF-8, and readable.",
          e);
    }
  }

  /// Images and their classes, in the IDX format of the MNIST files, plain or gzip.
  ///
  /// @param images unsigned bytes, rows × height × width
  /// @param labels unsigned bytes, one for each image
  public static DataSet images(Path images, Path labels) {
    requireFile(images);
    requireFile(labels);
    return LargeFile.read(images, () -> IdxImages.read(images, labels));
  }

  private static void requireFile(Path path) {
    if (!Files.isRegularFile(path)) {
      boolean folder = Files.isDirectory(path);
      throw new Problem(
          folder ? "The data file is a directory." : "The data file does not exist.",
          path.toString(),
          folder
              ? "Name a file in it."
              : "Check the path; a relative path starts at the study file's directory.");
    }
  }

  private static Problem withoutLibrary(String name, NoClassDefFoundError e) {
    return new Problem(
        "Reading CSV needs a library that is not there.",
        "de.siegmar:fastcsv, for " + name,
        "Add de.siegmar:fastcsv 4 to the class path.",
        e);
  }

  private static DataSet read(String name, CsvRoles roles, InputStream in) throws IOException {
    try {
      return CsvText.read(
          in,
          StandardCharsets.UTF_8,
          (rows, separator) -> CsvTable.read(name, roles, rows, separator));
    } catch (NoClassDefFoundError e) {
      throw withoutLibrary(name, e);
    }
  }
}
