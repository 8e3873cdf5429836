package dev.assay.train;

import dev.assay.files.OwnerOnly;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The checkpoints of one configuration, fold by fold, in a file of the safetensors format:
/// `fold0.weights`, `fold0.moment0`, ...; what is no FP32 number stands in the metadata.
public final class CheckpointFile {
  private CheckpointFile() {}

  /// Writes a file, which is there as a whole or not at all.
  public static void write(Path file, List<LaneCheckpoint> folds) throws IOException {
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("folds", Integer.toString(folds.size()));
    for (int fold = 0; fold < folds.size(); fold++) {
      var checkpoint = folds.get(fold);
      var name = "fold" + fold + ".";
      tensors.put(name + "weights", tensor(checkpoint.weights()));
      for (int i = 0; i < checkpoint.moments().size(); i++) {
        tensors.put(name + "moment" + i, tensor(checkpoint.moments().get(i)));
      }
      metadata.put(name + "epoch", Integer.toString(checkpoint.epoch()));
      metadata.put(name + "power1", Double.toHexString(checkpoint.power1()));
      metadata.put(name + "power2", Double.toHexString(checkpoint.power2()));
    }
    var directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file's directory");
    OwnerOnly.directories(directory);
    var part = directory.resolve(file.getFileName() + ".part");
    try {
      SafeTensors.write(part, tensors, metadata);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      OwnerOnly.removeAfter(e, part);
      throw e;
    }
  }

  private static SafeTensors.Tensor tensor(float[] values) {
    return new SafeTensors.Tensor(List.of(values.length), values);
  }

  /// What a file holds; null where it is missing, or damaged.
  public static @Nullable List<LaneCheckpoint> read(Path file) {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      var content = SafeTensors.content(file);
      var folds = new ArrayList<LaneCheckpoint>();
      int count = Integer.parseInt(text(content.metadata(), "folds"));
      for (int fold = 0; fold < count; fold++) {
        folds.add(checkpoint(content, "fold" + fold + "."));
      }
      return folds;
    } catch (IOException | Problem | IllegalArgumentException e) {
      return null;
    }
  }

  private static LaneCheckpoint checkpoint(SafeTensors.Content content, String name) {
    var weights = content.tensors().get(name + "weights");
    if (weights == null) {
      throw new IllegalArgumentException("no weights");
    }
    var moments = new ArrayList<float[]>();
    for (var moment = content.tensors().get(name + "moment0");
        moment != null;
        moment = content.tensors().get(name + "moment" + moments.size())) {
      moments.add(moment.values());
    }
    return new LaneCheckpoint(
        Integer.parseInt(text(content.metadata(), name + "epoch")),
        weights.values(),
        moments,
        Double.parseDouble(text(content.metadata(), name + "power1")),
        Double.parseDouble(text(content.metadata(), name + "power2")));
  }

  private static String text(Map<String, String> metadata, String key) {
    var text = metadata.get(key);
    if (text == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return text;
  }
}
