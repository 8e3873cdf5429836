package dev.assay.run.table;

import dev.assay.internal.words.NumberText;
import dev.assay.problem.Problem;
import dev.assay.train.GzipInput;
import dev.assay.trial.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files of kernel tuners as tables: Kernel Tuner's cache files, and results in the T4 format of
/// the autotuning community.
///
/// A cache file is `{"tune_params": {name: [values]}, ..., "cache": {"16,4": {"block_x": 16, ...,
/// "time": 1.2}}}` and is closed only when its tuner ends well: of one that is not, all whole
/// configurations are taken. `time` is milliseconds, or names a failure. T4 is `{"results":
/// [{"configuration": {...}, "invalidity": "correct", "measurements": [{"name": "time", "value":
/// 1.2}], ...}]}`, with `timeunit` in its metadata. Either becomes the columns of the parameters,
/// `status`, `time_ms`, `benchmark_time_ms` and `compile_time`.
final class KernelCache {
  private static final String TIME = "time_ms";
  private static final String STATUS = "status";
  private static final String COST = "benchmark_time_ms";
  private static final String COMPILE = "compile_time";
  private static final String COMPILE_T4 = "compilation_time";

  private final Path file;

  /// Of times in T4, where nothing else is said.
  private String unit = "milliseconds";

  /// What the file says of each parameter's values; none for T4.
  private final Map<String, List<Object>> declared = new LinkedHashMap<>();

  /// The parameters, in the order of each row's values.
  private List<String> names = List.of();

  /// By values, so that a configuration which was measured again counts once.
  private final Map<List<Object>, Row> rows = new LinkedHashMap<>();

  private record Row(String status, String time, String cost, String compile) {}

  private KernelCache(Path file) {
    this.file = file;
  }

  /// Whether a file's name is that of one.
  static boolean isNamed(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).matches(".*\\.json(\\.gz)?");
  }

  static ReplayTable read(Path file) {
    var cache = new KernelCache(file);
    cache.parse();
    return cache.table();
  }

  private void parse() {
    try {
      var text = bytes();
      object(text, new JsonBytes(text));
    } catch (JsonBytes.Cut e) {
      // Not closed, or cut off while it was written: what was whole is there.
      if (rows.isEmpty()) {
        throw unlike(String.valueOf(e.getMessage()));
      }
    } catch (IOException | JacksonException e) {
      throw new Problem(
          "The table cannot be read.",
          file + ": " + e.getMessage(),
          "Check that it is there and whole.",
          e);
    }
    if (rows.isEmpty()) {
      throw unlike("it has neither cache nor results");
    }
  }

  private byte[] bytes() throws IOException {
    if (!GzipInput.isNamed(file)) {
      return Files.readAllBytes(file);
    }
    try (var in = GzipInput.open(file)) {
      return in.readAllBytes();
    }
  }

  private Problem unlike(String reason) {
    return new Problem(
        "That is no file of a kernel tuner.",
        file + ": " + reason,
        "Give a cache file of Kernel Tuner, results in T4, or a CSV table.");
  }

  private void object(byte[] text, JsonBytes walk) throws JsonBytes.Cut {
    walk.open('{');
    for (boolean first = true; walk.next('}', first); first = false) {
      var name = walk.name();
      int token = walk.peek();
      if (name.equals("cache") && token == '{') {
        walk.open('{');
        for (boolean one = true; walk.next('}', one); one = false) {
          walk.name();
          cached(walk);
        }
      } else if (name.equals("results") && token == '[') {
        walk.open('[');
        for (boolean one = true; walk.next(']', one); one = false) {
          result(tree(text, walk));
        }
      } else if (name.equals("tune_params") && token == '{') {
        declare(walk);
      } else if (name.equals("metadata") && token == '{') {
        unit = tree(text, walk).path("timeunit").asString(unit);
      } else {
        walk.skip();
      }
    }
  }

  private static JsonNode tree(byte[] text, JsonBytes walk) throws JsonBytes.Cut {
    int from = walk.position();
    walk.skip();
    return JsonMapper.shared().readTree(text, from, walk.position() - from);
  }

  private void declare(JsonBytes walk) throws JsonBytes.Cut {
    walk.open('{');
    for (boolean first = true; walk.next('}', first); first = false) {
      var values = new ArrayList<Object>();
      declared.put(walk.name(), values);
      walk.open('[');
      for (boolean one = true; walk.next(']', one); one = false) {
        values.add(walk.scalar());
      }
    }
    names = List.copyOf(declared.keySet());
  }

  private static Object plain(JsonNode value) {
    return value.isNumber()
        ? value.numberValue()
        : value.isBoolean() ? value.asBoolean() : value.asString();
  }

  /// One entry of `cache`: what is no number or word, such as all the times, is passed over.
  private void cached(JsonBytes walk) throws JsonBytes.Cut {
    var values = new @Nullable Object[names.size()];
    String status = "no time";
    String time = "";
    String cost = "";
    String compile = "";
    walk.open('{');
    for (boolean first = true; walk.next('}', first); first = false) {
      var name = walk.name();
      int token = walk.peek();
      int i = names.indexOf(name);
      if (token == '{' || token == '[') {
        walk.skip();
      } else if (i >= 0) {
        values[i] = walk.scalar();
      } else if (name.equals("time") && token == '"') {
        status = String.valueOf(walk.scalar());
      } else {
        switch (name) {
          case "time" -> {
            time = number(walk);
            status = time.isEmpty() ? status : "ok";
          }
          case "benchmark_time" -> cost = number(walk);
          case COMPILE -> compile = number(walk);
          default -> walk.skip();
        }
      }
    }
    rows.put(row(values), new Row(status, time, cost, compile));
  }

  private List<Object> row(@Nullable Object[] values) {
    var row = new ArrayList<Object>(values.length);
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Object value) {
        row.add(value);
      } else {
        throw unlike("a configuration lacks the parameter " + names.get(i));
      }
    }
    return row;
  }

  /// The letters of a number; none of what is no number.
  private static String number(JsonBytes walk) throws JsonBytes.Cut {
    if (walk.peek() == '"') {
      walk.skip();
      return "";
    }
    var word = walk.word();
    return word.equals("null") || word.equals("true") || word.equals("false") ? "" : word;
  }

  private void result(JsonNode result) {
    var configuration = result.path("configuration");
    if (rows.isEmpty()) {
      names = List.copyOf(configuration.propertyNames());
    }
    var values = new @Nullable Object[names.size()];
    for (var entry : configuration.properties()) {
      int i = names.indexOf(entry.getKey());
      if (i < 0) {
        throw unlike("only some configurations have the parameter " + entry.getKey());
      }
      values[i] = unquoted(plain(entry.getValue()));
    }
    var status = result.path("invalidity").asString("correct");
    var times = result.path("times");
    var compile = times.has(COMPILE_T4) ? times.path(COMPILE_T4) : times.path("compilation");
    rows.put(
        row(values),
        new Row(
            status,
            status.equals("correct") ? measured(result) : "",
            milliseconds(sum(times.path("runtimes")), unit),
            compile.isNumber() ? milliseconds(compile.asDouble(), unit) : ""));
  }

  /// KTT writes the values of parameters as texts.
  private static Object unquoted(Object value) {
    return value instanceof String word && NumberText.find(word).isPresent()
        ? JsonBytes.number(word)
        : value;
  }

  /// The measurement that is the first objective's, else the mean of the runs.
  private String measured(JsonNode result) {
    var wanted = result.path("objectives").path(0).asString("time");
    for (var measurement : result.path("measurements")) {
      if (measurement.path("name").asString("").equals(wanted)) {
        var value = measurement.path("value");
        var said = measurement.path("unit").asString("");
        boolean isTime = wanted.toLowerCase(Locale.ROOT).contains("time");
        return value.isNumber()
            ? milliseconds(value.asDouble(), !said.isEmpty() ? said : isTime ? unit : "")
            : "";
      }
    }
    var runs = result.path("times").path("runtimes");
    return milliseconds(sum(runs) / runs.size(), unit);
  }

  /// @return NaN where there are none
  private static double sum(JsonNode numbers) {
    return numbers.isEmpty()
        ? Double.NaN
        : numbers.valueStream().mapToDouble(JsonNode::asDouble).sum();
  }

  /// A cell; what is no time stays as it is.
  private static String milliseconds(double value, String unit) {
    double scaled =
        switch (unit.toLowerCase(Locale.ROOT)) {
          case "ns", "nanoseconds" -> value / 1e6;
          case "us", "µs", "microseconds" -> value / 1e3;
          case "s", "seconds" -> value * 1e3;
          case String _ -> value;
        };
    return Double.isNaN(scaled) ? "" : Double.toString(scaled);
  }

  private ReplayTable table() {
    var cells = new LinkedHashMap<String, List<String>>();
    var parameters = new ArrayList<TableParameter>();
    for (int i = 0; i < names.size(); i++) {
      var name = names.get(i);
      var values = new LinkedHashSet<>(declared.getOrDefault(name, List.of()));
      var column = new ArrayList<String>(rows.size());
      for (var row : rows.keySet()) {
        values.add(row.get(i));
        column.add(row.get(i).toString());
      }
      cells.put(name, column);
      parameters.add(parameter(name, values));
    }
    add(cells, STATUS, rows.values().stream().map(Row::status).toList());
    add(cells, TIME, rows.values().stream().map(Row::time).toList());
    add(cells, COST, rows.values().stream().map(Row::cost).toList());
    add(cells, COMPILE, rows.values().stream().map(Row::compile).toList());
    return new ReplayTable(
        new TableColumns(file.toString(), cells, rows.size()),
        parameters,
        TIME,
        Direction.MINIMIZE);
  }

  /// A column that says something; a metric always does.
  private static void add(Map<String, List<String>> cells, String name, List<String> column) {
    if (name.equals(TIME) || column.stream().anyMatch(cell -> !cell.isEmpty())) {
      cells.put(name, column);
    }
  }

  private static TableParameter parameter(String name, Set<Object> values) {
    boolean numbers = values.stream().allMatch(Number.class::isInstance);
    var sorted = new ArrayList<>(values);
    if (numbers) {
      sorted.sort(Comparator.comparingDouble(value -> ((Number) value).doubleValue()));
    }
    return TableParameter.listed(name, List.copyOf(sorted), numbers);
  }
}
