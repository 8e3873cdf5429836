package dev.assay.spec;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The kinds of map in a study file, and the keys that each may have. A new key is added here.
enum Section {
  STUDY(
      "name",
      "objective",
      "minimize",
      "maximize",
      "space",
      "constraints",
      "fix",
      "subject_to",
      "warm_start",
      "sampler",
      "pruner",
      "budget",
      "confirm",
      "parallel",
      "batch",
      "schedule",
      "seed",
      "start",
      "storage",
      "refit",
      "keep",
      "resources",
      "restarts",
      "durability",
      "ship",
      "log"),
  TRAIN(
      "train",
      "data",
      "label",
      "groups",
      "drop",
      "categories",
      "cv",
      "holdout",
      "time_series",
      "train_scores",
      "precision",
      "fixed",
      "repeats"),
  IDX("images", "labels"),
  COMMAND(
      "command", "cwd", "env", "value", "timeout", "grace", "retries", "gpus", "memory", "repeats"),
  RESOURCES("gpus", "memory"),
  VALUE("number", "step", "regex", "file", "key"),
  SHIP("files", "to"),
  RETRIES("times", "wait", "on"),
  REPEATS("seeds", "race"),
  KEEP("best"),
  TRACKERS("mlflow", "tensorboard", "jsonl"),
  TABLE("table", "repeats"),
  FUNCTION("function"),
  KERNEL(
      "kernel",
      "function",
      "backend",
      "device",
      "define",
      "constants",
      "context",
      "options",
      "arguments",
      "block",
      "grid",
      "shared",
      "verify",
      "measure",
      "clocks",
      "timeout",
      "metrics"),
  KERNEL_ARGUMENT("buffer", "scalar", "local", "name", "size", "value", "fill"),
  FILL("random", "seed", "constant", "file"),
  VERIFY("reference", "function", "block", "grid", "shared", "command", "argument", "tolerance"),
  MEASURE("runs", "warmup", "until", "most", "time", "cold_cache"),
  FLOAT("float", "log", "step", "default", "prior", "was", "when"),
  INT("int", "log", "step", "default", "prior", "was", "when"),
  CHOICE("choice", "ordered", "default", "prior", "was", "when"),
  PRIOR("around", "spread"),
  BUDGET("trials", "time", "target", "no_improvement", "failures", "regret", "rule"),
  TIME("limit", "cut"),
  CONFIRM("runs", "finalists");

  private final List<String> keys;

  Section(String... keys) {
    this.keys = List.of(keys);
  }

  List<String> keys() {
    return keys;
  }

  /// A map of this kind.
  ///
  /// @throws Problem for a key that it may not have
  Part of(Node.Fields fields) {
    for (var key : fields.entries().keySet()) {
      if (!keys.contains(key)) {
        throw unknown(key, fields, keys);
      }
    }
    return new Part(this, fields);
  }

  /// The list that `{choice: relu, tanh}` was meant to be, which is a map of two keys; null where a
  /// key is none of that kind.
  private static @Nullable String withoutBrackets(String key, Node.Fields fields) {
    var items = new ArrayList<String>();
    String list = null;
    for (var entry : fields.entries().entrySet()) {
      if (!(entry.getValue() instanceof Node.Scalar(var value, var written, _))) {
        items.clear();
        list = null;
      } else if (value != null) {
        if (items.contains(key)) {
          break;
        }
        items.clear();
        list = entry.getKey();
        items.add(written);
      } else {
        items.add(entry.getKey());
      }
    }
    return list != null && items.indexOf(key) > 0
        ? list + ": [" + String.join(", ", items) + "]"
        : null;
  }

  static Problem unknown(String key, Node.Fields fields, List<String> known) {
    var broken = withoutBrackets(key, fields);
    if (broken != null) {
      return new Problem(
          "A list stands in brackets.",
          key + " (" + fields.keyPlace(key) + ")",
          "Write " + broken + ".");
    }
    var peers = PeerWords.mend(key, known);
    return new Problem(
        "The key is unknown.",
        key + " (" + fields.keyPlace(key) + ")",
        peers != null ? peers : Nearest.suggest(key, known));
  }

  /// A map whose keys are known to be right.
  record Part(Section section, Node.Fields fields) {
    /// The value of a key, null where the file does not have it.
    @Nullable Node get(String key) {
      if (!section.keys.contains(key)) {
        throw new IllegalArgumentException(key + " is no key of " + section);
      }
      return fields.entries().get(key);
    }

    boolean has(String key) {
      return get(key) != null;
    }

    Node require(String key, String example) {
      var node = get(key);
      if (node == null) {
        throw new Problem(
            "A key is missing.", key + " (" + fields.place() + ")", "Add it: " + example);
      }
      return node;
    }
  }
}
