package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.run.BuildInfo;
import dev.assay.run.Machine;
import dev.assay.run.command.ProgramFiles;
import dev.assay.run.gpu.Gpu;
import dev.assay.run.gpu.GpuMonitor;
import dev.assay.run.gpu.NvmlMonitor;
import dev.assay.spec.ObjectiveSpec;
import dev.assay.spec.StudyFile;
import dev.assay.study.Study;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where trials run, where that may be on several machines: what is kept with each trial, and what
/// must be the same everywhere.
final class Whereabouts {
  /// The attribute of a trial: `{"host": "node7", "gpus": ["NVIDIA H100"], "assay": "0.1.0",
  /// "java": "25.0.1"}`.
  static final String MACHINE = "machine";

  /// The fact with the program's files and what is in them: see [ProgramFiles].
  static final String PROGRAM = "program files";

  private Whereabouts() {}

  /// What every trial gets that this process runs.
  static Map<String, @Nullable Object> attribute() {
    var machine = new LinkedHashMap<String, @Nullable Object>();
    machine.put("host", Machine.host());
    var gpus = gpus();
    if (!gpus.isEmpty()) {
      machine.put("gpus", gpus);
    }
    machine.put("assay", BuildInfo.current().version());
    machine.put("java", Runtime.version().toString());
    return Map.of(MACHINE, machine);
  }

  private static List<String> gpus() {
    var driver = NvmlMonitor.open();
    if (driver.isEmpty()) {
      return List.of();
    }
    try (GpuMonitor monitor = driver.get()) {
      return monitor.gpus().stream().map(Gpu::name).toList();
    }
  }

  /// Keeps with a study what those who join it must have.
  static void keep(Study<?> study, StudyFile spec) {
    if (spec.objective() instanceof ObjectiveSpec.Command(var settings, _)) {
      study.putFact(PROGRAM, ProgramFiles.digests(settings, spec.directory()));
    }
  }

  /// Refuses a machine that would run something else than the others.
  ///
  /// @param facts the study's
  static void requireSame(StudyFile spec, Map<String, @Nullable Object> facts) {
    if (spec.objective() instanceof ObjectiveSpec.Command(var settings, _)
        && facts.get(PROGRAM) instanceof Map<?, ?> files) {
      ProgramFiles.requireSame(settings, spec.directory(), files);
    }
  }

  /// Where a stored study file is taken to be.
  ///
  /// @param origin where it was on the machine where the study was begun; null: nobody knows
  /// @param base the directory that relative paths begin at here; null: the file's own where there
  ///   is one, or else the working directory
  static Path file(@Nullable String origin, @Nullable Path base) {
    var path = Path.of(origin == null ? "study.yaml" : origin);
    var name = path.getFileName() == null ? Path.of("study.yaml") : path.getFileName();
    var parent = path.getParent();
    if (base != null) {
      return base.resolve(name);
    }
    return parent != null && Files.isDirectory(parent) ? parent.resolve(name) : name;
  }

  /// The setting of a study file that lets trials lease these GPUs only.
  ///
  /// @param names as in CUDA_VISIBLE_DEVICES, between commas
  static List<String> gpus(String names) {
    var all = new ArrayList<>(Arrays.asList(names.split(",", -1)));
    all.replaceAll(String::strip);
    if (all.stream().anyMatch(name -> !name.matches("[0-9A-Za-z/-]+"))) {
      throw new Problem(
          "That is no list of GPUs.",
          "--gpus " + names,
          "Write indices, GPU-... or MIG-..., as nvidia-smi -L does: --gpus 0,2.");
    }
    return List.of("resources.gpus=[" + String.join(", ", all) + "]");
  }
}
