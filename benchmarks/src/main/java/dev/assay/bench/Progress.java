package dev.assay.bench;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an interrupted run has measured so far, beside the results, so that the same command goes
/// on.
///
/// Only a build without changed files goes on: otherwise the name of its commit does not say what
/// was measured.
final class Progress {
  /// The parameter that says which unit a measurement belongs to, in the file of progress only.
  private static final String UNIT = "unit of the run";

  private final Path file;
  private final Map<String, @Nullable Object> provenance;
  private final Map<String, List<Measurement>> done = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  private Progress(Path file, Map<String, @Nullable Object> provenance) {
    this.file = file;
    this.provenance = provenance;
  }

  /// @param kind what else must be the same: quick or full, the back end
  static Progress open(
      Path directory, String kind, Map<String, @Nullable Object> provenance, boolean fresh) {
    var file =
        directory
            .resolve(ResultsFile.deviceDirectory(provenance))
            .resolve("." + provenance.get("commit") + "-" + kind + ".progress.json");
    var progress = new Progress(file, provenance);
    if (!fresh && progress.isKept() && Files.exists(file)) {
      for (var measurement : read(file).measurements()) {
        var unit = Objects.requireNonNullElse(measurement.parameters().get(UNIT), "");
        progress.done.computeIfAbsent(unit, _ -> new ArrayList<>()).add(plain(measurement));
      }
    }
    return progress;
  }

  /// A measurement of such a file as it stands in results.
  static Measurement plain(Measurement measurement) {
    var parameters = new LinkedHashMap<>(measurement.parameters());
    parameters.remove(UNIT);
    return measurement.with(parameters);
  }

  private static ResultsFile read(Path file) {
    try {
      return ResultsFile.read(file);
    } catch (Problem e) {
      throw new Problem(
          "What an interrupted run has measured cannot be read.",
          e.value(),
          "Begin anew with --fresh.",
          e);
    }
  }

  @Nullable List<Measurement> find(String unit) {
    var found = done.get(unit);
    if (found != null) {
      used.add(unit);
    }
    return found;
  }

  /// What to say before the run.
  List<String> words() {
    if (!isKept()) {
      return List.of(
          "Files were changed since commit %s: the results say so, and an interrupted run begins anew."
              .formatted(provenance.get("commit")));
    }
    return done.isEmpty()
        ? List.of()
        : List.of(
            "Going on: %d parts are there from before; --fresh begins anew."
                .formatted(done.size()));
  }

  /// What to say when the run is ended before its end.
  String farewell() {
    return isKept()
        ? "Stopped. What is measured is kept; the same command goes on."
        : "Stopped. Nothing is kept, since files were changed after the commit.";
  }

  private boolean isKept() {
    return Boolean.FALSE.equals(provenance.get("dirty"));
  }

  void add(String unit, List<Measurement> measurements) {
    done.put(unit, measurements);
    used.add(unit);
    write();
  }

  private void write() {
    var all = new ArrayList<Measurement>();
    done.forEach((name, list) ->
        list.forEach(measurement -> {
          var parameters = new LinkedHashMap<>(measurement.parameters());
          parameters.put(UNIT, name);
          all.add(measurement.with(parameters));
        }));
    new ResultsFile(ResultsFile.FORMAT, provenance, all).write(file);
  }

  /// What this run used is written elsewhere now; what another run left stays for it.
  void end() {
    done.keySet().removeAll(used);
    if (!done.isEmpty()) {
      write();
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
