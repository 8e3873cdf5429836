package dev.assay.train;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A trained model on disk: `model.safetensors` holds the numbers, `model.json` beside it what they
/// mean. Either can be read by other programs.
public final class ModelFiles {
  public static final String WEIGHTS = "model.safetensors";
  public static final String DESCRIPTION = "model.json";
  private static final int VERSION = 1;

  private ModelFiles() {}

  /// Writes both files, replacing what was there.
  public static void write(Path directory, TrainedModel model) {
    try {
      Files.createDirectories(directory);
      SafeTensors.write(directory.resolve(WEIGHTS), tensors(model));
      var json =
          JsonMapper.builder()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .build()
              .writeValueAsString(description(model));
      Files.writeString(directory.resolve(DESCRIPTION), json + "\n");
    } catch (IOException e) {
      throw new Problem(
          "The model cannot be written.",
          directory + ": " + e,
          "Name a directory that you may write to.",
          e);
    }
  }

  private static Map<String, SafeTensors.Tensor> tensors(TrainedModel model) {
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
    int p = model.shape().inputs();
    var standardisation = model.standardisation();
    tensors.put("input.mean", new SafeTensors.Tensor(List.of(p), standardisation.mean()));
    tensors.put("input.scale", new SafeTensors.Tensor(List.of(p), standardisation.scale()));
    int at = 0;
    for (int layer = 0; layer < model.shape().layers(); layer++) {
      int u = model.shape().inputsOf(layer);
      int v = model.shape().outputsOf(layer);
      tensors.put("layer" + layer + ".weight", part(model, at, List.of(u, v)));
      tensors.put("layer" + layer + ".bias", part(model, at + u * v, List.of(v)));
      at += (u + 1) * v;
    }
    return tensors;
  }

  private static SafeTensors.Tensor part(TrainedModel model, int from, List<Integer> shape) {
    int count = shape.stream().reduce(1, (a, b) -> a * b);
    return new SafeTensors.Tensor(
        shape, java.util.Arrays.copyOfRange(model.weights(), from, from + count));
  }

  private static Map<String, @Nullable Object> description(TrainedModel model) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("format", "assay-model");
    map.put("version", VERSION);
    map.put("model", model.model().key());
    map.put("task", model.task().word());
    map.put("activation", model.shape().activation().name().toLowerCase(Locale.ROOT));
    map.put("layers", model.shape().stack().stream().map(ModelFiles::layer).toList());
    map.put("columns", model.columns().stream().map(ModelFiles::column).toList());
    map.put("label", model.label());
    map.put("classes", model.classes());
    map.put("label_mean", model.targetScale().mean());
    map.put("label_deviation", model.targetScale().deviation());
    map.put("provenance", model.provenance());
    return map;
  }

  private static Map<String, Object> layer(Layer layer) {
    return new TreeMap<>(parts(layer));
  }

  private static Map<String, Object> parts(Layer layer) {
    return switch (layer) {
      case Layer.Dense(int u, int v) -> Map.of("kind", "dense", "inputs", u, "outputs", v);
      case Layer.Convolution(int height, int width, int channels, int filters, int kernel) ->
          Map.of(
              "kind", "convolution",
              "height", height,
              "width", width,
              "channels", channels,
              "filters", filters,
              "kernel", kernel);
    };
  }

  private static Map<String, Object> column(Column column) {
    return new TreeMap<>(parts(column));
  }

  private static Map<String, Object> parts(Column column) {
    return switch (column) {
      case Column.Numeric(var name) -> Map.of("kind", "numeric", "name", name);
      case Column.Date(var name) -> Map.of("kind", "date", "name", name);
      case Column.Categorical(var name, var levels) ->
          Map.of("kind", "categorical", "name", name, "levels", levels);
      case Column.Image(var name, int height, int pixels) ->
          Map.of("kind", "image", "name", name, "height", height, "width", pixels);
    };
  }

  /// Reads a model.
  ///
  /// @param path the directory, or one of the two files in it
  public static TrainedModel read(Path path) {
    var directory =
        Files.isDirectory(path)
            ? path
            : Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path);
    var file = directory.resolve(DESCRIPTION);
    if (!Files.isRegularFile(file) || !Files.isRegularFile(directory.resolve(WEIGHTS))) {
      throw new Problem(
          "There is no model.",
          path + ": " + DESCRIPTION + " and " + WEIGHTS + " belong there",
          "Make one with assay refit STUDY, and name its directory.");
    }
    try {
      var json = JsonMapper.shared().readTree(Files.readString(file));
      if (!json.path("format").asString("").equals("assay-model")
          || json.path("version").asInt(0) != VERSION) {
        throw damaged(
            file, "format " + json.path("format") + ", version " + json.path("version"), null);
      }
      return model(json, SafeTensors.read(directory.resolve(WEIGHTS)));
    } catch (JacksonException | IOException e) {
      throw damaged(file, Spoken.ofParser(e.getMessage()), e);
    } catch (NullPointerException | IllegalArgumentException e) { // a part is missing, or unknown
      throw damaged(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static Problem damaged(Path file, String found, @Nullable Exception cause) {
    return new Problem(
        "The description of the model is damaged, or of another version.",
        file + ": " + found,
        "Make it anew with assay refit STUDY.",
        cause);
  }

  private static TrainedModel model(JsonNode json, Map<String, SafeTensors.Tensor> tensors) {
    var stack = new ArrayList<Layer>();
    json.path("layers").forEach(layer -> stack.add(layer(layer)));
    var columns = new ArrayList<Column>();
    json.path("columns").forEach(column -> columns.add(column(column)));
    var classes = texts(json.path("classes"));
    int inputs = columns.stream().mapToInt(Column::width).sum();
    var activation = json.path("activation").asString("").toUpperCase(Locale.ROOT);
    var head = classes.isEmpty() ? Shape.Head.LINEAR : Shape.Head.SOFTMAX;
    var shape = new Shape(inputs, stack, head, Activation.valueOf(activation), 1);
    var weights = new float[Math.toIntExact(shape.parameters())];
    int at = 0;
    for (int layer = 0; layer < stack.size(); layer++) {
      for (var part : List.of(".weight", ".bias")) {
        var values = tensor(tensors, "layer" + layer + part);
        System.arraycopy(values, 0, weights, at, values.length);
        at += values.length;
      }
    }
    var provenance = new LinkedHashMap<String, @Nullable Object>();
    JsonMapper.shared()
        .convertValue(json.path("provenance"), Map.class)
        .forEach((key, value) -> provenance.put(String.valueOf(key), value));
    return new TrainedModel(
        Model.named(json.path("model").asString("")),
        shape,
        columns,
        json.path("label").asString(""),
        classes,
        new Standardisation(tensor(tensors, "input.mean"), tensor(tensors, "input.scale")),
        new TargetScale(
            json.path("label_mean").asDouble(0), json.path("label_deviation").asDouble(1)),
        weights,
        provenance);
  }

  private static float[] tensor(Map<String, SafeTensors.Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name + " is missing").values();
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  private static Layer layer(JsonNode json) {
    return json.path("kind").asString("").equals("convolution")
        ? new Layer.Convolution(
            json.required("height").asInt(),
            json.required("width").asInt(),
            json.required("channels").asInt(),
            json.required("filters").asInt(),
            json.required("kernel").asInt())
        : new Layer.Dense(json.required("inputs").asInt(), json.required("outputs").asInt());
  }

  private static Column column(JsonNode json) {
    var name = json.required("name").asString();
    return switch (json.path("kind").asString("")) {
      case "numeric" -> new Column.Numeric(name);
      case "date" -> new Column.Date(name);
      case "categorical" -> new Column.Categorical(name, texts(json.path("levels")));
      case "image" ->
          new Column.Image(name, json.required("height").asInt(), json.required("width").asInt());
      case String kind -> throw new IllegalArgumentException("a column of kind " + kind);
    };
  }
}
