package dev.assay.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.assay.problem.Problem;
import dev.assay.remote.Crew;
import dev.assay.remote.CrewHandler;
import dev.assay.remote.RemoteStudy;
import dev.assay.remote.Uplink;
import dev.assay.sampler.Samplers;
import dev.assay.serve.LocalServer;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import dev.assay.study.Asked;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialState;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Simulated workers of a study that one process owns, over HTTP: the protocol of `assay work`,
/// trials of no length. Owner and workers share this process and its processors; each worker has
/// connections of its own.
final class HostedWorkers {
  private static final int SHARING = 50;
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /// What was measured.
  ///
  /// @param joinSeconds from the first worker's first word until the last one was taken in
  /// @param runSeconds from then until all trials had ended
  /// @param processorSeconds of this process in that time: owner and workers
  record Seen(double joinSeconds, double runSeconds, double processorSeconds) {}

  private HostedWorkers() {}

  static StudyBuilder<Configuration> study(Storage storage) {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    return Study.over(space)
        .minimize("loss")
        .sampler(Samplers.random())
        .named(ClusterCommand.STUDY)
        .storage(storage);
  }

  /// Lets workers join at once and run all trials.
  ///
  /// @throws Problem where a number is missing or was counted twice
  static Seen run(Storage storage, int workers, int trials)
      throws InterruptedException, ExecutionException {
    var budget = Budget.trials(trials);
    var uplinks = new ArrayList<Uplink>();
    try (var study = study(storage).open();
        var crew = new Crew(study, budget, 0, LEASE);
        var server =
            LocalServer.start(
                InetAddress.getLoopbackAddress(),
                0,
                null,
                Map.of(CrewHandler.PATH, new CrewHandler(crew)));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      var joining = new ArrayList<Future<Study<Configuration>>>();
      for (int i = 0; i < workers; i++) {
        if (i % SHARING == 0) {
          uplinks.add(Uplink.to(server.url(), null));
        }
        var own = uplinks.getLast().shared();
        joining.add(threads.submit(() -> join(own)));
      }
      var joined = new ArrayList<Study<Configuration>>();
      for (var future : joining) {
        joined.add(future.get());
      }
      double joinSeconds = (System.nanoTime() - start) * 1e-9;
      long processor = processorNanos();
      start = System.nanoTime();
      var running = new ArrayList<Future<Integer>>();
      joined.forEach(worker -> running.add(threads.submit(() -> work(worker))));
      int told = 0;
      for (var future : running) {
        told += future.get();
      }
      double runSeconds = (System.nanoTime() - start) * 1e-9;
      double processorSeconds = (processorNanos() - processor) * 1e-9;
      check(study, trials, told);
      joined.forEach(Study::close);
      return new Seen(joinSeconds, runSeconds, processorSeconds);
    } finally {
      uplinks.forEach(Uplink::close);
    }
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static Study<Configuration> join(Uplink uplink) {
    return RemoteStudy.at(uplink)
        .join(study(new InMemoryStorage()), Map.of(), 1, PATIENCE, () -> {});
  }

  /// @return how many trials it ended
  private static int work(Study<Configuration> worker) throws InterruptedException {
    int told = 0;
    while (true) {
      switch (worker.tryAsk(Budget.UNLIMITED)) {
        case Asked.Ready<Configuration>(var trial) -> {
          worker.tell(trial, Outcome.complete(0.5));
          told++;
        }
        case Asked.Wait<Configuration>() -> worker.awaitChange(Duration.ofSeconds(1));
        case Asked.Finished<Configuration> _ -> {
          return told;
        }
      }
    }
  }

  private static void check(Study<Configuration> study, int trials, int told) {
    long numbers = study.trials().stream().mapToInt(trial -> trial.number()).distinct().count();
    if (numbers != trials || study.count(TrialState.COMPLETE) != trials || told != trials) {
      throw new Problem(
          "A trial was lost, or counted twice.",
          numbers + " numbers, " + told + " told, of " + trials,
          "Say so: it is a bug.");
    }
  }
}
