package dev.assay.cli;

import dev.assay.device.Backend;
import dev.assay.device.BackendSelector;
import dev.assay.internal.opening.Growth;
import dev.assay.internal.storage.sql.Durability;
import dev.assay.internal.storage.sql.Durable;
import dev.assay.problem.Problem;
import dev.assay.report.HtmlReport;
import dev.assay.report.ResultDocument;
import dev.assay.report.StudyView;
import dev.assay.run.Provenance;
import dev.assay.run.TrialRunner;
import dev.assay.run.command.TrialWatcher;
import dev.assay.run.control.StudyControl;
import dev.assay.spec.Assembly;
import dev.assay.spec.ObjectiveSpec;
import dev.assay.spec.ShownFile;
import dev.assay.spec.StudyFile;
import dev.assay.storage.Storage;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.trial.StopReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs a study, or goes on with it.
@Command(name = "tune", description = "Run a study, or go on with it.")
final class TuneCommand implements Callable<Integer> {
  /// Why earlier trials do not fit: as many as a person reads.
  private static final int REASONS = 5;

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "the study file")
  private Path file = Path.of("");

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "change the study file")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--trials", paramLabel = "N", description = "trials in all")
  private @Nullable String trials;

  @Option(
      names = "--time",
      paramLabel = "10m",
      description = "time for this run, in which trials begin; those under way go on to their end")
  private @Nullable String time;

  @Option(
      names = "--confirm",
      paramLabel = "N",
      description = "run the best configurations N times more once the budget is used")
  private @Nullable String confirm;

  @Option(names = "--seed", paramLabel = "S", description = "of all randomness")
  private @Nullable String seed;

  @Option(names = "--backend", defaultValue = "auto", description = "auto, cpu, cuda or tornado")
  private String backend = "auto";

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "of the back end: a number or a part of its name, as doctor lists them")
  private @Nullable String device;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "trials at once; with --listen 0: workers run all of them")
  private @Nullable Integer parallel;

  @Option(
      names = "--storage",
      paramLabel = "URL",
      description = "sqlite:PATH, postgresql://USER@HOST/DB, or memory:")
  private @Nullable String storage;

  @Mixin private final Hosting hosting = new Hosting();

  @Option(names = "--resume", description = "go on with the study, which must exist")
  private boolean resume;

  @Option(names = "--fresh", description = "put the old study aside and start anew")
  private boolean fresh;

  @Option(
      names = "--adopt",
      description = "go on with a study that was another one, with the trials that fit")
  private boolean adopt;

  @Option(names = "--require", paramLabel = "'METRIC>=X'", description = "else exit with 4")
  private List<String> requirements = new ArrayList<>();

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  @Option(names = "--quiet", description = "no progress, no summary")
  private boolean quiet;

  /// Whether the study is there already and has brought its file along: then it stays as it is.
  private boolean joins;

  /// Whether no more is wanted than runs of the finalists: what they came to is said elsewhere.
  private boolean confirms;

  TuneCommand(Console console) {
    this.console = console;
  }

  /// Joins those who run a stored study.
  ///
  /// @param url of its storage
  /// @param trialsAtOnce null: as many as the study file says
  static TuneCommand joining(
      Console console, String url, @Nullable Integer trialsAtOnce, String backend, boolean quiet) {
    var command = new TuneCommand(console);
    command.joins = true;
    command.resume = true;
    command.storage = url;
    command.parallel = trialsAtOnce;
    command.backend = backend;
    command.quiet = quiet;
    return command;
  }

  /// Runs the finalists of a stored study again.
  static TuneCommand confirming(Console console, String backend) {
    var command = new TuneCommand(console);
    command.joins = true;
    command.confirms = true;
    command.resume = true;
    command.backend = backend;
    return command;
  }

  /// As the parser makes it.
  ///
  /// @param options by name, with their values; those of flags say nothing
  static TuneCommand of(Console console, Path file, Map<String, String> options) {
    var command = new TuneCommand(console);
    command.file = file;
    command.trials = options.get("--trials");
    command.time = options.get("--time");
    command.seed = options.get("--seed");
    command.backend = options.getOrDefault("--backend", "auto");
    var parallel = options.get("--parallel");
    command.parallel = parallel == null ? null : Integer.valueOf(parallel);
    command.quiet = options.containsKey("--quiet");
    command.fresh = options.containsKey("--fresh");
    command.resume = options.containsKey("--resume");
    command.json = options.containsKey("--json");
    return command;
  }

  @Override
  public Integer call() {
    if (fresh && (resume || adopt)) {
      var other = resume ? "--resume" : "--adopt";
      throw new Problem(
          other + " and --fresh exclude each other.", other + " --fresh", "Keep one of them.");
    }
    HeadStart.begin();
    return tune(StudyFile.read(file, overrides()));
  }

  int tune(StudyFile spec) {
    return tune(spec, StudyLocation.of(spec.name(), storage == null ? spec.storage() : storage));
  }

  /// @param location where the study is
  int tune(StudyFile spec, StudyLocation location) {
    var needed = requirements.stream().map(Requirement::parse).toList();
    var metrics = spec.objectives().stream().map(objective -> objective.metric()).toList();
    needed.forEach(requirement -> requirement.check(metrics));
    var selector = new BackendSelector(backend, device);
    var searching = searching(spec, selector);
    var chosen = selector.trainer(searching);
    var assembly = new Assembly(spec, !hosting.runsElsewhere(parallel));
    var own = spec.locate(() -> assembly.runner(chosen, location.trials(), TrialWatcher.NONE));
    var shipped = joins ? null : Shipping.manifest(spec);
    var runner =
        hosting.around(
            own, spec, shipped, parallel, location.trials().resolveSibling("spark.log"), console);
    try (var opened = location.open()) {
      if (opened instanceof Durable durable) {
        var _ = durable.durability(Durability.valueOf(spec.durability().toUpperCase(Locale.ROOT)));
      }
      var builder = Beginning.of(spec, opened, runner.describe(), selector.gpEngine(searching));
      prepare(opened, builder, spec.name(), location);
      if (location.isShared() || hosting.isWanted()) {
        builder.attribute(Whereabouts.attribute());
      }
      var progress = new ProgressDisplay(console, spec.objectives(), spec.budget().trials());
      if (!quiet) {
        builder.listener(progress);
      }
      var tracked = Trackers.of(spec, builder, console);
      try (var study = builder.openOrCreate();
          var trackers = tracked) {
        trackers.begin(study);
        if (!joins) {
          describe(study, spec, chosen);
          Shipping.send(spec, shipped, opened, study, console);
        }
        var result = run(study, runner, spec, () -> location.control(study, opened), progress);
        int code = finish(study, result, spec.cut(), location, needed);
        if (spec.refit() && !joins && code == ExitCode.DONE) {
          refit(spec, StudyView.of(study), chosen, location);
        }
        return code;
      }
    }
  }

  private void describe(Study<?> study, StudyFile spec, Backend chosen) {
    study.putFact(StudyView.BACKEND, chosen.id());
    var shown = ShownFile.of(spec);
    study.putFact(StudyView.STUDY_FILE, shown.text());
    study.putFact(StudyView.STUDY_PATH, file.toAbsolutePath().normalize().toString());
    study.putFact(StudyView.OVERRIDES, shown.overrides());
    study.putFact(StudyView.PROVENANCE, Provenance.now());
    Whereabouts.keep(study, spec);
  }

  /// The back end that searches. While trials lease the GPUs the search stays off them, unless
  /// asked.
  private String searching(StudyFile spec, BackendSelector selector) {
    boolean leased =
        spec.objective() instanceof ObjectiveSpec.Command(var settings, _) && settings.leasesGpus();
    if (!leased || !backend.equals("auto")) {
      return backend;
    }
    var preferred = selector.choose(backend).id();
    if (!preferred.equals("cpu") && !quiet) {
      console.note(
          "Trials lease the GPUs, so the search computes on the processor (--backend "
              + preferred
              + " for the GPU).");
    }
    return "cpu";
  }

  private void refit(StudyFile spec, StudyView view, Backend chosen, StudyLocation location) {
    var report = location.report();
    var parent = report == null ? null : report.toAbsolutePath().getParent();
    var directory = parent == null ? Path.of("model") : parent.resolve("model");
    var clock = new Afterwards("Training the best configuration", quiet || json ? null : console);
    try (clock) {
      Refit.run(spec, view, chosen, directory);
    } catch (InterruptedException e) {
      console.note("Refitting was interrupted: assay refit " + view.name());
      return;
    }
    if (!quiet && !json) {
      console.line("Model: " + directory + " (" + clock.took() + ")");
    }
  }

  private List<String> overrides() {
    var all = new ArrayList<>(settings);
    set(all, "budget.trials", trials);
    set(all, "budget.time", time);
    set(all, "confirm", confirm);
    set(all, "seed", seed);
    return all;
  }

  private static void set(List<String> all, String key, @Nullable String value) {
    if (value != null) {
      all.add(key + "=" + value);
    }
  }

  private void prepare(
      Storage opened, StudyBuilder<?> builder, String name, StudyLocation location) {
    boolean exists = opened.names().contains(name);
    if (resume && !exists) {
      throw new Problem(
          "There is no study to go on with.", name, "Leave out --resume to start it.");
    }
    if (adopt && exists) {
      builder.growth().ifPresent(growth -> grow(builder, growth, StudyLocation.archive(name)));
    }
    if (fresh) {
      location.putAside(opened, builder, name, console);
    }
  }

  private void grow(StudyBuilder<?> builder, Growth growth, String archive) {
    console.note("The study goes on, changed:");
    growth.differences().forEach(line -> console.note("  " + line));
    int all = growth.fitting() + growth.misfits().size();
    console.note(growth.fitting() + " of " + all + " earlier trials fit.");
    growth.reasons().stream().limit(REASONS).forEach(reason -> console.note("  not: " + reason));
    builder.grow(growth, archive);
    console.note("As it was it is kept as \"" + archive + "\".");
  }

  private Result<?> run(
      Study<dev.assay.space.Configuration> study,
      TrialRunner runner,
      StudyFile spec,
      Supplier<@Nullable StudyControl> control,
      ProgressDisplay progress) {
    if (!quiet) {
      progress.begin(study.trials(), runner::status);
    }
    var limit = spec.cut() ? spec.budget().time() : null;
    try (var _ = new Interruption(Thread.currentThread(), runner::kill, console);
        var _ = control.get();
        var cut = new TimeCut(Thread.currentThread(), limit)) {
      return cut.of(
          runner.run(
              study,
              spec.budget(),
              hosting.runsElsewhere(parallel) ? 0 : parallel == null ? spec.parallel() : parallel));
    } finally {
      progress.end();
    }
  }

  /// Writes the report; that it cannot be written ends nothing: the study is done.
  private void report(StudyView view, StudyLocation location) {
    var report = location.report();
    if (report == null) {
      return;
    }
    var clock = new Afterwards("Writing the report", quiet || json ? null : console);
    try (clock) {
      HtmlReport.write(view, report);
    } catch (Problem e) {
      console.problem(
          new Problem(
              "The study is done, but its report cannot be written.",
              e.value(),
              "Mend that, then write it: assay report " + view.name()),
          false);
      return;
    }
    if (!json && !quiet) {
      console.line("Report: " + report + " (" + clock.took() + ")");
    }
  }

  private int finish(
      Study<?> study,
      Result<?> result,
      boolean cut,
      StudyLocation location,
      List<Requirement> needed) {
    var view = StudyView.of(study);
    if (json) {
      console.json(ResultDocument.of(view));
    } else if (!quiet && !confirms) {
      Summary.lines(view).forEach(console::line);
      console.line(
          "Stopped because " + result.reason().words() + StopWords.underWay(result.reason(), cut));
    }
    if (result.reason() == StopReason.FAILED_ALIKE) {
      console.problem(StopWords.alike(view), false);
    }
    if (!joins) {
      report(view, location); // last: its surfaces take a second or two
    }
    if (result.reason() == StopReason.INTERRUPTED) {
      console.note("Go on with the same command.");
      return ExitCode.INTERRUPTED;
    }
    if (view.best().isEmpty()) {
      return ExitCode.NO_TRIAL_COMPLETED;
    }
    for (var requirement : needed) {
      if (!requirement.met(view)) {
        console.note("Not met: " + requirement + ".");
        return ExitCode.REQUIREMENT_NOT_MET;
      }
    }
    return ExitCode.DONE;
  }
}
