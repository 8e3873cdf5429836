package dev.assay.spec;

import dev.assay.internal.words.Nearest;
import dev.assay.kernel.Clocks;
import dev.assay.kernel.Measurement;
import dev.assay.problem.Problem;
import dev.assay.run.kernel.KernelSettings;
import dev.assay.run.kernel.KernelSettings.ArgumentSpec;
import dev.assay.run.kernel.KernelSettings.Define;
import dev.assay.run.kernel.KernelSettings.VerifySpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads an objective of the kind `kernel`.
final class KernelReader {
  private static final String VERIFY =
      "verify: {reference: naive.cl, grid: [n / 64], block: [64], tolerance: 1e-4}";
  private static final String MEASURE = "measure: {runs: 7, warmup: 1, until: 1 %}";
  private static final Pattern PERCENT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*%");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /// Files of numbers: NumPy's, and raw ones.
  private static final Pattern ARRAY = Pattern.compile("(?i).*\\.(npy|bin|raw|dat)");

  /// What [dev.assay.kernel.Launch] has: x, y and z.
  private static final int MOST_DIMENSIONS = 3;

  /// Where each formula of the file stands, by its text.
  private final Map<String, Place> formulas = new LinkedHashMap<>();

  private KernelReader() {}

  static ObjectiveSpec.Kernel read(Section.Part part) {
    return new KernelReader().kernel(part);
  }

  private ObjectiveSpec.Kernel kernel(Section.Part part) {
    var node = part.require("kernel", "kernel: gemm.cl");
    var file = node.text();
    var backend = backend(part.get("backend"), node, file);
    var arguments = new KernelArgumentReader(this, backend).read(part);
    var block = dimensions(part.require("block", "block: [block_x, block_y]"));
    var grid = dimensions(part.require("grid", "grid: [ceil(n / block_x), ceil(m / block_y)]"));
    requireAlike(part, block, grid);
    var settings =
        new KernelSettings(
            file,
            part.get("function") instanceof Node function ? name(function) : stem(file),
            backend,
            part.get("device") instanceof Node.Scalar device ? device.written().strip() : "",
            define(part.get("define"), file),
            constants(part.get("constants")),
            context(part.get("context")),
            options(part.get("options")),
            arguments,
            block,
            grid,
            shared(part.get("shared"), backend),
            verify(part, arguments, stem(file), backend),
            part.get("measure") instanceof Node measure
                ? measurement(measure)
                : KernelSettings.MEASUREMENT,
            clocks(part.get("clocks"), backend),
            part.get("timeout") instanceof Node timeout ? timeout(timeout) : KernelSettings.TIMEOUT,
            metrics(part.get("metrics")));
    return new ObjectiveSpec.Kernel(settings, Map.copyOf(formulas), node.place());
  }

  private static String stem(String file) {
    var name = file.substring(file.lastIndexOf('/') + 1);
    int dot = name.indexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /// The name of something in a program.
  static String name(Node node) {
    var name = node.text();
    if (!NAME.matcher(name).matches()) {
      throw node.problem("A name of a program is expected here.", "Use letters, digits and _.");
    }
    return name;
  }

  private static String backend(@Nullable Node node, Node kernel, String file) {
    var lower = file.toLowerCase(Locale.ROOT);
    if (node != null && !node.text().equals("auto")) {
      var words = List.of("auto", "opencl", "cuda");
      if (!words.contains(node.text())) {
        throw node.problem(
            "There is no such back end for kernels.", Nearest.suggest(node.text(), words));
      }
      if (lower.endsWith(".ptx") && node.text().equals("opencl")) {
        throw node.problem("PTX is CUDA's.", "Write backend: cuda.");
      }
      return node.text();
    }
    if (lower.endsWith(".cl")) {
      return "opencl";
    }
    if (lower.endsWith(".cu") || lower.endsWith(".ptx")) {
      return "cuda";
    }
    throw kernel.problem(
        "The file's name does not say what language the kernel is in.",
        "Name it .cl, .cu or .ptx, or write backend: opencl or backend: cuda.");
  }

  private static Define define(@Nullable Node node, String file) {
    if (node == null) { // an assembler has no macros
      return file.toLowerCase(Locale.ROOT).endsWith(".ptx") ? Define.PLACEHOLDERS : Define.ALL;
    }
    return switch (node.text()) {
      case "all" -> Define.ALL;
      case "placeholders" -> Define.PLACEHOLDERS;
      case String other ->
          throw node.problem(
              "There is no such way for parameters to reach the source.",
              Nearest.suggest(other, List.of("all", "placeholders")));
    };
  }

  private static Map<String, Double> constants(@Nullable Node node) {
    var constants = new LinkedHashMap<String, Double>();
    if (node != null) {
      node.fields("constants: {m: 512, n: 512}")
          .entries()
          .forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
              throw value.problem(
                  "A constant becomes a macro, so it needs a macro's name.",
                  "Use letters, digits and _.");
            }
            constants.put(name, value.number());
          });
    }
    return constants;
  }

  private static List<String> context(@Nullable Node node) {
    return node == null
        ? List.of()
        : node.elements("context: [size]").nodes().stream().map(Node::text).toList();
  }

  private static List<String> options(@Nullable Node node) {
    return switch (node) {
      case null -> List.of();
      case Node.Elements(var nodes, _) -> nodes.stream().map(Node::text).toList();
      case Node one -> List.of(one.text());
    };
  }

  /// A formula: a number, or a text.
  String formula(Node node) {
    if (node instanceof Node.Scalar(var value, var written, var place)
        && (value instanceof String || value instanceof Number)) {
      if (written.isBlank()) {
        throw node.problem("A formula is expected here.", "Write it like this: m * n.");
      }
      formulas.putIfAbsent(written, place);
      return written;
    }
    throw node.problem("A formula is expected here.", "Write it like this: m * n.");
  }

  private List<String> dimensions(Node node) {
    var texts = new ArrayList<String>();
    if (node instanceof Node.Elements(var nodes, _)) {
      nodes.forEach(element -> texts.add(formula(element)));
    } else {
      texts.add(formula(node));
    }
    if (texts.isEmpty() || texts.size() > MOST_DIMENSIONS) {
      throw node.problem(
          "A launch has one to three dimensions.", "Give one to three formulas: [block_x].");
    }
    return texts;
  }

  private static void requireAlike(Section.Part part, List<String> block, List<String> grid) {
    if (block.size() != grid.size() && part.get("grid") instanceof Node node) {
      throw node.problem(
          "Grid and block have different numbers of dimensions.",
          "Give " + block.size() + " of both; 1 where there is nothing along a dimension.");
    }
  }

  private @Nullable String shared(@Nullable Node node, String backend) {
    if (node == null) {
      return null;
    }
    if (backend.equals("opencl")) {
      throw node.problem(
          "OpenCL has its local memory among the arguments.",
          "Write {local: float, size: tile * tile} there, or a __local array in the kernel.");
    }
    return formula(node);
  }

  private @Nullable VerifySpec verify(
      Section.Part part, List<ArgumentSpec> arguments, String function, String backend) {
    var node =
        part.require("verify", VERIFY + ", or verify: none, should you trust every variant.");
    if (node instanceof Node.Scalar(String word, _, _) && word.equals("none")) {
      return null;
    }
    var verify = Section.VERIFY.of(node.fields(VERIFY));
    var reference = verify.get("reference");
    var command = verify.get("command");
    if ((reference == null) == (command == null)) {
      throw node.problem(
          reference == null
              ? "Nothing says what is right."
              : "A reference and a command exclude each other.",
          "Write it like this: " + VERIFY);
    }
    boolean kernel = reference != null && !ARRAY.matcher(reference.text()).matches();
    if (!kernel) {
      for (var key : List.of("function", "block", "grid", "shared")) {
        if (verify.get(key) instanceof Node extra) {
          throw extra.problem("Only a kernel has a " + key + ".", "Leave it out.");
        }
      }
    }
    double tolerance = tolerance(verify, node, arguments);
    var argument = verify.get("argument");
    if (argument != null) {
      requireBuffer(argument, arguments);
    }
    var block = kernel ? dimensions(verify.require("block", VERIFY)) : List.<String>of();
    var grid = kernel ? dimensions(verify.require("grid", VERIFY)) : List.<String>of();
    if (kernel) {
      requireAlike(verify, block, grid);
    }
    return new VerifySpec(
        kernel && reference != null ? reference.text() : null,
        verify.get("function") instanceof Node name
            ? name(name)
            : reference != null ? stem(reference.text()) : function,
        block,
        grid,
        shared(verify.get("shared"), backend),
        !kernel && reference != null ? reference.text() : null,
        command == null
            ? List.of()
            : command.elements("command: [python3, expected.py]").nodes().stream()
                .map(Node::text)
                .toList(),
        argument == null ? "" : argument.text(),
        tolerance);
  }

  private static double tolerance(Section.Part verify, Node node, List<ArgumentSpec> arguments) {
    if (verify.get("tolerance") instanceof Node given) {
      double tolerance = given.number();
      if (!(tolerance >= 0 && tolerance < 1)) {
        throw given.problem(
            "A tolerance is relative: from 0 to below 1.", "Write it like this: 1e-4.");
      }
      return tolerance;
    }
    if (arguments.stream()
        .anyMatch(
            a -> a.kind() == dev.assay.kernel.Argument.Kind.BUFFER && a.type().isFloating())) {
      throw node.problem(
          "Floating-point numbers differ in their last digits, and nothing says by how much.",
          "Add tolerance: 1e-4 for float, 1e-10 for double.");
    }
    return 0;
  }

  private static void requireBuffer(Node node, List<ArgumentSpec> arguments) {
    var names =
        arguments.stream()
            .filter(a -> a.kind() == dev.assay.kernel.Argument.Kind.BUFFER)
            .map(ArgumentSpec::name)
            .toList();
    if (!names.contains(node.text())) {
      throw node.problem("There is no such buffer.", Nearest.suggest(node.text(), names));
    }
  }

  private static Measurement measurement(Node node) {
    var part = Section.MEASURE.of(node.fields(MEASURE));
    var unsaid = KernelSettings.MEASUREMENT;
    int runs = part.get("runs") instanceof Node given ? given.count(1) : unsaid.runs();
    int most =
        part.get("most") instanceof Node given ? given.count(runs) : Math.max(runs, unsaid.most());
    return new Measurement(
        part.get("warmup") instanceof Node given ? given.count(0) : unsaid.warmup(),
        runs,
        part.get("until") instanceof Node given ? share(given) : unsaid.until(),
        most,
        part.get("time") instanceof Node given
            ? Durations.read(given).toNanos() * 1e-9
            : unsaid.seconds(),
        part.get("cold_cache") instanceof Node given && given.truth());
  }

  /// `1 %`, or 0.01.
  private static double share(Node node) {
    if (node instanceof Node.Scalar(String text, _, _)) {
      var percent = PERCENT.matcher(text.strip());
      if (percent.matches()) {
        return Double.parseDouble(percent.group(1)) / 100;
      }
      throw node.problem("A share is expected here.", "Write it like this: 1 %.");
    }
    double share = node.number();
    if (!(share >= 0 && share < 1)) {
      throw node.problem("A share lies between 0 and 1.", "Write it like this: 1 %.");
    }
    return share;
  }

  private Map<String, String> clocks(@Nullable Node node, String backend) {
    var clocks = new LinkedHashMap<String, String>();
    if (node == null) {
      return clocks;
    }
    if (!backend.equals("cuda")) {
      throw node.problem(
          "OpenCL sets no clocks.", "Leave out clocks, or write the kernel in CUDA.");
    }
    node.fields("clocks: {graphics_mhz: 1410, power_w: watts}")
        .entries()
        .forEach((name, value) -> {
          if (!Clocks.NAMES.contains(name)) {
            throw value.problem(
                "There is no such clock or limit.", Nearest.suggest(name, Clocks.NAMES));
          }
          clocks.put(name, formula(value));
        });
    return clocks;
  }

  private static java.time.Duration timeout(Node node) {
    var time = Durations.read(node);
    if (time.isZero()) {
      throw node.problem("No kernel ends in no time.", "Give it longer: timeout: 60s.");
    }
    return time;
  }

  private Map<String, String> metrics(@Nullable Node node) {
    var metrics = new LinkedHashMap<String, String>();
    if (node != null) {
      node.fields("metrics: {gflops: 2 * m * n * k / (time_ms * 1e6)}")
          .entries()
          .forEach((name, value) -> {
            if (List.of("time_ms", "compile_ms", "energy_j").contains(name)) {
              throw value.problem("That is measured.", "Give the formula another name.");
            }
            metrics.put(name, formula(value));
          });
    }
    return metrics;
  }

  /// A problem at the place of the formula, the parameter or the metric that its value begins with.
  static Problem located(
      Problem problem, Map<String, Place> formulas, Map<String, Place> names, Place otherwise) {
    for (var formula : formulas.entrySet()) {
      if (problem.value().startsWith("\"" + formula.getKey() + "\"")) {
        return problem.at(formula.getValue().toString());
      }
    }
    for (var name : names.entrySet()) {
      if (Place.beginsWith(problem, name.getKey())) {
        return problem.at(name.getValue().toString());
      }
    }
    return problem.at(otherwise.toString());
  }
}
