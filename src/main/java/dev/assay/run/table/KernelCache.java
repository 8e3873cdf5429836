package dev.assay.run.table;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import dev.assay.train.GzipInput;
import dev.assay.trial.Direction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files of kernel tuners as tables: Kernel Tuner's cache files, and results in the T4 format of
/// the autotuning community.
///
/// A cache file is `{"tune_params": {name: [values]}, ..., "cache": {"16,4": {"block_x": 16, ...,
/// "time": 1.2}}}` and is closed only when its tuner ends well: of one that is not, all whole
/// configurations are taken. `time` is milliseconds, or names a failure. T4 is `{"results":
/// [{"configuration": {...}, "invalidity": "correct", "measurements": [{"name": "time", "value":
/// 1.2}], ...}]}`. Either becomes the columns of the parameters, `status`, `time_ms`,
/// `benchmark_time_ms` and `compile_time`.
final class KernelCache {
  private static final String TIME = "time_ms";
  private static final String STATUS = "status";
  private static final String COST = "benchmark_time_ms";
  private static final String COMPILE = "compile_time";

  private final Path file;

  /// What the file says of each parameter's values; empty for T4.
  private final Map<String, List<Object>> declared = new LinkedHashMap<>();

  /// By configuration, so that one which was measured again counts once.
  private final Map<Map<String, Object>, Row> rows = new LinkedHashMap<>();

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
    try (var in = GzipInput.open(file);
        var parser = JsonMapper.shared().createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw unlike("it is no JSON object");
      }
      object(parser);
    } catch (StreamReadException e) {
      // Not closed, or cut off while it was written: what was whole is there.
      if (rows.isEmpty()) {
        throw unlike(Spoken.ofParser(e.getMessage()));
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

  private Problem unlike(String reason) {
    return new Problem(
        "That is no file of a kernel tuner.",
        file + ": " + reason,
        "Give a cache file of Kernel Tuner, results in T4, or a CSV table.");
  }

  private void object(JsonParser parser) {
    for (var name = parser.nextName(); name != null; name = parser.nextName()) {
      var token = parser.nextToken();
      if (name.equals("cache") && token == JsonToken.START_OBJECT) {
        while (parser.nextName() != null) {
          parser.nextToken();
          cached(parser);
        }
      } else if (name.equals("results") && token == JsonToken.START_ARRAY) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          result(tree(parser));
        }
      } else if (name.equals("tune_params") && token == JsonToken.START_OBJECT) {
        declare(tree(parser));
      } else {
        parser.skipChildren();
      }
    }
  }

  private static JsonNode tree(JsonParser parser) {
    return parser.readValueAsTree();
  }

  private void declare(JsonNode parameters) {
    for (var entry : parameters.properties()) {
      var values = new ArrayList<Object>();
      entry.getValue().forEach(value -> values.add(plain(value)));
      declared.put(entry.getKey(), values);
    }
  }

  private static Object plain(JsonNode value) {
    return value.isNumber()
        ? value.numberValue()
        : value.isBoolean() ? value.asBoolean() : value.asString();
  }

  /// One entry of `cache`: what is no number or word, such as all the times, is passed over.
  private void cached(JsonParser parser) {
    var scalars = new LinkedHashMap<String, Object>();
    for (var name = parser.nextName(); name != null; name = parser.nextName()) {
      switch (parser.nextToken()) {
        case START_ARRAY, START_OBJECT -> parser.skipChildren();
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalars.put(name, parser.getNumberValue());
        case VALUE_TRUE, VALUE_FALSE -> scalars.put(name, parser.getBooleanValue());
        case null, default -> scalars.put(name, parser.getString());
      }
    }
    var values = new LinkedHashMap<String, Object>();
    for (var name : declared.keySet()) {
      if (!(scalars.get(name) instanceof Object value)) {
        throw unlike("an entry of cache lacks the parameter " + name);
      }
      values.put(name, value);
    }
    var time = scalars.get("time");
    rows.put(
        values,
        new Row(
            time instanceof String failure ? failure : time == null ? "no time" : "ok",
            number(time),
            number(scalars.get("benchmark_time")),
            number(scalars.get(COMPILE))));
  }

  private static String number(@Nullable Object value) {
    return value instanceof Number ? value.toString() : "";
  }

  private void result(JsonNode result) {
    var values = new LinkedHashMap<String, Object>();
    for (var entry : result.path("configuration").properties()) {
      values.put(entry.getKey(), plain(entry.getValue()));
    }
    var status = result.path("invalidity").asString("correct");
    var times = result.path("times");
    rows.put(
        values,
        new Row(
            status,
            status.equals("correct") ? measured(result) : "",
            sum(times.path("runtimes")),
            number(times.path("compilation"))));
  }

  /// The measurement that is the first objective's, else the one that is a time, else the mean of
  /// the runs.
  private static String measured(JsonNode result) {
    var wanted = result.path("objectives").path(0).asString("time");
    for (var measurement : result.path("measurements")) {
      if (measurement.path("name").asString("").equals(wanted)) {
        return number(measurement.path("value"));
      }
    }
    var runs = result.path("times").path("runtimes");
    var sum = sum(runs);
    return sum.isEmpty() ? "" : Double.toString(Double.parseDouble(sum) / runs.size());
  }

  private static String sum(JsonNode numbers) {
    return numbers.isEmpty()
        ? ""
        : Double.toString(numbers.valueStream().mapToDouble(JsonNode::asDouble).sum());
  }

  private static String number(JsonNode node) {
    return node.isNumber() ? node.asString() : "";
  }

  private ReplayTable table() {
    var names = new LinkedHashSet<String>();
    rows.keySet().forEach(values -> names.addAll(values.keySet()));
    var cells = new LinkedHashMap<String, List<String>>();
    var parameters = new ArrayList<TableParameter>();
    for (var name : names) {
      var column = new ArrayList<String>();
      for (var values : rows.keySet()) {
        column.add(text(name, values.get(name)));
      }
      cells.put(name, column);
      parameters.add(parameter(name));
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

  private String text(String name, @Nullable Object value) {
    if (value == null) {
      throw unlike("a configuration lacks the parameter " + name);
    }
    return value.toString();
  }

  /// A column that says something; a metric always does.
  private static void add(Map<String, List<String>> cells, String name, List<String> column) {
    if (name.equals(TIME) || column.stream().anyMatch(cell -> !cell.isEmpty())) {
      cells.put(name, column);
    }
  }

  private TableParameter parameter(String name) {
    var values = new LinkedHashSet<>(declared.getOrDefault(name, List.of()));
    rows.keySet().stream()
        .map(row -> row.get(name))
        .filter(value -> value != null)
        .forEach(values::add);
    boolean numbers = values.stream().allMatch(Number.class::isInstance);
    var sorted = new ArrayList<>(values);
    if (numbers) {
      sorted.sort(Comparator.comparingDouble(value -> ((Number) value).doubleValue()));
    }
    return TableParameter.listed(name, List.copyOf(sorted), numbers);
  }
}
