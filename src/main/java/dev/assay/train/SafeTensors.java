package dev.assay.train;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// FP32 arrays in one file, in the safetensors format: the length of a header (8 bytes, smallest
/// first), the header (JSON: for each name its type, shape and place), then the numbers.
final class SafeTensors {
  /// A header is small; a larger length means that the file is something else.
  private static final long MAX_HEADER = 100_000_000;

  private static final String METADATA = "__metadata__";

  private SafeTensors() {}

  /// @param shape product: the number of values
  @SuppressWarnings("ArrayRecordComponent")
  record Tensor(List<Integer> shape, float[] values) {}

  static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    write(file, tensors, Map.of());
  }

  /// @param metadata texts beside the numbers
  static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    var header = new LinkedHashMap<String, Object>();
    if (!metadata.isEmpty()) {
      header.put(METADATA, metadata);
    }
    long at = 0;
    for (var entry : tensors.entrySet()) {
      long end = at + 4L * entry.getValue().values.length;
      header.put(
          entry.getKey(),
          Map.of(
              "dtype", "F32", "shape", entry.getValue().shape, "data_offsets", List.of(at, end)));
      at = end;
    }
    var json = JsonMapper.shared().writeValueAsString(header);
    json += " ".repeat((8 - json.getBytes(StandardCharsets.UTF_8).length % 8) % 8);
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    var buffer = ByteBuffer.allocate(Math.toIntExact(8 + bytes.length + at));
    buffer.order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length).put(bytes);
    tensors
        .values()
        .forEach(tensor -> {
          for (float value : tensor.values) {
            buffer.putFloat(value);
          }
        });
    Files.write(file, buffer.array());
  }

  static Map<String, Tensor> read(Path file) throws IOException {
    return content(file).tensors;
  }

  /// @param metadata texts beside the numbers
  record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  static Content content(Path file) throws IOException {
    var buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    long length = buffer.remaining() < 8 ? -1 : buffer.getLong();
    if (length < 2 || length > Math.min(MAX_HEADER, buffer.remaining())) {
      throw damaged(file, "a header of " + length + " bytes");
    }
    var bytes = new byte[(int) length];
    buffer.get(bytes);
    var data = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
    try {
      var tensors = new LinkedHashMap<String, Tensor>();
      var metadata = new LinkedHashMap<String, String>();
      for (var entry : JsonMapper.shared().readTree(bytes).properties()) {
        if (!entry.getKey().equals(METADATA)) {
          tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), data));
          continue;
        }
        for (var text : entry.getValue().properties()) {
          metadata.put(text.getKey(), text.getValue().asString(""));
        }
      }
      return new Content(tensors, metadata);
    } catch (JacksonException e) {
      throw damaged(file, Spoken.ofParser(e.getOriginalMessage()));
    }
  }

  private static Tensor tensor(Path file, String name, JsonNode header, ByteBuffer data) {
    if (!header.path("dtype").asString("").equals("F32")) {
      throw damaged(file, name + " has type " + header.path("dtype"));
    }
    var shape = new ArrayList<Integer>();
    long count = 1;
    for (var size : header.path("shape")) {
      shape.add(size.asInt(0));
      count *= size.asInt(0);
    }
    long from = header.path("data_offsets").path(0).asLong(-1);
    long to = header.path("data_offsets").path(1).asLong(-1);
    if (from < 0 || to > data.capacity() || to - from != 4 * count) {
      throw damaged(file, name + " stands at " + from + " to " + to);
    }
    var values = new float[(int) count];
    data.slice((int) from, (int) (to - from))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return new Tensor(shape, values);
  }

  private static Problem damaged(Path file, String found) {
    return new Problem(
        "The file of weights is damaged, or none of Assay's.",
        file + ": " + found,
        "Give the model.safetensors that assay refit wrote.");
  }
}
