package dev.assay.kernel;

import dev.assay.problem.Problem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// Does jobs on one device: compiles, verifies, measures, verifies again.
final class Bench {
  /// What a reference gives depends on these alone.
  private record Key(Job.Verify verify, List<Argument> arguments, String directory) {}

  /// Arrays of a hundred sizes would fill the memory.
  private static final int MOST_REFERENCES = 4;

  /// The fact with the joules of a run, where they are wanted.
  static final String ENERGY = "energy_j";

  /// What is told of a reference.
  static final String REFERENCE = "reference";

  /// Cards count energy anew some ten times a second.
  private static final double ENERGY_SECONDS = 1;

  private final KernelDevice device;

  /// Seconds of the host.
  private final DoubleSupplier clock;

  private final BiConsumer<String, Object> teller;

  private final Map<Key, Verification> references =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Verification> eldest) {
          return size() > MOST_REFERENCES;
        }
      };

  Bench(KernelDevice device, DoubleSupplier clock) {
    this(device, clock, (_, _) -> {});
  }

  /// @param teller told of `reference`: true before a reference runs, which may crash or never end,
  ///   false after it
  Bench(KernelDevice device, DoubleSupplier clock, BiConsumer<String, Object> teller) {
    this.device = device;
    this.clock = clock;
    this.teller = teller;
  }

  /// @param compiled called once the kernel is compiled, before the device computes
  Answer run(Job job, Runnable compiled) {
    long start = System.nanoTime();
    KernelModule module;
    try {
      module = device.compile(job.source());
    } catch (KernelFailure failure) {
      return Answer.failed(failure, milliseconds(start), device.isLost());
    } catch (Problem problem) {
      return fault(problem, milliseconds(start));
    }
    double compile = milliseconds(start);
    compiled.run();
    try (module) {
      return measured(job, module, compile);
    } catch (KernelFailure failure) {
      return Answer.failed(failure, compile, device.isLost());
    } catch (Problem problem) {
      return fault(problem, compile);
    }
  }

  private static double milliseconds(long start) {
    return (System.nanoTime() - start) * 1e-6;
  }

  /// The answer that ends the study.
  private Answer fault(Problem problem, double compile) {
    return new Answer(
        Invalidity.RUNTIME,
        problem.what() + "\n" + problem.value(),
        compile,
        List.of(),
        Map.of(),
        device.isLost(),
        true,
        problem.mend());
  }

  private Answer measured(Job job, KernelModule module, double compile) throws KernelFailure {
    if (job.energy()) {
      var _ = joules();
    }
    if (!job.clocks().areFree()) {
      device.set(job.clocks());
    }
    var verification = verification(job);
    try (var workspace = new Workspace(device, job.arguments(), Path.of(job.directory()))) {
      module.bind(workspace.bound());
      once(job, module, workspace, verification, "");
      var measurement = job.measurement();
      var times =
          measurement.of(
              () -> {
                if (measurement.coldCache()) {
                  device.flushCaches();
                }
                return module.run(job.launch());
              },
              job.hopeless(),
              clock);
      var facts = new HashMap<>(device.state()); // right behind the last run
      facts.putAll(module.facts(job.launch()));
      if (job.energy()) {
        facts.put(ENERGY, energy(job, module));
      }
      // A race that the first run won may be lost after others.
      once(job, module, workspace, verification, " after it was measured");
      return new Answer(Invalidity.CORRECT, "", compile, times, facts, false, false, "");
    }
  }

  /// Joules of a run: of so many in a row that the counter is fine enough, with what the device
  /// takes anyway.
  private double energy(Job job, KernelModule module) throws KernelFailure {
    double start = clock.getAsDouble();
    double before = joules();
    int runs = 0;
    do {
      var _ = module.run(job.launch());
      runs++;
    } while (clock.getAsDouble() - start < ENERGY_SECONDS);
    return (joules() - before) / runs;
  }

  private double joules() {
    return device
        .joules()
        .orElseThrow(() ->
            new Problem(
                "The device does not say how much energy it uses.",
                String.valueOf(device.facts().get("device")),
                "Energy is told by NVIDIA cards of Volta and newer whose driver brings"
                    + " libnvidia-ml.so.1; elsewhere minimize: time_ms."));
  }

  private static void once(
      Job job,
      KernelModule module,
      Workspace workspace,
      @Nullable Verification verification,
      String when)
      throws KernelFailure {
    workspace.reset();
    module.run(job.launch());
    var trespass = workspace.trespass();
    if (trespass != null) {
      throw new KernelFailure(Invalidity.CORRECTNESS, trespass);
    }
    if (verification != null) {
      verification.check(workspace, when);
    }
  }

  private @Nullable Verification verification(Job job) throws KernelFailure {
    var verify = job.verify();
    if (verify == null) {
      return null;
    }
    var key = new Key(verify, job.arguments(), job.directory());
    var known = references.get(key);
    if (known == null) {
      teller.accept(REFERENCE, true);
      known = Verification.of(device, job.arguments(), Path.of(job.directory()), verify);
      teller.accept(REFERENCE, false);
      references.put(key, known);
    }
    return known;
  }

  /// Facts of the device.
  Map<String, Object> facts() {
    return new HashMap<>(device.facts());
  }
}
