package dev.assay.spec;

import dev.assay.internal.words.Written;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A tuning problem in T1, the input format of Kernel Tuner, KTT and BAT (TuningSchema 1.0.0), as
/// the text of a study file.
///
/// T1 says less than a study: what a right answer is, it often does not say at all. The text says
/// so, for a person to add.
final class TuningProblem {
  private static final Pattern RANGE =
      Pattern.compile("(?:list\\()?range\\(([-0-9]+)(?:,([-0-9]+))?(?:,([-0-9]+))?\\)\\)?");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("bool", "uchar"),
          Map.entry("int8", "char"),
          Map.entry("uint8", "uchar"),
          Map.entry("int16", "short"),
          Map.entry("uint16", "ushort"),
          Map.entry("int32", "int"),
          Map.entry("uint32", "uint"),
          Map.entry("int64", "long"),
          Map.entry("int", "int"), // as C and OpenCL call them
          Map.entry("uint", "uint"),
          Map.entry("unsigned int", "uint"),
          Map.entry("uint64", "ulong"),
          Map.entry("half", "half"),
          Map.entry("float", "float"),
          Map.entry("double", "double"));

  private final Path file;
  private final JsonNode kernel;
  private final JsonNode document;
  private final List<String> lines = new ArrayList<>();

  private TuningProblem(Path file, JsonNode document) {
    this.file = file;
    this.document = document;
    kernel = document.path("KernelSpecification");
  }

  /// @return YAML
  /// @throws Problem for a file that is none, or says what a study cannot
  static String read(Path file) {
    JsonNode document;
    try {
      document = JsonMapper.shared().readTree(Files.readAllBytes(file));
    } catch (IOException | JacksonException e) {
      throw new Problem(
          "The tuning problem cannot be read.",
          file + ": " + e.getMessage(),
          "Give a file in T1, which is JSON.",
          e);
    }
    return new TuningProblem(file, document).text();
  }

  private Problem refused(String what, String value, String mend) {
    return new Problem(what, value + " (" + file + ")", mend);
  }

  private String text() {
    if (!kernel.isObject() || !document.path("ConfigurationSpace").isObject()) {
      throw refused(
          "That is no tuning problem in T1.",
          "it lacks KernelSpecification or ConfigurationSpace",
          "Give the input file of Kernel Tuner, KTT or BAT.");
    }
    var constants = new LinkedHashMap<String, Object>();
    var space = space(constants);
    var backend = required("Language").toLowerCase(Locale.ROOT);
    if (!backend.equals("cuda") && !backend.equals("opencl")) {
      throw refused("There is no back end for that language.", backend, "Use CUDA or OpenCL.");
    }
    lines.add("# From " + file.getFileName() + ", a tuning problem in T1.");
    lines.add("objective:");
    lines.add("  kernel: " + Written.of(required("KernelFile")));
    lines.add("  function: " + Written.of(required("KernelName")));
    lines.add("  backend: " + backend);
    if (!constants.isEmpty()) {
      lines.add("  constants: " + Written.of(constants));
    }
    var options = texts(kernel.path("CompilerOptions"));
    if (!options.isEmpty()) {
      lines.add("  options: " + Written.of(options));
    }
    arguments();
    launch(backend);
    verify();
    lines.add("minimize: time_ms");
    lines.addAll(space);
    lines.add("budget: " + Written.of(budget()));
    lines.add("seed: 1");
    return String.join("\n", lines) + "\n";
  }

  private String required(String key) {
    var value = kernel.path(key).asString("");
    if (value.isEmpty()) {
      throw refused("The kernel's description lacks a field.", key, "Add it.");
    }
    return value;
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).filter(text -> !text.isBlank()).toList();
  }

  /// @param constants out: parameters with one value
  private List<String> space(Map<String, Object> constants) {
    var space = new ArrayList<String>();
    space.add("space:");
    for (var parameter : document.path("ConfigurationSpace").path("TuningParameters")) {
      var name = parameter.path("Name").asString("");
      var values = values(name, parameter.path("Values"));
      if (values.size() == 1 && values.getFirst() instanceof Number) {
        constants.put(name, values.getFirst());
        continue;
      }
      var fields = new LinkedHashMap<String, Object>();
      fields.put("choice", values);
      if (values.stream().allMatch(Number.class::isInstance)) {
        fields.put("ordered", true);
      }
      if (parameter.path("Default").isNumber()
          && values.contains(parameter.path("Default").numberValue())) {
        fields.put("default", parameter.path("Default").numberValue());
      }
      space.add("  " + Written.of(name) + ": " + Written.of(fields));
    }
    var conditions = document.path("ConfigurationSpace").path("Conditions");
    if (!conditions.isEmpty()) {
      space.add("constraints:");
      conditions.forEach(
          condition -> space.add("  - " + formula(condition.path("Expression").asString(""))));
    }
    return space;
  }

  /// `[1, 2]` or `list(range(1, 9))`, in a text or as it is.
  private List<Object> values(String name, JsonNode said) {
    var text = said.isString() ? said.asString().strip() : said.toString();
    var range = RANGE.matcher(text.replace(" ", ""));
    if (range.matches()) {
      boolean two = range.group(2) != null;
      int from = two ? Integer.parseInt(range.group(1)) : 0;
      int to = Integer.parseInt(two ? range.group(2) : range.group(1));
      int step = range.group(3) == null ? 1 : Integer.parseInt(range.group(3));
      return IntStream.iterate(from, i -> i < to, i -> i + Math.max(1, step))
          .<Object>mapToObj(Integer::valueOf)
          .toList();
    }
    try {
      var list = JsonMapper.shared().readTree(python(text));
      if (list.isArray() && !list.isEmpty()) {
        return list.valueStream()
            .<Object>map(
                v -> v.isNumber() ? v.numberValue() : v.isBoolean() ? v.asBoolean() : v.asString())
            .toList();
      }
    } catch (JacksonException e) {
      // As what is no list.
    }
    throw refused(
        "The values of a parameter are no list.", name + ": " + text, "Write them out: [1, 2, 4].");
  }

  private static String python(String text) {
    return text.replace('\'', '"').replace("True", "true").replace("False", "false");
  }

  private static String formula(String text) {
    return Written.of(PythonFormula.translated(text));
  }

  private void arguments() {
    lines.add("  arguments:");
    int index = 0;
    for (var argument : kernel.path("Arguments")) {
      var name = argument.path("Name").asString("argument" + index++);
      var said = argument.path("Type").asString("");
      var type = TYPES.get(said.replaceAll("(?<=[a-z])(2|4|8|16)$", ""));
      boolean plain = TYPES.containsKey(said);
      int lanes = plain ? 1 : Integer.parseInt("0" + said.replaceAll(".*?([0-9]*)$", "$1"));
      if (plain) {
        type = TYPES.get(said);
      }
      if (type == null || lanes == 0) {
        throw refused("There is no such type of elements.", name + ": " + said, "Use float.");
      }
      var fields = new LinkedHashMap<String, @Nullable Object>();
      switch (argument.path("MemoryType").asString("")) {
        case "Scalar" -> {
          fields.put("scalar", type);
          fields.put("name", name);
          fields.put("value", argument.path("FillValue").numberValue());
        }
        case "Vector" -> {
          fields.put("buffer", type);
          fields.put("name", name);
          fields.put("size", size(argument, lanes));
          fill(name, argument, fields);
        }
        case "Local" -> {
          fields.put("local", type);
          fields.put("name", name);
          fields.put("size", size(argument, lanes));
        }
        case String other ->
            throw refused(
                "A study has no such memory.", name + ": " + other, "Use Vector or Scalar.");
      }
      lines.add("    - " + Written.of(fields));
    }
  }

  private Object size(JsonNode argument, int lanes) {
    var size = argument.path("Size");
    var text = size.isNumber() ? size.asString() : sized(size.asString(""));
    return size.isNumber() && lanes == 1
        ? size.numberValue()
        : lanes == 1 ? text : lanes + " * (" + text + ")";
  }

  /// With the numbers of `ProblemSize[0]`.
  private String sized(String text) {
    var sizes = kernel.path("ProblemSize");
    var numbers = text;
    for (int i = 0; i < sizes.size(); i++) {
      numbers = numbers.replace("ProblemSize[" + i + "]", sizes.get(i).asString());
    }
    return PythonFormula.translated(numbers);
  }

  private void fill(String name, JsonNode argument, Map<String, @Nullable Object> fields) {
    double value = argument.path("FillValue").asDouble(0);
    var source = argument.path("DataSource").asString("");
    switch (argument.path("FillType").asString("Constant")) {
      case "Constant" -> {
        if (value != 0) {
          fields.put("fill", Map.of("constant", value));
        }
      }
      case "Random" ->
          fields.put("fill", value > 0 ? Map.of("random", List.of(0, value)) : "random");
      case "BinaryRaw" -> fields.put("fill", Map.of("file", source));
      case String other when other.equals("Generator") && source.strip().equals("i") ->
          fields.put("fill", "iota");
      case String other ->
          throw refused(
              "A study has no such fill.",
              name + ": " + other + " " + source,
              "Write the elements into a file, FillType BinaryRaw.");
    }
  }

  private void launch(String backend) {
    var block = new ArrayList<Object>();
    var grid = new ArrayList<Object>();
    var divisors = List.of("GridDivX", "GridDivY", "GridDivZ");
    var sizes = kernel.path("ProblemSize");
    boolean threads =
        kernel.path("GlobalSizeType").asString(backend).toLowerCase(Locale.ROOT).equals("opencl");
    for (int i = 0; i < 3; i++) {
      var axis = List.of("X", "Y", "Z").get(i);
      var local = kernel.path("LocalSize").path(axis).asString(i == 0 ? "" : "1");
      var global = kernel.path("GlobalSize").path(axis).asString("1");
      var named = texts(kernel.path(divisors.get(i)));
      block.add(PythonFormula.translated(local));
      grid.add(
          i < sizes.size() && !named.isEmpty()
              ? "ceil(" + sizes.get(i).asString() + " / (" + String.join(" * ", named) + "))"
              : threads && !local.equals("1")
                  ? "ceil((" + sized(global) + ") / (" + PythonFormula.translated(local) + "))"
                  : sized(global));
    }
    while (block.size() > 1 && block.getLast().equals("1") && grid.getLast().equals("1")) {
      block.removeLast();
      grid.removeLast();
    }
    lines.add("  block: " + Written.of(block));
    lines.add("  grid: " + Written.of(grid));
    if (kernel.path("SharedMemory").asInt(0) > 0 && backend.equals("cuda")) {
      lines.add("  shared: " + kernel.path("SharedMemory").asInt());
    }
  }

  /// One reference that is a file; anything else is for a person to say.
  private void verify() {
    var references = kernel.path("ReferenceArguments");
    if (references.size() == 1
        && references.get(0).path("FillType").asString("").equals("BinaryRaw")) {
      var reference = references.get(0);
      lines.add(
          "  verify: "
              + Written.of(
                  new LinkedHashMap<>(
                      Map.of(
                          "reference",
                          reference.path("DataSource").asString(""),
                          "argument",
                          reference.path("TargetName").asString(""),
                          "tolerance",
                          1e-4))));
      return;
    }
    lines.add(
        "  # T1 does not say what is right in a way that a study can use: name another kernel,");
    lines.add(
        "  # verify: {reference: naive.cu, block: [32], grid: [ceil(n / 32)], tolerance: 1e-4}");
    lines.add("  verify: none");
  }

  private Map<String, Object> budget() {
    var budget = new LinkedHashMap<String, Object>();
    for (var part : document.path("Budget")) {
      var value = part.path("BudgetValue");
      switch (part.path("Type").asString("")) {
        case "ConfigurationCount" -> budget.put("trials", value.asLong());
        case "TuningDuration" -> budget.put("time", value.asLong() + "s");
        default -> {}
      }
    }
    return budget.isEmpty() ? Map.of("trials", 100) : budget;
  }
}
