package dev.assay.run.command;

import dev.assay.problem.NumberText;
import dev.assay.space.Configuration;
import dev.assay.study.Objective;
import dev.assay.study.Trial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Collects the values of one trial as its program gives them, and passes intermediate ones on to
/// the study.
final class TrialValues {
  /// How much is kept of what could not be understood.
  private static final int COMPLAINTS = 5;

  private static final int LONGEST_QUOTE = 200;

  /// A larger file is no file of metrics.
  private static final long LARGEST_FILE = 1 << 24;

  private final CommandSettings settings;
  private final List<Objective> objectives;
  private final Trial<Configuration> trial;
  private final Map<String, Double> latest = new LinkedHashMap<>();
  private final Map<String, String> origins = new TreeMap<>();
  private final List<String> complaints = new ArrayList<>();
  private double[] atStep;
  private @Nullable Long step;
  private long lastStep;
  private boolean reported;
  private boolean isFinal;
  private boolean prune;
  private int exitCode = -1;

  TrialValues(CommandSettings settings, List<Objective> objectives, Trial<Configuration> trial) {
    this.settings = settings;
    this.objectives = objectives;
    this.trial = trial;
    atStep = unknown();
  }

  private double[] unknown() {
    var values = new double[objectives.size()];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  /// A try begins; what was passed on to the study before stays there.
  void begin() {
    latest.clear();
    origins.clear();
    complaints.clear();
    step = null;
    atStep = unknown();
    isFinal = false;
    exitCode = -1;
  }

  /// A line that the program printed.
  ///
  /// @param stream `stdout` or `stderr`
  void line(String line, String stream) {
    var text = line.strip();
    if (stream.equals("stdout") && text.startsWith(ReportLine.MARK)) {
      report(text.substring(ReportLine.MARK.length()), "a report on stdout");
      return;
    }
    for (var objective : objectives) {
      if (settings.source(objective.metric()) instanceof ValueSource.Match match) {
        match(objective.metric(), match, line, stream);
      }
    }
  }

  private void match(String metric, ValueSource.Match match, String line, String stream) {
    var matcher = match.pattern().matcher(line);
    while (matcher.find()) {
      var text = matcher.group(match.valueGroup());
      if (text == null) {
        continue;
      }
      try {
        double value = NumberText.parse(text);
        var found =
            match.stepGroup() == 0 || matcher.group(match.stepGroup()) == null
                ? null
                : (Long) NumberText.whole(matcher.group(match.stepGroup()));
        take(new ReportLine(found, false, Map.of(metric, value)), "a match on " + stream);
      } catch (NumberFormatException e) {
        complain("the regex of " + metric + " found " + e.getMessage(), line);
      }
    }
  }

  /// A line of the report file: the JSON object, with or without the mark.
  void fileLine(String line) {
    var text = line.strip();
    if (!text.isEmpty()) {
      report(
          text.startsWith(ReportLine.MARK) ? text.substring(ReportLine.MARK.length()) : text,
          "a report in ASSAY_REPORT");
    }
  }

  private void report(String json, String origin) {
    try {
      take(ReportLine.parse(json.strip()), origin);
    } catch (IllegalArgumentException e) {
      complain(String.valueOf(e.getMessage()), ReportLine.MARK + " " + json.strip());
    }
  }

  private void complain(String what, String line) {
    if (complaints.size() < COMPLAINTS) {
      var quote =
          line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE - 1) + "…";
      complaints.add(quote + ": " + what);
    }
  }

  private void take(ReportLine line, String origin) {
    if (isFinal) {
      return;
    }
    line.values()
        .forEach((metric, value) -> {
          latest.put(metric, value);
          origins.put(metric, origin);
        });
    isFinal = line.isFinal();
    if (line.step() != null) {
      step(line.step(), line.values());
    }
  }

  /// Values of one step may come one after the other: they are passed on together, as soon as all
  /// are known or the next step begins.
  private void step(long newStep, Map<String, Double> values) {
    if (reported && newStep <= lastStep) {
      return; // after a retry a program may repeat what it reported before
    }
    if (step != null && step != newStep) {
      passOn();
    }
    step = newStep;
    for (int i = 0; i < objectives.size(); i++) {
      var value = values.get(objectives.get(i).metric());
      if (value != null) {
        atStep[i] = value;
      }
    }
    boolean whole = true;
    for (int i = 0; i < objectives.size(); i++) {
      whole &= !Double.isNaN(atStep[i]) || values.containsKey(objectives.get(i).metric());
    }
    if (whole) {
      passOn();
    }
  }

  private void passOn() {
    if (step == null) {
      return;
    }
    boolean any = objectives.stream().anyMatch(o -> latest.containsKey(o.metric()));
    if (any && !(reported && step <= lastStep)) {
      prune |= trial.report(step, atStep).prune();
      reported = true;
      lastStep = step;
    }
    step = null;
    atStep = unknown();
  }

  /// After the last line.
  ///
  /// @param directory the trial's own
  /// @param startedIn where the program was started
  /// @param since when, milliseconds since 1970: older files are another run's
  void end(
      Path directory,
      Path startedIn,
      Map<String, String> facts,
      long since,
      ProgramRun.Ended ended) {
    exitCode = ended.status() == null ? -1 : ended.status().code();
    passOn();
    for (var objective : objectives) {
      if (settings.source(objective.metric()) instanceof ValueSource.InFile source && !isFinal) {
        var name = CommandTemplate.fill(source.path(), trial.parameters(), facts);
        if (name != null) {
          read(objective.metric(), name, source.key(), directory, startedIn, since);
        }
      }
      if (settings.source(objective.metric()) instanceof ValueSource.Match match
          && !latest.containsKey(objective.metric())) {
        complain("no line matches this regex of " + objective.metric(), match.pattern().pattern());
      }
    }
  }

  private void read(
      String metric,
      String name,
      @Nullable String key,
      Path directory,
      Path startedIn,
      long since) {
    var file = directory.resolve(name);
    if (!Files.exists(file)) {
      file = startedIn.resolve(name);
    }
    try {
      if (!Files.exists(file)) {
        complain("there is no such file in the trial's directory or " + startedIn, name);
      } else if (Files.getLastModifiedTime(file).toMillis() < since - 1000) {
        complain("the file is older than the trial", file.toString());
      } else if (Files.size(file) > LARGEST_FILE) {
        complain("the file is larger than 16 MiB", file.toString());
      } else {
        take(
            new ReportLine(null, false, Map.of(metric, value(file, key))),
            file.getFileName() + (key == null ? "" : ", key " + key));
      }
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      complain(String.valueOf(e.getMessage()), file.toString());
    }
  }

  private static double value(Path file, @Nullable String key) throws IOException {
    var text = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (key == null) {
      return NumberText.parse(text);
    }
    JsonNode node = JsonMapper.shared().readTree(text);
    for (var part : key.split("\\.")) {
      var child =
          node.isArray() && part.matches("\\d{1,9}")
              ? node.get(Integer.parseInt(part))
              : node.get(part);
      if (child == null) {
        throw new IllegalArgumentException("there is no key " + part + " of " + key);
      }
      node = child;
    }
    if (node.isString()) {
      return NumberText.parse(node.stringValue());
    }
    if (!node.isNumber()) {
      throw new IllegalArgumentException("key " + key + " is no number");
    }
    return node.doubleValue();
  }

  /// Whether the study said that the trial should end now.
  boolean prune() {
    return prune && !isFinal;
  }

  /// Whether the program said which values are its result.
  boolean isFinal() {
    return isFinal && missing().isEmpty();
  }

  /// The metrics without a value.
  List<String> missing() {
    return objectives.stream()
        .map(Objective::metric)
        .filter(metric -> !latest.containsKey(metric))
        .toList();
  }

  /// The result: one value for each objective; none may be missing.
  double[] result() {
    return objectives.stream()
        .mapToDouble(o -> latest.getOrDefault(o.metric(), Double.NaN))
        .toArray();
  }

  /// What was reported beside the objectives, the last values.
  Map<String, Double> others() {
    var others = new LinkedHashMap<>(latest);
    objectives.forEach(objective -> others.remove(objective.metric()));
    return others;
  }

  /// The program's exit code; -1 where it has none.
  int exitCode() {
    return exitCode;
  }

  /// @param output the end of what the program printed
  FoundValues found(String output) {
    return new FoundValues(
        new TreeMap<>(origins), missing(), others(), List.copyOf(complaints), reported, output);
  }

  /// What could not be understood, at most a few.
  List<String> complaints() {
    return complaints;
  }
}
