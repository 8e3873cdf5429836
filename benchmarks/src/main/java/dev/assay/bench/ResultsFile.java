package dev.assay.bench;

import dev.assay.problem.Problem;
import dev.assay.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What a run measured, with where it was measured. `results.schema.json` among the resources
/// describes the file.
///
/// @param format [#FORMAT]; null in files of the first day, which have the same form
public record ResultsFile(
    @Nullable Integer format,
    Map<String, @Nullable Object> provenance,
    List<Measurement> measurements) {
  /// The version of the form; readers refuse others.
  public static final int FORMAT = 1;

  /// The system property with the command that is running.
  static final String COMMAND = "assay.bench.command";

  /// False in the provenance: what computed was no GPU, though it stands for one.
  static final String GPU = "gpu";

  /// How the stand-in driver of the tests calls its devices.
  private static final String STAND_IN = "Assay test stand-in";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// Where a run's numbers come from, as JSON values.
  ///
  /// @param device what computed, where that is not the processor
  static Map<String, @Nullable Object> provenance(boolean quick, @Nullable String device) {
    var provenance = new LinkedHashMap<String, @Nullable Object>(Provenance.now());
    provenance.put("quick", quick);
    if (device != null) {
      provenance.put("device", device);
      if (device.startsWith(STAND_IN)) {
        provenance.put(GPU, false);
      }
    }
    if (System.getProperty(COMMAND) instanceof String command) {
      provenance.put("command", withoutPlaces(command.strip()));
    }
    return provenance;
  }

  /// Where a machine keeps its files is nobody else's business: the last name of a path says which.
  static String withoutPlaces(String command) {
    return command.replaceAll("(?<=[ =])/(?:[^ /]+/)*([^ /]+)", "$1");
  }

  /// Writes `<directory>/<device>/<date>-<commit>[-<suite>].json`.
  ///
  /// @param suite empty for what `assay bench` writes of its suites together
  /// @return the file
  public static Path write(
      Path directory, String suite, List<Measurement> measurements, boolean quick) {
    return write(directory, suite, measurements, provenance(quick, null));
  }

  static Path write(
      Path directory,
      String suite,
      List<Measurement> measurements,
      Map<String, @Nullable Object> provenance) {
    var day = String.valueOf(provenance.get("time")).substring(0, 10);
    var name =
        day + "-" + provenance.get("commit") + (suite.isEmpty() ? "" : "-" + suite) + ".json";
    var file = directory.resolve(deviceDirectory(provenance)).resolve(name);
    new ResultsFile(FORMAT, provenance, measurements).write(file);
    return file;
  }

  /// Writes the file; a reader never sees half of it.
  void write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      var partial = file.resolveSibling(file.getFileName() + ".part");
      Files.writeString(partial, JSON.writeValueAsString(this) + "\n");
      Files.move(partial, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new Problem(
          "The results cannot be written.",
          file + ": " + e,
          "Choose another directory with --out.",
          e);
    }
  }

  /// The directory of a device's results: `nvidia-h100-80gb-hbm3`, or the processor with its cores,
  /// `amd-epyc-2-cores`.
  static String deviceDirectory(Map<String, @Nullable Object> provenance) {
    return provenance.get("device") instanceof String device
        ? words(device.replaceFirst("[,;(].*", ""))
        : words(String.valueOf(provenance.get("cpu"))) + "-" + provenance.get("cores") + "-cores";
  }

  private static String words(String name) {
    return name.toLowerCase(Locale.ROOT)
        .replaceAll("\\((r|tm)\\)", "")
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-|-$", "");
  }

  /// Reads a file that a run wrote.
  ///
  /// @throws Problem when it cannot be read, is no results file, or is one of another format
  public static ResultsFile read(Path file) {
    ResultsFile read;
    try {
      var document = JSON.readTree(Files.readString(file));
      requireFormat(file, document.path("format"));
      read = JSON.treeToValue(document, ResultsFile.class);
    } catch (NoSuchFileException e) {
      throw new Problem(
          "There is no such file.",
          file.toString(),
          "Name a file that assay bench wrote: results/DEVICE/DATE-COMMIT.json.",
          e);
    } catch (IOException | JacksonException e) {
      throw new Problem(
          "The results cannot be read.",
          file + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          "Name a file that assay bench wrote: results/DEVICE/DATE-COMMIT.json.",
          e);
    }
    if (read == null || read.provenance() == null || read.measurements() == null) {
      throw new Problem(
          "The file holds no results.",
          file.toString(),
          "Name a file that assay bench wrote: results/DEVICE/DATE-COMMIT.json.");
    }
    return read;
  }

  /// Before anything else is read: another format may have other fields.
  private static void requireFormat(Path file, JsonNode format) {
    if (!format.isMissingNode() && !format.isNull() && format.asInt(0) != FORMAT) {
      throw new Problem(
          "The results are of another format.",
          file + ": format " + format + ", known is " + FORMAT,
          "Compare them with the version of Assay that wrote them, or measure anew.");
    }
  }

  /// Whether its numbers stand for a GPU's, and are none.
  boolean lacksGpu() {
    return Boolean.FALSE.equals(provenance.get(GPU));
  }

  /// What people call the machine: the device, or the processor with its cores.
  String machine() {
    return provenance.get("device") instanceof String device
        ? device
        : provenance.get("cpu") + ", " + provenance.get("cores") + " cores";
  }
}
