package dev.assay.cli;

import dev.assay.device.Availability;
import dev.assay.device.Backend;
import dev.assay.device.BackendSelector;
import dev.assay.device.Check;
import dev.assay.device.LoadedModule;
import dev.assay.problem.Problem;
import dev.assay.spec.Extension;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Lists back ends and devices, says why others are not available, and checks what they calculate.
@Command(
    name = "doctor",
    description = "List devices, say why others are missing, and check what they calculate.")
final class DoctorCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--backend", defaultValue = "auto", description = "auto, cpu, cuda or tornado")
  private String backend = "auto";

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "of the back end: a number or a part of its name, as doctor lists them")
  private @Nullable String device;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var selector = new BackendSelector(backend, device);
    var chosen = selector.choose(backend);
    var rows = new ArrayList<Map<String, @Nullable Object>>();
    boolean healthy = true;
    for (var candidate : selector.backends()) {
      if (backend.equals("auto") || candidate == chosen) {
        var row = examine(candidate);
        healthy &= row.get("failed") == null;
        row.remove("failed");
        rows.add(row);
      }
    }
    var extensions = Extension.all();
    extensions.forEach(extension -> print(extension.line()));
    if (json) {
      var document = new LinkedHashMap<String, @Nullable Object>();
      document.put("backends", rows);
      document.put("extensions", extensions.stream().map(Extension::document).toList());
      document.put("chosen", chosen.id());
      console.json(document);
    } else {
      console.line("chosen: " + chosen.id());
    }
    return healthy ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  private Map<String, @Nullable Object> examine(Backend candidate) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    row.put("id", candidate.id());
    row.put("devices", candidate.devices());
    switch (candidate.availability()) {
      case Availability.Available available -> {
        var device = available.device();
        print(candidate.id() + ": " + device);
        check(candidate, device, row);
      }
      case Availability.Unavailable(var reason, var mend) -> {
        put(row, false, reason, mend, null, List.of());
        row.put("modules", List.of());
        print(candidate.id() + ": not available. " + reason + " " + mend);
      }
    }
    candidate.devices().forEach(device -> print("  device " + device));
    return row;
  }

  /// A device may fail while it is checked.
  private void check(Backend candidate, String device, Map<String, @Nullable Object> row) {
    try {
      var checks = candidate.selfCheck();
      put(row, true, null, null, device, checks);
      if (checks.stream().anyMatch(check -> !check.passed())) {
        row.put("failed", true);
      }
      checks.forEach(this::print);
    } catch (Problem e) {
      fail(row, device, e.what() + " " + e.value(), e.mend());
    } catch (RuntimeException e) { // what it calculated cannot be gone on with
      fail(row, device, "It calculates wrongly: " + e + ".", "Update its driver, or use another.");
    }
    var modules = candidate.modules();
    row.put("modules", modules.stream().map(DoctorCommand::document).toList());
    if (!modules.isEmpty()) {
      print(modules);
    }
  }

  private void fail(Map<String, @Nullable Object> row, String device, String reason, String mend) {
    put(row, false, reason, mend, device, List.of());
    row.put("failed", true);
    print("  FAILED " + reason + " " + mend);
  }

  private void print(List<LoadedModule> modules) {
    print(
        String.format(
            Locale.ROOT,
            "  %d modules of kernels loaded in %.0f ms:",
            modules.size(),
            modules.stream().mapToDouble(LoadedModule::milliseconds).sum()));
    for (var module : modules) {
      print(
          String.format(
              Locale.ROOT,
              "    %-12s from %-12s %9.3f ms",
              module.name(),
              module.from(),
              module.milliseconds()));
    }
  }

  private static Map<String, @Nullable Object> document(LoadedModule module) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("name", module.name());
    map.put("from", module.from());
    map.put("milliseconds", module.milliseconds());
    return map;
  }

  private static void put(
      Map<String, @Nullable Object> row,
      boolean available,
      @Nullable String reason,
      @Nullable String mend,
      @Nullable String device,
      List<Check> checks) {
    row.put("available", available);
    row.put("reason", reason);
    row.put("mend", mend);
    row.put("device", device);
    row.put("checks", checks.stream().map(DoctorCommand::document).toList());
  }

  private static Map<String, @Nullable Object> document(Check check) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("name", check.name());
    map.put("passed", check.passed());
    map.put("error", check.error());
    map.put("tolerance", check.tolerance());
    map.put("milliseconds", check.milliseconds());
    return map;
  }

  private void print(Check check) {
    print(
        String.format(
            Locale.ROOT,
            "  %-6s %-34s error %8.1e of %8.1e   %8.3f ms",
            check.passed() ? "ok" : "FAILED",
            check.name(),
            check.error(),
            check.tolerance(),
            check.milliseconds()));
  }

  private void print(String line) {
    if (!json) {
      console.line(line);
    }
  }
}
