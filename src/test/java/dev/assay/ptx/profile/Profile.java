package dev.assay.ptx.profile;

import dev.assay.ptx.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// `Profile COUNTS [PTXAS-LOG]`: the table of `kernels/profile.sh`, a line for each kernel and
/// shape.
public final class Profile {
  private static final Pattern REGISTERS =
      Pattern.compile("Compiling entry function '(\\w+)'.*?Used (\\d+) registers", Pattern.DOTALL);

  private Profile() {}

  /// @param arguments the driver's counts, and what ptxas said of the registers where there is one
  public static void main(String[] arguments) throws IOException {
    var counts = Files.readAllLines(Path.of(arguments[0])).stream().map(LaunchCounts::of).toList();
    var log = arguments.length > 1 ? Files.readString(Path.of(arguments[1])) : "";
    System.out.print(table(counts, registers(log)));
  }

  /// What was counted of one kernel in one shape, and what cards would take.
  ///
  /// @param parameters by name, as people read them
  /// @param warps instructions that warps issued
  public record Row(String kernel, Map<String, String> parameters, double warps) {}

  /// @param directory that `profile.sh --keep` wrote to
  public static List<Row> rows(Path directory) throws IOException {
    var registers = registers(Files.readString(directory.resolve("registers")));
    return Files.readAllLines(directory.resolve("counts")).stream()
        .map(LaunchCounts::of)
        .sorted(Comparator.comparingLong(LaunchCounts::warps).reversed())
        .map(c -> row(c, registers.getOrDefault(c.kernel(), 0)))
        .toList();
  }

  private static Row row(LaunchCounts c, int registers) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("kernel", "%s (%d x %d)".formatted(c.kernel(), c.blocks(), c.threads()));
    parameters.put("launches", Long.toString(c.launches()));
    parameters.put("lanes of 32", format("%.1f", c.lanes()));
    parameters.put(
        "sectors a request",
        format("%.2f of %.2f at least", c.sectorsPerRequest(), c.leastSectorsPerRequest()));
    parameters.put(
        "passes a request",
        format("%.2f of %.2f at least", c.passesPerRequest(), c.leastPassesPerRequest()));
    parameters.put("Mflop", format("%.4g", c.operations() * 1e-6));
    parameters.put("MB", format("%.4g", c.touchedBytes() * 1e-6));
    for (var card : Card.ALL) {
      var bound = card.bound(c);
      var words = format("%.3g us a launch (%s)", bound.microseconds() / c.launches(), bound.by());
      parameters.put("estimated at least on " + card.name(), words);
      if (registers > 0 && card.equals(Card.ALL.getFirst())) {
        parameters.put(
            "occupancy of " + card.name(), Math.round(100 * card.occupancy(registers, c)) + " %");
      }
    }
    return new Row(c.kernel(), parameters, c.warps());
  }

  private static String format(String pattern, Object... numbers) {
    return String.format(Locale.ROOT, pattern, numbers);
  }

  private static Map<String, Integer> registers(String log) {
    var all = new HashMap<String, Integer>();
    var found = REGISTERS.matcher(log);
    while (found.find()) {
      all.put(found.group(1), Integer.parseInt(found.group(2)));
    }
    return all;
  }

  static String table(List<LaunchCounts> counts, Map<String, Integer> registers) {
    var text = new StringBuilder();
    text.append(
        """
        Counted on the stand-in driver; nothing here was measured on a GPU. lanes: of 32, that take part in an instruction.
        sect, pass: sectors of 32 bytes a global request, passes of the banks a shared request, each with the least that
        would do. Mflop, MB: operations and bytes touched, all launches together. occ: share of an H200's threads, by the
        registers of ptxas. us: ESTIMATED time of a launch at least, and what bounds it; latencies come on top.
        """);
    text.append(
        "%-34s %7s %9s %5s  %3s %3s %3s %3s %3s %3s %3s  %11s %11s %9s %8s %4s"
            .formatted(
                "kernel (blocks x threads)",
                "launch",
                "warp-ins",
                "lanes",
                "int",
                "f32",
                "f64",
                "sfu",
                "shm",
                "glb",
                "ctl",
                "sect",
                "pass",
                "Mflop",
                "MB",
                "occ"));
    Card.ALL.forEach(card -> text.append("  %16s".formatted(card.name() + " us")));
    text.append('\n');
    counts.stream()
        .sorted(Comparator.comparingLong(LaunchCounts::warps).reversed())
        .forEach(c -> text.append(line(c, registers.get(c.kernel()) instanceof Integer n ? n : 0)));
    return text.toString();
  }

  private static String line(LaunchCounts c, int registers) {
    var text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-34s %7d %9.3g %5.1f  %3.0f %3.0f %3.0f %3.0f %3.0f %3.0f %3.0f  %5.2f/%5.2f"
                + " %5.2f/%5.2f %9.2f %8.2f %4s",
            "%s (%d x %d)".formatted(c.kernel(), c.blocks(), c.threads()),
            c.launches(),
            (double) c.warps(),
            c.lanes(),
            share(c, Kind.INTEGER, Kind.MOVE, Kind.CONVERT, Kind.ROUND_TF32),
            share(c, Kind.F32, Kind.F32_FMA, Kind.TF32_TENSOR, Kind.BF16_TENSOR),
            share(c, Kind.F64, Kind.F64_FMA, Kind.F64_TENSOR),
            share(c, Kind.SPECIAL, Kind.SPECIAL_F64, Kind.APPROXIMATE),
            share(c, Kind.SHARED),
            share(c, Kind.GLOBAL),
            share(
                c, Kind.PREDICATE, Kind.BRANCH, Kind.CALL, Kind.BARRIER, Kind.SHUFFLE, Kind.ATOMIC),
            c.sectorsPerRequest(),
            c.leastSectorsPerRequest(),
            c.passesPerRequest(),
            c.leastPassesPerRequest(),
            c.operations() * 1e-6,
            c.touchedBytes() * 1e-6,
            registers == 0
                ? "-"
                : Math.round(100 * Card.ALL.getFirst().occupancy(registers, c)) + "%"));
    for (var card : Card.ALL) {
      var bound = card.bound(c);
      text.append(
          String.format(
              Locale.ROOT, "  %9.2f %-6s", bound.microseconds() / c.launches(), bound.by()));
    }
    return text.append('\n').toString();
  }

  private static double share(LaunchCounts c, Kind... kinds) {
    double sum = 0;
    for (var kind : kinds) {
      sum += c.warp(kind);
    }
    return 100 * sum / Math.max(1, c.warps());
  }
}
