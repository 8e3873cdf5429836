package dev.assay.compare;

import dev.assay.device.Backend;
import dev.assay.internal.engine.GpEngine;
import dev.assay.problem.Problem;
import dev.assay.run.BuildInfo;
import dev.assay.run.TrialRunner;
import dev.assay.run.command.TrialWatcher;
import dev.assay.run.table.TableRunner;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.spec.Assembly;
import dev.assay.spec.ObjectiveSpec;
import dev.assay.spec.StudyFile;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.StudyBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Runs every contender on every case with every seed, several at once, and judges.
public final class Comparison {
  /// Prepares a study beyond what its file alone says: the earlier studies that it starts from.
  public interface Preparation extends BiConsumer<StudyFile, StudyBuilder<Configuration>> {}

  private final List<Contender> contenders;
  private final Settings settings;
  private final RunLog log;
  private final Backend backend;
  private final GpEngine engine;
  private final Preparation preparation;
  private final Set<TrialRunner> running = ConcurrentHashMap.newKeySet();

  /// How a comparison is made.
  ///
  /// @param seeds runs of each contender on each case
  /// @param firstSeed seeds count up from it
  /// @param trials a run; null: as each case says
  /// @param parallel runs at once; null: one for each processor, one where trials use them all
  /// @param at `cost`: runs are judged where all have used the same time, simulated or on the wall;
  ///   or the name of a metric that says what a trial cost; null: at their ends
  /// @param directory where external trials keep their files
  public record Settings(
      int seeds,
      long firstSeed,
      @Nullable Integer trials,
      @Nullable Integer parallel,
      @Nullable String at,
      Path directory) {}

  /// @param log where runs are kept; found again there, they are not run anew
  public Comparison(
      List<Contender> contenders,
      Settings settings,
      RunLog log,
      Backend backend,
      GpEngine engine,
      Preparation preparation) {
    this.contenders = List.copyOf(contenders);
    this.settings = settings;
    this.log = log;
    this.backend = backend;
    this.engine = engine;
    this.preparation = preparation;
  }

  /// One run to do, or one that was found done.
  private record Task(Contender contender, long seed, @Nullable FinishedRun found) {}

  /// Told of every run, those found done too; from several threads.
  public interface Listener {
    /// @param fresh false: it was found done
    void ended(FinishedRun run, boolean fresh);
  }

  /// Runs what is not there yet.
  ///
  /// @throws Problem when a contender cannot search a case; before the first run of that case
  /// @throws InterruptedException when the thread is interrupted; what is finished is kept
  public ComparisonResult run(List<SearchCase> cases, Listener listener)
      throws InterruptedException {
    SearchCase.requireDistinct(cases);
    var results = new ArrayList<CaseResult>();
    for (var one : cases) {
      results.add(run(one, listener));
    }
    return ComparisonResult.of(contenders, settings, results);
  }

  private CaseResult run(SearchCase one, Listener listener) throws InterruptedException {
    var spec = one.source().get();
    if (spec.objectives().size() != 1) {
      throw new Problem(
          "Samplers are compared by one objective.",
          one.name() + " has " + spec.objectives().size(),
          "Keep one of them in minimize and maximize.");
    }
    var tasks = tasks(one, spec);
    var shared = shares(spec) ? runner(spec, "") : null;
    var runs = new ArrayList<FinishedRun>();
    var missing = new ArrayList<Task>();
    for (var task : tasks) {
      if (task.found() == null) {
        missing.add(task);
      } else {
        runs.add(task.found());
        listener.ended(task.found(), false);
      }
    }
    if (!missing.isEmpty()) {
      runs.addAll(runAll(one, spec, missing, shared, listener));
    }
    return CaseResult.of(
        one.name(),
        spec,
        contenders,
        runs,
        settings.firstSeed(),
        shared,
        spec.parallel(),
        settings.at());
  }

  private List<Task> tasks(SearchCase one, StudyFile spec) {
    var tasks = new ArrayList<Task>();
    for (long seed = settings.firstSeed(); seed < settings.firstSeed() + settings.seeds(); seed++) {
      for (var contender : contenders) {
        var print = fingerprint(spec, contender, seed);
        tasks.add(new Task(contender, seed, log.find(one.name(), contender.label(), seed, print)));
      }
    }
    for (var contender : contenders) { // whoever cannot search this space says so now
      study(spec, contender, settings.firstSeed(), Map.of()).open().close();
    }
    return tasks;
  }

  private List<FinishedRun> runAll(
      SearchCase one,
      StudyFile spec,
      List<Task> tasks,
      @Nullable TrialRunner shared,
      Listener listener)
      throws InterruptedException {
    var finished = new ArrayList<FinishedRun>();
    try (var workers = Executors.newFixedThreadPool(parallel(spec))) {
      var done = new ExecutorCompletionService<@Nullable FinishedRun>(workers);
      for (var task : tasks) {
        done.submit(() -> {
          var run = run(one, spec, task, shared);
          if (run != null) {
            log.add(run);
            listener.ended(run, true);
            CaseResult.EqualCost.requireSaid(CaseResult.EqualCost.metric(settings.at()), run);
          }
          return run;
        });
      }
      try {
        for (int i = 0; i < tasks.size(); i++) {
          var run = done.take().get();
          if (run == null) {
            throw new InterruptedException();
          }
          finished.add(run);
        }
      } catch (InterruptedException | ExecutionException e) {
        workers.shutdownNow();
        if (e instanceof InterruptedException interrupted) {
          throw interrupted;
        }
        throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
      }
    }
    return finished;
  }

  /// One for each processor where a trial costs next to nothing; others bring their own threads.
  private int parallel(StudyFile spec) {
    if (settings.parallel() != null) {
      return settings.parallel();
    }
    return shares(spec) ? Runtime.getRuntime().availableProcessors() : 1;
  }

  /// Whether one runner serves many studies at once.
  private static boolean shares(StudyFile spec) {
    return spec.objective() instanceof ObjectiveSpec.Function
        || spec.objective() instanceof ObjectiveSpec.Table;
  }

  private TrialRunner runner(StudyFile spec, String directory) {
    return spec.locate(() ->
        new Assembly(spec)
            .runner(backend, settings.directory().resolve(directory), TrialWatcher.NONE));
  }

  /// @return null when it was interrupted
  private @Nullable FinishedRun run(
      SearchCase one, StudyFile spec, Task task, @Nullable TrialRunner shared) {
    var label = task.contender().label();
    var place = "%s-%s-%d".formatted(one.name(), label, task.seed());
    var runner = shared != null ? shared : runner(spec, place.replaceAll("[^A-Za-z0-9._-]", "_"));
    var recorder = new RunRecorder(spec.objectives(), CaseResult.EqualCost.metric(settings.at()));
    running.add(runner);
    try (var study =
        study(spec, task.contender(), task.seed(), runner.describe()).listener(recorder).open()) {
      recorder.begin();
      var result = runner.run(study, SearchCase.budget(spec, settings.trials()), spec.parallel());
      return switch (result.reason()) {
        case INTERRUPTED -> null;
        case TRIALS,
            TIME,
            TARGET,
            NO_IMPROVEMENT,
            FAILURES,
            FAILED_ALIKE,
            STOPPING_RULE,
            SPACE_EXHAUSTED,
            NOTHING_FOUND,
            TRAINED ->
            recorder.finished(
                one.name(),
                label,
                task.seed(),
                fingerprint(spec, task.contender(), task.seed()),
                study.facts().get(TableRunner.FACT) instanceof Map<?, ?> clock
                        && clock.get("time") instanceof Number time
                    ? (Double) time.doubleValue()
                    : null,
                result.overhead().suggest());
      };
    } finally {
      running.remove(runner);
    }
  }

  /// Ends at once, from any thread, whatever programs trials started.
  public void kill() {
    running.forEach(TrialRunner::kill);
  }

  private StudyBuilder<Configuration> study(
      StudyFile spec, Contender contender, long seed, Map<String, @Nullable Object> objective) {
    var sampler =
        contender.sampler().create((name, options) -> Samplers.create(name, options, engine));
    var builder =
        new Assembly(spec)
            .study(new InMemoryStorage(), objective, engine)
            .sampler(sampler)
            .seed(seed);
    preparation.accept(spec, builder);
    return builder;
  }

  /// What was run: the study's definition, the objective as its file says it, the budget, and the
  /// build, since another one may propose otherwise.
  private String fingerprint(StudyFile spec, Contender contender, long seed) {
    var build = BuildInfo.current();
    var parts =
        new ArrayList<Object>(
            List.of(
                study(spec, contender, seed, Map.of()).definition().content(),
                spec.text(),
                String.join("\n", spec.overrides()),
                Objects.toString(SearchCase.budget(spec, settings.trials())),
                spec.parallel(),
                build.version(),
                build.commit(),
                build.dirty()));
    var metric = CaseResult.EqualCost.metric(settings.at());
    if (metric != null) {
      parts.add(metric); // what the run kept of each trial
    }
    return Fingerprint.of(parts);
  }
}
