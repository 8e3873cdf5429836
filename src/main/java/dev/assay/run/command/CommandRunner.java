package dev.assay.run.command;

import dev.assay.internal.problem.Require;
import dev.assay.internal.words.Log;
import dev.assay.internal.words.PlainJson;
import dev.assay.problem.Problem;
import dev.assay.run.TrialRunner;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.run.gpu.GpuLeases;
import dev.assay.run.gpu.GpuNames;
import dev.assay.run.gpu.GpuResources;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Runs each trial as a program of the user's.
public final class CommandRunner implements TrialRunner {
  private static final Logger LOG = Log.of(CommandRunner.class);

  /// The fact about the GPUs that trials leased: a list, see [GpuLeases#usage].
  public static final String GPUS = "gpus";

  /// The attribute with what a program reported and was not understood: a list of texts.
  public static final String UNREAD = "unread";

  private final CommandSettings settings;
  private final ProgramEnvironment environment;
  private final List<Objective> objectives;
  private final Path startedIn;
  private final TrialDirectories directories;
  private final DirectorySweep sweep;
  private final GpuResources resources;
  private final TrialWatcher watcher;
  private final Set<ProgramRun> running = ConcurrentHashMap.newKeySet();

  /// Trials that may run at once.
  private volatile Semaphore slots = new Semaphore(1);

  private final EqualRuns equalRuns = new EqualRuns();

  private volatile boolean atOnce;
  private volatile @Nullable TrialLeases leases;

  /// Which trials keep their directories.
  ///
  /// @param best how many of the best; [Integer#MAX_VALUE] for all trials whatever their value
  public record Keep(int best) {
    public static final Keep ALL = new Keep(Integer.MAX_VALUE);

    public Keep {
      Require.atLeast("keep", "best", best, 1);
    }
  }

  /// @param base the study file's directory
  /// @param root where trials get their directories
  public CommandRunner(
      CommandSettings settings,
      List<Objective> objectives,
      Path base,
      Path root,
      Keep keep,
      GpuResources resources,
      TrialWatcher watcher) {
    this.settings = settings;
    environment = new ProgramEnvironment(settings.environment(), System.getenv());
    this.objectives = List.copyOf(objectives);
    startedIn =
        (settings.directory() == null ? base : base.resolve(settings.directory()))
            .toAbsolutePath()
            .normalize();
    directories = new TrialDirectories(root);
    sweep = new DirectorySweep(directories, this.objectives, keep);
    this.resources = resources;
    this.watcher = watcher;
  }

  /// The file with all that a trial's program printed, where it was kept.
  ///
  /// @param root where trials have their directories
  public static Path log(Path root, int trial) {
    return TrialDirectories.log(root, trial);
  }

  /// Refuses what cannot work, before the first trial.
  ///
  /// @throws Problem for an unknown placeholder, no such directory, no such program
  public void check(SearchSpace space) {
    check(space, List.of(), true);
  }

  /// The same.
  ///
  /// @param bounded metrics beside the objectives, whose values it may be said where to find
  /// @param here whether trials run on this machine; else its GPUs are no matter
  public void check(SearchSpace space, List<String> bounded, boolean here) {
    new CommandCheck(settings, environment, objectives, bounded, startedIn, resources)
        .of(space, here);
  }

  /// The parameters that neither the command nor its environment names, which the program can know
  /// from `ASSAY_PARAMS` alone.
  public List<String> unnamed(SearchSpace space) {
    var words = new ArrayList<>(settings.words());
    settings
        .environment()
        .values()
        .forEach(value -> {
          if (value instanceof EnvironmentValue.Written(var template)) {
            words.add(template);
          }
        });
    return CommandTemplate.unnamed(words, space);
  }

  @Override
  public Map<String, @Nullable Object> describe() {
    return settings.describe();
  }

  @Override
  public Result<Configuration> run(Study<Configuration> study, Budget budget, int parallel) {
    var survivors = directories.endSurvivors();
    if (!survivors.isEmpty()) {
      LOG.warn("Programs of trials {} had survived an earlier run; they are ended.", survivors);
    }
    if (!settings.gpus().any()) {
      return search(study, budget, parallel);
    }
    try (var table = resources.open()) {
      leases = new TrialLeases(table, settings.gpus(), study, objectives);
      var result = search(study, budget, parallel);
      study.putFact(GPUS, table.usage());
      return result;
    } finally {
      leases = null;
    }
  }

  private Result<Configuration> search(Study<Configuration> study, Budget budget, int parallel) {
    try {
      slots = new Semaphore(parallel, true);
      var workers = Workers.of(parallel).onVirtualThreads();
      if (settings.gpus().any()) {
        // A GPU that becomes free is to wait for nothing: one trial more stands ready to run, and
        // one more is proposed.
        workers = Workers.of(parallel + 1).onVirtualThreads().proposingAhead();
      }
      return study.run((_, trial) -> evaluate(study, trial), budget, workers);
    } finally {
      sweep.run(study, study.trials().stream().anyMatch(trial -> Segment.of(trial) != null));
    }
  }

  @Override
  public String status() {
    var table = leases;
    return table == null ? "" : table.status();
  }

  @Override
  public void kill() {
    atOnce = true;
    running.forEach(ProgramRun::endAtOnce);
    directories.killOwn();
  }

  private Outcome evaluate(Study<Configuration> study, Trial<Configuration> trial)
      throws InterruptedException {
    sweep.run(study, trial.segment() != null);
    var own = directories.make(trial.number());
    trial.attribute("directory", own.toString());
    var values = new TrialValues(settings, objectives, trial);
    if (trial.restarts() > 0) { // the process that ran it before may be gone only now
      directories.endSurvivors();
    }
    var demand = settings.gpus().in(trial.parameters());
    slots.acquire();
    try {
      trial.restartClock(); // waiting for others is not the trial's time
      return evaluate(study, trial, values, demand);
    } finally {
      slots.release();
    }
  }

  private Outcome evaluate(
      Study<Configuration> study, Trial<Configuration> trial, TrialValues values, GpuDemand demand)
      throws InterruptedException {
    var repeats = settings.repeats();
    if (!repeats.any()) {
      return evaluate(study, trial, values, demand, new Run(0, trial.seed()));
    }
    var runs = new RepeatedRuns(repeats, objectives, trial);
    var outcome =
        runs.outcome(
            (number, seed) -> evaluate(study, trial, values, demand, new Run(number, seed)),
            values);
    if (outcome instanceof Outcome.Complete) {
      var equal = equalRuns.note(trial.number(), runs.areEqual());
      if (!equal.isEmpty()) {
        LOG.warn(
            "All runs of trials {} gave the same values, whatever their seeds. A program that takes"
                + " no seed from its command line or ASSAY_SEED gains nothing by repeats.",
            equal);
      }
    }
    return outcome;
  }

  /// One of a trial's runs.
  ///
  /// @param number from 1; 0 where there are no others
  private record Run(int number, long seed) {}

  private Outcome evaluate(
      Study<Configuration> study,
      Trial<Configuration> trial,
      TrialValues values,
      GpuDemand demand,
      Run part)
      throws InterruptedException {
    var table = leases;
    boolean alone = false;
    for (int retry = 0; ; retry++) {
      Outcome outcome;
      Cause failure;
      try (var lease = table == null ? null : table.lease(trial, demand, alone)) {
        if (lease != null && part.number() <= 1 && retry == 0) {
          trial.restartClock(); // nor is waiting for a GPU
        }
        outcome = once(study, trial, values, lease, part);
        failure = outcome instanceof Outcome.Failed failed ? failed.cause() : null;
        if (table != null && lease != null) {
          table.note(trial, values, lease, failure);
        }
        if (!alone && lease != null && lease.neighbours() && failure == Cause.OUT_OF_MEMORY) {
          alone = true;
          trial.attribute("retried_alone", true);
          continue; // once more, with the GPU to itself
        }
      }
      if (failure == null || !settings.retries().allow(retry, failure, values.exitCode())) {
        return outcome;
      }
      trial.attribute("retries", retry + 1);
      Thread.sleep(settings.retries().pause(retry + 1));
    }
  }

  private Outcome once(
      Study<Configuration> study,
      Trial<Configuration> trial,
      TrialValues values,
      GpuLeases.@Nullable Lease lease,
      Run part)
      throws InterruptedException {
    values.begin();
    var own = directories.make(trial.number(), part.number());
    var segment = segment(trial);
    var obstacle = segment == null ? null : directories.prepareCheckpoint(trial.number(), segment);
    if (obstacle != null) {
      return Outcome.failed(Cause.ERROR, obstacle);
    }
    var facts = facts(trial, part.seed(), own);
    var command = CommandTemplate.fill(settings.words(), trial.parameters(), facts);
    var filled = environment.fill(trial.parameters(), facts);
    var hidden = environment.hidden(filled);
    var variables = variables(study, trial, own, facts, filled);
    if (part.number() > 0) {
      variables.put("ASSAY_REPEAT", Integer.toString(part.number()));
    }
    if (leases != null) { // a trial without a lease stays off the GPUs
      if (lease != null) {
        variables.put(GpuNames.ORDER, lease.order());
      }
      variables.put(GpuNames.VARIABLE, lease == null ? "" : lease.visible());
    }
    if (lease != null) {
      trial.attribute("gpus", lease.ids());
    }
    var run = new ProgramRun(directories, trial.number(), settings, values, watcher, hidden);
    running.add(run);
    try {
      if (atOnce) {
        throw new InterruptedException();
      }
      long start = System.currentTimeMillis();
      var ended =
          run.run(
              command,
              variables,
              startedIn,
              pid -> {
                if (lease != null) {
                  lease.use().runs(pid);
                }
              });
      values.end(own, startedIn, facts, start, ended);
      attach(trial, values, ended, hidden);
      run.found(values.found(ended.output()));
      var outcome = hidden.in(Verdict.of(ended, values, settings));
      var fault =
          segment != null && outcome instanceof Outcome.Complete
              ? directories.checkpointFault(trial.number())
              : null;
      return fault == null ? outcome : Outcome.failed(Cause.ERROR, fault);
    } finally {
      running.remove(run);
    }
  }

  /// What a trial is a part of. A training whose checkpoint is gone begins anew, where nothing but
  /// steps are lost with it.
  private @Nullable Segment segment(Trial<Configuration> trial) {
    var segment = trial.segment();
    if (segment == null || !directories.beginsAnew(segment)) {
      return segment;
    }
    LOG.info(
        "The checkpoint of trial {} is gone; trial {} begins its training anew.",
        segment.parent(),
        trial.number());
    return new Segment(null, 0, segment.to(), segment.whole());
  }

  private static Map<String, String> facts(Trial<Configuration> trial, long seed, Path own) {
    return Map.of(
        "trial", Integer.toString(trial.number()),
        "seed", Long.toString(seed),
        "dir", own.toString(),
        "params", PlainJson.write(trial.parameters().values()));
  }

  private Map<String, String> variables(
      Study<Configuration> study,
      Trial<Configuration> trial,
      Path own,
      Map<String, String> facts,
      Map<String, String> added) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("PYTHONUNBUFFERED", "1");
    variables.putAll(added);
    variables.put(TrialDirectories.VARIABLE, own.toString());
    var segment = segment(trial);
    if (segment != null) {
      variables.put("ASSAY_CHECKPOINT_DIR", own.resolve(TrialDirectories.CHECKPOINT).toString());
      variables.put("ASSAY_START_STEP", Long.toString(segment.from()));
      variables.put("ASSAY_STOP_STEP", Long.toString(segment.to()));
    }
    variables.put("ASSAY_STUDY", study.name());
    variables.put("ASSAY_TRIAL", Integer.toString(trial.number()));
    variables.put("ASSAY_PARAMS", facts.getOrDefault("params", "{}"));
    variables.put("ASSAY_SEED", facts.getOrDefault("seed", ""));
    variables.put(
        "ASSAY_REPORT",
        directories.of(trial.number()).resolve(TrialDirectories.REPORT_FILE).toString());
    return variables;
  }

  private static void attach(
      Trial<Configuration> trial, TrialValues values, ProgramRun.Ended ended, HiddenValues hidden) {
    var status = ended.status();
    if (status != null && status.signal() != 0) {
      trial.attribute("signal", status.signal());
    } else if (status != null) {
      trial.attribute("exit_code", status.code());
    }
    if (!values.others().isEmpty()) {
      trial.attribute("metrics", values.others());
    }
    if (!values.complaints().isEmpty()) {
      trial.attribute(UNREAD, hidden.in(values.complaints()));
    }
    if (ended.survived()) {
      trial.attribute("survived", true);
    }
  }
}
