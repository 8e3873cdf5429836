package dev.assay.run.command;

import dev.assay.space.Configuration;
import dev.assay.study.Trial;
import dev.assay.trial.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Collects the values of one trial as its program gives them, and passes intermediate ones on to
/// the study.
final class TrialValues implements ReportFile.Reader {
  private static final String TOO_LONG =
      "the line is longer than 64 KiB, of which the rest is not read";

  private final CommandSettings settings;
  private final List<Objective> objectives;
  private final Trial<Configuration> trial;
  private final StepReports steps;
  private final Map<String, LineReader> readers = new LinkedHashMap<>();

  private LatestValues latest;
  private Complaints complaints = new Complaints();
  private BooleanSupplier over = () -> false;
  private boolean anyCut;
  private int exitCode = -1;

  TrialValues(CommandSettings settings, List<Objective> objectives, Trial<Configuration> trial) {
    this.settings = settings;
    this.objectives = objectives;
    this.trial = trial;
    steps = new StepReports(objectives, trial);
    latest = new LatestValues(objectives);
  }

  /// A try begins; what was passed on to the study before stays there.
  void begin() {
    latest = new LatestValues(objectives);
    complaints = new Complaints();
    steps.begin();
    anyCut = false;
    exitCode = -1;
    over = () -> false;
    readers.clear();
    var effort = new MatchEffort(() -> over.getAsBoolean());
    for (var metric : metrics()) {
      switch (settings.source(metric)) {
        case ValueSource.Match match -> readers.put(metric, new RegexReader(match, effort));
        case ValueSource.Named named -> readers.put(metric, new NamedNumberReader(named));
        case ValueSource.ReportLines() -> {}
        case ValueSource.InFile(_, _) -> {}
      }
    }
  }

  /// The objectives, and what else the study says where to find: what it bounds.
  private List<String> metrics() {
    return Stream.concat(
            objectives.stream().map(Objective::metric), settings.values().keySet().stream())
        .filter(metric -> !metric.equals(CommandSettings.ONLY))
        .distinct()
        .toList();
  }

  /// @param ends whether the trial is to end, so that what its program prints is of no use
  void until(BooleanSupplier ends) {
    over = ends;
  }

  /// A line that the program printed.
  ///
  /// @param cut whether it was longer than what is kept of it
  /// @param stream `stdout` or `stderr`
  void line(String line, boolean cut, String stream) {
    if (cut) {
      anyCut = true;
      String _ = complaints.add(TOO_LONG, line);
    }
    var reports = ReportScan.printed(TerminalText.of(line).strip());
    reports.forEach(scan -> report(scan, cut, "a report on " + stream, stream.equals("stdout")));
    if (reports.isEmpty()) {
      readers.forEach((metric, reader) -> reader.read(line, found(metric, line, stream)));
    }
  }

  private LineReader.Found found(String metric, String line, String stream) {
    return new LineReader.Found() {
      @Override
      public void number(@Nullable Long at, double value) {
        take(ReportLine.of(at, metric, value), "a line of " + stream, line);
      }

      @Override
      public void remark(String what) {
        String _ = complaints.add(metric + ": " + what, line);
      }

      @Override
      public void unreadable(String why) {
        latest.spoil(metric, complaints.add(metric + ": " + why, line));
      }
    };
  }

  /// A line of the report file: JSON objects, with or without the mark.
  @Override
  public void line(String line, boolean cut) {
    if (cut) {
      anyCut = true;
      String _ = complaints.add(TOO_LONG, line);
    }
    ReportScan.written(TerminalText.of(line).strip())
        .forEach(scan -> report(scan, cut, "a report in ASSAY_REPORT", true));
  }

  @Override
  public boolean takesUnfinished(String line) {
    var text = TerminalText.of(line).strip();
    if (!text.endsWith("}")
        || ReportScan.written(text).stream().anyMatch(scan -> scan.report() == null)) {
      return false;
    }
    line(line, false);
    return true;
  }

  @Override
  public void rewritten(String name) {
    String _ =
        complaints.add(
            "the program writes the file anew each time, so that steps between two looks are"
                + " missed; let it append",
            name);
  }

  /// @param meant as a report, and no quotation of one as in a warning's line of source code
  private void report(ReportScan scan, boolean cut, String origin, boolean meant) {
    var report = scan.report();
    if (report != null) {
      take(report, origin, scan.text());
      return;
    }
    var complaint = complaints.add(cut ? TOO_LONG : scan.problem(), scan.text());
    for (var objective : objectives) {
      if (meant && scan.text().contains(objective.metric())) {
        latest.spoil(objective.metric(), complaint);
      }
    }
  }

  private void take(ReportLine line, String origin, String text) {
    line.unread().forEach((name, why) -> latest.spoil(name, complaints.add(why, text)));
    // With repeats a trial's steps are its runs.
    if (latest.take(line, origin) && line.step() != null && !settings.repeats().any()) {
      steps.take(line.step(), line.values(), latest.any());
    }
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
    steps.passOn();
    for (var metric : metrics()) {
      switch (settings.source(metric)) {
        case ValueSource.InFile source when !latest.isFinal() -> {
          var name = CommandTemplate.fill(source.path(), trial.parameters(), facts);
          if (name != null) {
            var own = directory.resolve(name);
            var file = Files.exists(own) ? own : startedIn.resolve(name);
            read(metric, new ValueFile(file, source.key()), name, startedIn, since);
          }
        }
        case ValueSource.Match(var pattern) when latest.isUnknown(metric) ->
            unfound(metric, pattern.pattern(), "no line matches this regex of " + metric);
        case ValueSource.Named(var name, _) when latest.isUnknown(metric) ->
            unfound(metric, name, "no line has a number behind this name");
        case ValueSource.ReportLines() -> {}
        case ValueSource.Match _ -> {}
        case ValueSource.Named _ -> {}
        case ValueSource.InFile _ -> {}
      }
    }
  }

  private void unfound(String metric, String where, String what) {
    if (exitCode != 0) {
      return; // that it failed says why
    }
    latest.lack(
        metric,
        complaints.add(
            anyCut ? what + ", and " + TOO_LONG.replace("the line", "a line") : what, where));
  }

  private void read(String metric, ValueFile file, String name, Path startedIn, long since) {
    if (!Files.exists(file.path())) {
      unfound(metric, name, "there is no such file in the trial's directory or " + startedIn);
      return;
    }
    try {
      var key = file.key() == null ? "" : ", key " + file.key();
      take(ReportLine.of(null, metric, file.value(since)), file.path().getFileName() + key, name);
    } catch (IOException | IllegalArgumentException e) {
      unfound(metric, file.path().toString(), String.valueOf(e.getMessage()));
    }
  }

  /// Whether the study said that the trial should end now.
  boolean prune() {
    return steps.prune() && !latest.isFinal();
  }

  /// Whether the program said which values are its result.
  boolean isFinal() {
    return latest.isFinal() && missing().isEmpty();
  }

  /// The metrics without a value.
  List<String> missing() {
    return latest.missing();
  }

  /// The result: one value for each objective; none may be missing.
  double[] result() {
    return latest.result();
  }

  /// What was reported beside the objectives, the last values.
  Map<String, Double> others() {
    return latest.others();
  }

  /// The program's exit code; -1 where it has none.
  int exitCode() {
    return exitCode;
  }

  /// @param output the end of what the program printed
  FoundValues found(String output) {
    return new FoundValues(
        latest.origins(),
        missing(),
        named(output),
        others(),
        complaints(),
        steps.any(),
        output,
        exitCode);
  }

  /// Under which names the output has numbers for objectives without a value.
  private Map<String, String> named(String output) {
    var names = new TreeMap<String, String>();
    for (var metric : missing()) {
      var name = NamedNumberReader.printed(metric, output);
      if (name != null) {
        names.put(metric, name);
      }
    }
    return names;
  }

  /// What could not be understood, at most a few.
  List<String> complaints() {
    return complaints.all();
  }

  /// Why there is no value: of the first objective that has none, where that is known; otherwise
  /// whatever could not be understood. Empty where everything was.
  String reason() {
    var reason = latest.reason();
    return reason != null ? reason : complaints().stream().findFirst().orElse("");
  }
}
