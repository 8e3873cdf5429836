package dev.assay.spec;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import dev.assay.run.command.CommandSettings;
import dev.assay.run.command.Retries;
import dev.assay.run.command.ValueSource;
import dev.assay.study.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Reads an objective of the kind `command`.
final class CommandReader {
  private static final String VALUE = "value: {regex: \"val_loss=([0-9.]+)\"}";
  private static final String RETRIES = "retries: {times: 2, wait: 5s, on: [killed, error]}";

  private CommandReader() {}

  static ObjectiveSpec.Command read(Section.Part part) {
    var example = "command: [python3, train.py, \"{args}\"]";
    var node = part.require("command", example);
    var words = new ArrayList<String>();
    for (var word : node.elements(example).nodes()) {
      if (!(word instanceof Node.Scalar(var value, var text, _)) || value == null) {
        throw word.problem("A text is expected here.", "Write it like this: " + example);
      }
      words.add(text);
    }
    if (words.isEmpty() || words.getFirst().isBlank()) {
      throw node.problem("The command is empty.", "Write it like this: " + example);
    }
    var directory = part.get("cwd");
    var settings =
        new CommandSettings(
            words,
            directory == null ? null : directory.text(),
            environment(part.get("env")),
            values(part.get("value")),
            part.get("timeout") instanceof Node timeout ? positive(timeout) : null,
            part.get("grace") instanceof Node grace ? Durations.read(grace) : CommandSettings.GRACE,
            part.get("retries") instanceof Node retries ? retries(retries) : Retries.NONE);
    return new ObjectiveSpec.Command(settings, node.place());
  }

  private static Duration positive(Node node) {
    var time = Durations.read(node);
    if (time.isZero()) {
      throw node.problem("No program ends in no time.", "Give it longer: timeout: 30m.");
    }
    return time;
  }

  private static Map<String, String> environment(@Nullable Node node) {
    var variables = new LinkedHashMap<String, String>();
    if (node == null) {
      return variables;
    }
    var example = "env: {OMP_NUM_THREADS: 4}";
    for (var entry : node.fields(example).entries().entrySet()) {
      if (!(entry.getValue() instanceof Node.Scalar(var value, var text, _)) || value == null) {
        throw entry.getValue().problem("A text is expected here.", "Write: " + example);
      }
      if (entry.getKey().isEmpty() || entry.getKey().contains("=")) {
        throw entry
            .getValue()
            .problem("No environment variable can have that name.", "Write: " + example);
      }
      variables.put(entry.getKey(), text);
    }
    return variables;
  }

  /// One source for the only objective, or a map from metrics to sources.
  private static Map<String, ValueSource> values(@Nullable Node node) {
    if (node == null) {
      return Map.of();
    }
    var fields = node.fields(VALUE);
    if (fields.entries().values().stream().allMatch(Node.Fields.class::isInstance)
        && !fields.entries().isEmpty()) {
      var sources = new LinkedHashMap<String, ValueSource>();
      fields.entries().forEach((metric, source) -> sources.put(metric, source(source)));
      return sources;
    }
    return Map.of(CommandSettings.ONLY, source(node));
  }

  private static ValueSource source(Node node) {
    var part = Section.VALUE.of(node.fields(VALUE));
    var regex = part.get("regex");
    var file = part.get("file");
    if ((regex == null) == (file == null)) {
      throw node.problem(
          "A value is found by a regex or in a file.",
          "Write " + VALUE + ", or value: {file: metrics.json, key: val_loss}.");
    }
    var key = part.get("key");
    if (file != null) {
      return new ValueSource.InFile(file.text(), key == null ? null : key.text());
    }
    if (key != null) {
      throw key.problem("A key is for files only.", "Leave it out.");
    }
    return pattern(java.util.Objects.requireNonNull(regex));
  }

  private static ValueSource pattern(Node node) {
    try {
      var pattern = Pattern.compile(node.text());
      if (pattern.matcher("").groupCount() == 0) {
        throw node.problem(
            "The regex has no group, which would be the number.",
            "Put the number in parentheses: " + VALUE + ".");
      }
      return new ValueSource.Match(pattern);
    } catch (PatternSyntaxException e) {
      throw node.problem(
          "The regex is not valid: " + e.getDescription() + ".",
          "Correct it; in double quotes a backslash is written twice.");
    }
  }

  private static Retries retries(Node node) {
    if (node instanceof Node.Scalar) {
      return new Retries(node.count(0), Retries.NONE.first(), Retries.UNSAID);
    }
    var part = Section.RETRIES.of(node.fields(RETRIES));
    return new Retries(
        part.require("times", RETRIES).count(0),
        part.get("wait") instanceof Node wait ? Durations.read(wait) : Retries.NONE.first(),
        part.get("on") instanceof Node on ? causes(on) : Retries.UNSAID);
  }

  private static Set<Cause> causes(Node node) {
    var causes = EnumSet.noneOf(Cause.class);
    var words = Retries.POSSIBLE.stream().map(Cause::word).toList();
    var elements = node instanceof Node.Elements(var nodes, _) ? nodes : List.of(node);
    for (var element : elements) {
      var word = element.text();
      if (!words.contains(word)) {
        throw new Problem(
            "No retry can mend that.",
            word + " (" + element.place() + ")",
            Nearest.suggest(word, words));
      }
      Retries.POSSIBLE.stream().filter(c -> c.word().equals(word)).forEach(causes::add);
    }
    return causes;
  }
}
