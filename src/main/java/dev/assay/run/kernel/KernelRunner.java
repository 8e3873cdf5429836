package dev.assay.run.kernel;

import dev.assay.files.Contents;
import dev.assay.kernel.Answer;
import dev.assay.kernel.Invalidity;
import dev.assay.kernel.Job;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.Measurement;
import dev.assay.problem.Problem;
import dev.assay.run.TrialRunner;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAccumulator;
import org.jspecify.annotations.Nullable;

/// Runs each trial as a kernel.
///
/// A wrong answer is never a result, nor is the time of a kernel that wrote beside its buffers.
/// Kernels are compiled side by side, but measured one at a time.
public final class KernelRunner implements TrialRunner {
  /// The fact about the device: what its back end tells of it.
  public static final String DEVICE = "kernel_device";

  /// The fact about several devices: what each is, by the value of the context that names it.
  public static final String DEVICES = "kernel_devices";

  /// The attribute with the name of the device that a trial ran on.
  static final String TRIAL_DEVICE = "device";

  /// The fact about parameters that are given and not chosen: their names.
  public static final String CONTEXT = "kernel_context";

  /// The attribute with what became of the kernel: an [Invalidity]'s word, or `crash`.
  public static final String INVALIDITY = "invalidity";

  private static final String CRASH = "crash";

  /// Kernels that take so many times the fastest one's time are measured less well.
  private static final double HOPELESS = 3;

  private final KernelSettings settings;
  private final KernelPlan plan;
  private final List<Objective> objectives;
  private final DevicePool pool;
  private final AtomicReference<@Nullable Problem> fault = new AtomicReference<>();

  /// Milliseconds of the fastest kernel of this run, by what is given.
  private final Map<List<Object>, DoubleAccumulator> fastest = new ConcurrentHashMap<>();

  private volatile boolean atOnce;

  /// @param base the study file's directory
  /// @throws Problem for what cannot work with any configuration
  public KernelRunner(
      KernelSettings settings, List<Objective> objectives, Path base, SearchSpace space) {
    this.settings = settings;
    this.objectives = List.copyOf(objectives);
    pool =
        new DevicePool(
            settings.backend(), base.toAbsolutePath().normalize(), settings.clocks().keySet());
    plan = new KernelPlan(settings, base, space);
    plan.checkObjectives(objectives);
  }

  @Override
  public Map<String, @Nullable Object> describe() {
    var description = new LinkedHashMap<String, @Nullable Object>();
    description.put("kernel", settings.file());
    description.put("function", settings.function());
    description.put("backend", settings.backend());
    description.put("source", Contents.sha256(plan.text().getBytes(StandardCharsets.UTF_8)));
    description.put("constants", settings.constants());
    description.put("block", settings.block());
    description.put("grid", settings.grid());
    if (!settings.clocks().isEmpty()) {
      description.put("clocks", settings.clocks());
    }
    description.put(
        "arguments", settings.arguments().stream().map(argument -> argument.toString()).toList());
    return description;
  }

  @Override
  public Result<Configuration> run(Study<Configuration> study, Budget budget, int parallel) {
    try {
      var devices = pool.open(plan.devices()); // before the first trial: there may be none
      requireSameDevices(study);
      study.putFact(DEVICE, devices.values().iterator().next());
      if (devices.size() > 1) {
        study.putFact(DEVICES, devices);
      }
      if (!settings.context().isEmpty()) {
        study.putFact(CONTEXT, settings.context());
      }
      var result =
          study.run(
              (configuration, trial) -> evaluate(configuration, trial),
              budget,
              Workers.of(parallel).onVirtualThreads());
      var wrong = fault.get();
      if (wrong != null) {
        throw wrong;
      }
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem("The study was interrupted.", study.name(), "Start it again.", e);
    } finally {
      pool.close();
    }
  }

  /// Times of two devices do not compare.
  private void requireSameDevices(Study<Configuration> study) {
    for (var trial : study.trials()) {
      var device = pool.name(plan.device(trial.configuration()));
      if (trial.attributes().get(TRIAL_DEVICE) instanceof String other && !other.equals(device)) {
        throw new Problem(
            "The study's kernels were measured on another device, and times of two do not compare.",
            other + " (trial " + trial.number() + "), now " + device,
            "Name the device that it was, device: NAME; or give the study another name; or search"
                + " for each device by itself, context: [device].");
      }
    }
  }

  @Override
  public void kill() {
    atOnce = true;
    pool.kill();
  }

  private Outcome evaluate(Configuration configuration, Trial<Configuration> trial)
      throws InterruptedException {
    if (atOnce || fault.get() != null) {
      throw new InterruptedException();
    }
    try {
      return evaluate(
          plan.job(configuration, objectives, HOPELESS * fastest(configuration).get()),
          configuration,
          trial);
    } catch (KernelFailure failure) {
      trial.attribute(INVALIDITY, failure.invalidity().word());
      return Outcome.failed(Cause.ERROR, failure.invalidity().word() + ": " + failure.detail());
    }
  }

  private DoubleAccumulator fastest(Configuration configuration) {
    return fastest.computeIfAbsent(
        plan.context(configuration),
        _ -> new DoubleAccumulator(Math::min, Double.MAX_VALUE / HOPELESS));
  }

  private Outcome evaluate(Job job, Configuration configuration, Trial<Configuration> trial)
      throws InterruptedException {
    var named = plan.device(configuration);
    var worker = pool.take(named);
    trial.attribute(TRIAL_DEVICE, pool.name(named));
    var turn = new AtomicReference<@Nullable Semaphore>();
    boolean whole = false;
    try {
      var answer =
          worker.run(
              job,
              settings.timeout(),
              () -> {
                pool.turn(named).acquire();
                turn.set(pool.turn(named));
                trial.restartClock(); // waiting for others is not the trial's time
              });
      whole = !answer.lost();
      return outcome(answer, configuration, trial);
    } catch (WorkerProcess.Silent silent) {
      if (silent.inReference) {
        fault.compareAndSet(
            null,
            new Problem(
                "The reference is wrong itself, so nothing can be verified by it.",
                silent.detail(),
                "Correct the reference, its block and its grid, or give it longer: timeout."));
        throw new InterruptedException();
      }
      var word = silent.late ? Invalidity.TIMEOUT.word() : CRASH;
      trial.attribute(INVALIDITY, word);
      return Outcome.failed(
          silent.late ? Cause.TIMEOUT : Cause.KILLED, word + ": " + silent.detail());
    } finally {
      if (turn.get() instanceof Semaphore taken) {
        taken.release();
      }
      if (whole) {
        pool.give(named, worker);
      } else {
        pool.drop(named, worker);
      }
    }
  }

  private Outcome outcome(Answer answer, Configuration configuration, Trial<Configuration> trial)
      throws InterruptedException {
    if (answer.fault()) {
      var lines = answer.detail().split("\n", 2);
      fault.compareAndSet(
          null, new Problem(lines[0], lines.length > 1 ? lines[1] : "", answer.mend()));
      throw new InterruptedException();
    }
    trial.attribute(INVALIDITY, answer.invalidity().word());
    trial.attribute("compile_ms", answer.compileMilliseconds());
    if (!answer.facts().isEmpty()) {
      trial.attribute("kernel", answer.facts());
    }
    if (answer.invalidity() != Invalidity.CORRECT) {
      return Outcome.failed(Cause.ERROR, answer.invalidity().word() + ": " + answer.detail());
    }
    var times = answer.milliseconds();
    trial.attribute("runs_ms", times);
    fastest(configuration).accumulate(Measurement.median(times));
    trial.attribute("outliers", Measurement.outliers(times));
    return Outcome.complete(
        plan.values(
            configuration,
            objectives,
            Measurement.median(times),
            answer.compileMilliseconds(),
            answer.facts().get(KernelPlan.ENERGY) instanceof Number joules
                ? joules.doubleValue()
                : Double.NaN));
  }
}
