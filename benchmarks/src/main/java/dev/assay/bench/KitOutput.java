package dev.assay.bench;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `gpu.sh` left in a directory: how its steps went, doctor's checks, and results files of
/// Assay and of others, those of cut-off runs included. What cannot be read is said and left out.
///
/// @param device what doctor found; null: no device
/// @param steps how they went
/// @param checks doctor's
/// @param files results, by name
record KitOutput(
    @Nullable String device,
    List<Measurement> steps,
    List<Measurement> checks,
    Map<String, ResultsFile> files) {
  /// The list of steps, a JSON object a line.
  static final String STEPS = "steps.json";

  private static final JsonMapper JSON = JsonMapper.shared();

  /// The last line of JUnit's summary, and that of the sanitizer.
  private static final Pattern COUNTED =
      Pattern.compile("\\[ +([0-9]+) (tests (?:successful|failed|skipped)) +]|(ERROR SUMMARY: .*)");

  static KitOutput read(Path directory) {
    var doctor = doctor(directory.resolve("doctor.json"));
    var files = new LinkedHashMap<String, ResultsFile>();
    var unread = new ArrayList<Measurement>();
    for (var file : results(directory)) {
      var name = directory.relativize(file).toString();
      try {
        files.put(name, ResultsFile.read(file));
      } catch (Problem e) {
        unread.add(event("gpu.unread", 0, Map.of("file", name, "said", e.value())));
      }
    }
    var steps = new ArrayList<>(steps(directory, files));
    steps.addAll(unread);
    return new KitOutput(device(doctor), steps, checks(doctor), files);
  }

  /// Files whose contents look like results; what was gathered before is not.
  private static List<Path> results(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> String.valueOf(file.getFileName()).endsWith(".json"))
          .filter(file -> !String.valueOf(file.getFileName()).endsWith("-gpu.json"))
          .filter(file ->
              !file.equals(directory.resolve(STEPS))
                  && !file.equals(directory.resolve("doctor.json")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new Problem(
          "The directory cannot be read.", directory + ": " + e, "Name what gpu.sh wrote.", e);
    }
  }

  private static @Nullable JsonNode doctor(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException | JacksonException e) {
      return null; // its step says why
    }
  }

  private static @Nullable String device(@Nullable JsonNode doctor) {
    var device = doctor == null ? null : doctor.at("/backends/0/device");
    return device != null && device.isString() ? device.asString() : null;
  }

  private static List<Measurement> checks(@Nullable JsonNode doctor) {
    var checks = new ArrayList<Measurement>();
    if (doctor != null) {
      for (var check : doctor.at("/backends/0/checks")) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("check", check.path("name").asString());
        parameters.put("passed", check.path("passed").asBoolean() ? "yes" : "no");
        parameters.put("error", check.path("error").asString());
        parameters.put("tolerance", check.path("tolerance").asString());
        double time = check.path("milliseconds").asDouble();
        checks.add(Measurement.single("doctor", parameters, time, "ms/op"));
      }
    }
    return checks;
  }

  private static Measurement event(String name, double seconds, Map<String, String> parameters) {
    return Measurement.single(name, parameters, seconds, "s");
  }

  private static List<Measurement> steps(Path directory, Map<String, ResultsFile> files) {
    var steps = new ArrayList<Measurement>();
    for (var line : lines(directory.resolve(STEPS))) {
      JsonNode step;
      try {
        step = JSON.readTree(line);
      } catch (JacksonException e) {
        continue; // cut off while it was written
      }
      var name = step.path("step").asString();
      var parameters = new LinkedHashMap<String, String>();
      parameters.put("outcome", step.path("outcome").asString());
      parameters.put("limit", step.path("limit").asString() + " s");
      var log = lines(directory.resolve(name + ".log"));
      if (!step.path("outcome").asString().equals("passed") && !log.isEmpty()) {
        parameters.put("said", log.getLast().strip());
      }
      parameters.putAll(counted(log));
      if (files.get(name + ".json") instanceof ResultsFile peers) {
        parameters.putAll(missing(peers));
      }
      steps.add(event("gpu." + name, step.path("seconds").asDouble(), parameters));
    }
    return steps;
  }

  private static Map<String, String> counted(List<String> log) {
    var counted = new LinkedHashMap<String, String>();
    for (var line : log) {
      var matcher = COUNTED.matcher(line);
      if (matcher.find()) {
        if (matcher.group(3) != null) {
          counted.put("sanitizer", matcher.group(3));
        } else {
          counted.put(matcher.group(2), matcher.group(1));
        }
      }
    }
    return counted;
  }

  /// Tools that were not there, as the peers' provenance has them.
  private static Map<String, String> missing(ResultsFile peers) {
    var missing = new LinkedHashMap<String, String>();
    if (peers.provenance().get("missing") instanceof Map<?, ?> map) {
      map.forEach((tool, reason) -> missing.put(String.valueOf(tool), String.valueOf(reason)));
    }
    return missing;
  }

  /// Of a log or a list, those that are not blank.
  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    } catch (MalformedInputException e) {
      return List.of("(not in UTF-8)");
    } catch (IOException e) {
      return List.of();
    }
  }

  /// All of it: steps, what was measured on the device, and the rest with the name of what it was
  /// measured on. A figure for which another tool has one of the same device stands beside each.
  List<Measurement> measurements() {
    var all = new ArrayList<>(steps);
    all.addAll(checks);
    var peers = files.values().stream().filter(this::isOfAnother).toList();
    var ordered = new ArrayList<>(files.values());
    ordered.sort(Comparator.comparing(this::isOnDevice).reversed());
    for (var file : ordered) {
      for (var measurement : file.measurements()) {
        var plain = Progress.plain(measurement);
        if (!isOnDevice(file)) {
          all.add(plain.with(more(plain.parameters(), "on", where(file))));
          continue;
        }
        var compared =
            isOfAnother(file) ? List.<Measurement>of() : PeerPairs.of(plain, onDevice(peers));
        all.addAll(compared.isEmpty() ? List.of(plain) : compared);
      }
    }
    return all;
  }

  private List<ResultsFile> onDevice(List<ResultsFile> candidates) {
    return candidates.stream().filter(this::isOnDevice).toList();
  }

  /// Python wrote it.
  private boolean isOfAnother(ResultsFile file) {
    return file.provenance().get("python") != null;
  }

  /// Assay's names of devices go on where those of others end.
  private boolean isOnDevice(ResultsFile file) {
    return device != null
        && file.provenance().get("device") instanceof String own
        && !own.isBlank()
        && device.toLowerCase(Locale.ROOT).startsWith(own.toLowerCase(Locale.ROOT));
  }

  private static String where(ResultsFile file) {
    return file.provenance().get("device") instanceof String own
        ? own
        : Objects.toString(file.provenance().get("cpu"), "the processor");
  }

  private static Map<String, String> more(Map<String, String> old, String key, String value) {
    var all = new LinkedHashMap<>(old);
    all.put(key, value);
    return all;
  }
}
