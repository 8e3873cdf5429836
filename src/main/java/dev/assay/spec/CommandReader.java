package dev.assay.spec;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.run.command.CommandSettings;
import dev.assay.run.command.EnvironmentValue;
import dev.assay.run.command.Retries;
import dev.assay.run.command.ValueSource;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.run.gpu.GpuNames;
import dev.assay.run.gpu.GpuResources;
import dev.assay.trial.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads an objective of the kind `command`.
final class CommandReader {
  /// GPU memory that is learnt from trials.
  private static final String LEARNED = "learned";

  private static final String VALUE = "value: {number: val_loss}";
  private static final String REGEX = "value: {regex: 'val_loss=(\\S+)'}";
  private static final String RETRIES = "retries: {times: 2, wait: 5s, on: [killed, error]}";

  private static final String ENVIRONMENT = "env: {OMP_NUM_THREADS: 4, API_KEY: {from: API_KEY}}";

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
            environment(part.get("env"), part.get("gpus") != null),
            values(part.get("value")),
            part.get("timeout") instanceof Node timeout ? positive(timeout) : null,
            part.get("grace") instanceof Node grace ? Durations.read(grace) : CommandSettings.GRACE,
            part.get("retries") instanceof Node retries ? retries(retries) : Retries.NONE,
            gpus(part.get("gpus"), part.get("memory")),
            RepeatsReader.read(part.get("repeats")));
    return new ObjectiveSpec.Command(settings, node.place());
  }

  private static GpuDemand gpus(@Nullable Node gpus, @Nullable Node memory) {
    if (gpus == null) {
      if (memory != null) {
        throw memory.problem("Memory is that of GPUs.", "Say how many GPUs, too: gpus: 0.5.");
      }
      return GpuDemand.NONE;
    }
    boolean learned = memory != null && memory.text().equals(LEARNED);
    long bytes = memory == null || learned ? 0 : bytes(memory, "8GiB, or memory: learned");
    if (gpus instanceof Node.Scalar) {
      return gpus.place()
          .locate(() -> new GpuDemand(gpus.number(), bytes, learned, null, Map.of()));
    }
    var example = "gpus: {device: {cuda: 1, cpu: 0}}";
    var entries = gpus.fields(example).entries();
    if (entries.size() != 1) {
      throw gpus.problem("One parameter decides on GPUs.", "Write it like this: " + example);
    }
    var entry = entries.entrySet().iterator().next();
    var byOption = new LinkedHashMap<String, Double>();
    entry
        .getValue()
        .fields(example)
        .entries()
        .forEach((option, node) -> byOption.put(option, node.number()));
    return gpus.place().locate(() -> new GpuDemand(0, bytes, learned, entry.getKey(), byOption));
  }

  /// A size: `8GiB`, `512MiB`, `8GB`.
  static long bytes(Node node) {
    return bytes(node, "8GiB");
  }

  /// @param example what could stand there
  private static long bytes(Node node, String example) {
    var matcher =
        Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([KMGT]i?)B").matcher(node.text().strip());
    if (!matcher.matches()) {
      throw node.problem(
          "A size needs a number and a unit.", "Write it like this: " + example + ".");
    }
    var unit = matcher.group(2);
    double base = unit.endsWith("i") ? 1024 : 1000;
    return (long)
        (Double.parseDouble(matcher.group(1)) * Math.pow(base, "KMGT".indexOf(unit.charAt(0)) + 1));
  }

  static GpuResources resources(@Nullable Node node) {
    if (node == null) {
      return GpuResources.UNSAID;
    }
    var example = "resources: {gpus: 2, memory: 24GiB}";
    var part = Section.RESOURCES.of(node.fields(example));
    var gpus = part.require("gpus", example);
    long bytes = part.get("memory") instanceof Node memory ? bytes(memory) : 0;
    if (gpus instanceof Node.Elements(var nodes, _)) {
      if (nodes.isEmpty()) {
        throw gpus.problem("The list of GPUs is empty.", "Write it like this: gpus: [0, 2].");
      }
      return GpuResources.named(nodes.stream().map(CommandReader::gpu).toList(), bytes);
    }
    return GpuResources.first(gpus.count(1), bytes);
  }

  /// An index, or `GPU-...` or `MIG-...`.
  private static String gpu(Node node) {
    if (!(node instanceof Node.Scalar(String text, _, _))) {
      return Integer.toString(node.count(0));
    }
    if (!GpuNames.isName(text.strip())) {
      throw node.problem(
          "That is no GPU's name.",
          "Write an index, GPU-... or MIG-..., as nvidia-smi -L does: gpus: [0, GPU-8932f937].");
    }
    return text.strip();
  }

  private static Duration positive(Node node) {
    var time = Durations.read(node);
    if (time.isZero()) {
      throw node.problem("No program ends in no time.", "Give it longer: timeout: 30m.");
    }
    return time;
  }

  private static Map<String, EnvironmentValue> environment(@Nullable Node node, boolean leases) {
    var variables = new LinkedHashMap<String, EnvironmentValue>();
    if (node == null) {
      return variables;
    }
    for (var entry : node.fields(ENVIRONMENT).entries().entrySet()) {
      checkVariable(entry.getKey(), entry.getValue().place());
      checkFree(entry.getKey(), entry.getValue().place(), leases);
      variables.put(entry.getKey(), environmentValue(entry.getKey(), entry.getValue()));
    }
    return variables;
  }

  private static void checkVariable(String name, Place place) {
    if (name.isBlank() || name.contains("=") || name.indexOf(0) >= 0) {
      throw new Problem(
          "No environment variable can have that name.",
          "\"" + name + "\" (" + place + ")",
          "Write: " + ENVIRONMENT);
    }
  }

  /// A value would be replaced by that of each trial.
  private static void checkFree(String name, Place place, boolean leases) {
    if (EnvironmentValue.OF_TRIALS.contains(name)) {
      throw new Problem(
          "Each trial is told that by Assay.",
          "env." + name + " (" + place + ")",
          "Remove it, or give it another name.");
    }
    if (leases && EnvironmentValue.OF_LEASES.contains(name)) {
      throw new Problem(
          "With `gpus:` each trial is told which GPUs it leased.",
          "env." + name + " (" + place + ")",
          "Remove it, and say which GPUs may be leased: resources: {gpus: [0, 2]}; or remove"
              + " gpus.");
    }
  }

  /// Problems do not show the value, which may be a secret.
  private static EnvironmentValue environmentValue(String name, Node node) {
    if (node instanceof Node.Scalar(var value, var text, _) && value != null) {
      return new EnvironmentValue.Written(text);
    }
    if (node instanceof Node.Fields fields
        && fields.entries().size() == 1
        && fields.entries().get("from") instanceof Node.Scalar(String variable, _, _)) {
      checkVariable(variable, fields.keyPlace("from"));
      return new EnvironmentValue.From(variable);
    }
    throw new Problem(
        "A text is expected here, or from where it is taken.",
        name + " (" + node.place() + ")",
        "Write: " + ENVIRONMENT);
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
    var number = part.get("number");
    var regex = part.get("regex");
    var file = part.get("file");
    if (Stream.of(number, regex, file).filter(Objects::nonNull).count() != 1) {
      throw node.problem(
          "A value is found behind a name, by a regex or in a file.",
          "Write "
              + VALUE
              + " for what prints val_loss=0.3 or val_loss: 0.3, or "
              + REGEX
              + ", or value: {file: metrics.json, key: val_loss}.");
    }
    var step = part.get("step");
    var key = part.get("key");
    if (number == null && step != null) {
      throw step.problem(
          "The name of a step goes with the name of a number.",
          "Write value: {number: val_loss, step: epoch}; a regex has a group (?<step>...) for it.");
    }
    if (file == null && key != null) {
      throw key.problem("A key is for files only.", "Leave it out.");
    }
    if (file != null && key == null && ValueSource.InFile.isCsv(file.text())) {
      throw file.problem(
          "A CSV file has columns, and no one of them is named.",
          "Name the one whose last number is the value: value: {file: "
              + file.text()
              + ", key: val_loss}.");
    }
    if (number != null) {
      return new ValueSource.Named(
          number.text().strip(), step == null ? null : step.text().strip());
    }
    return regex == null
        ? new ValueSource.InFile(
            Objects.requireNonNull(file).text(), key == null ? null : key.text())
        : pattern(regex);
  }

  private static ValueSource pattern(Node node) {
    try {
      var pattern = Pattern.compile(node.text());
      if (pattern.matcher("").groupCount() == 0) {
        throw node.problem(
            "The regex has no group, which would be the number.",
            "Put the number in parentheses: " + REGEX + ".");
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
