package dev.assay.bench.profile;

import com.sun.management.ThreadMXBean;
import dev.assay.bench.training.LaneShare;
import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/// The process that is profiled: one work on its main thread, recorded by the JVM's own recorder.
public final class Profiled {
  private static final int DIMENSION = 10;
  private static final double WARM_SECONDS = 15;
  private static final double SECONDS = 10;

  private Profiled() {}

  /// @param words the work and the file of the recording; prints milliseconds of processor time,
  ///   bytes and operations
  public static void main(String[] words) throws Exception {
    var file = Path.of(words[1]);
    switch (ProfileCommand.Work.valueOf(words[0])) {
      case FIRST -> first("single", file);
      case AVERAGE -> first("average", file);
      case SUGGESTION -> warm(file, Profiled::suggestions);
      case TRAINING -> {
        var lanes = new LaneShare();
        warm(file, lanes::train);
      }
    }
  }

  /// The first suggestion of this process, behind 1,000 trials.
  private static void first(String model, Path file) throws Exception {
    var sampler = Samplers.create("gp", Map.of("model", model));
    study(
        sampler,
        1000,
        1,
        suggestion ->
            record(
                file,
                () -> {
                  suggestion.call();
                  return 1;
                }));
  }

  private static void warm(Path file, Callable<Integer> work) throws Exception {
    repeat(WARM_SECONDS, work);
    record(file, () -> repeat(SECONDS, work));
  }

  private static int repeat(double seconds, Callable<Integer> work) throws Exception {
    long end = System.nanoTime() + (long) (1e9 * seconds);
    int operations = 0;
    while (System.nanoTime() < end) {
      operations += work.call();
    }
    return operations;
  }

  /// Twenty suggestions behind 100 trials, the first fits included.
  private static int suggestions() throws Exception {
    study(Samplers.create("gp", Map.of("model", "single")), 100, 20, Callable::call);
    return 20;
  }

  private static void record(Path file, Callable<Integer> work) throws Exception {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (var recording = new Recording()) {
      recording.enable("jdk.CPUTimeSample").with("throttle", "1 ms");
      recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
      recording.start();
      long bytes = threads.getCurrentThreadAllocatedBytes();
      long start = threads.getCurrentThreadCpuTime();
      int operations = work.call();
      long nanos = threads.getCurrentThreadCpuTime() - start;
      bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
      recording.stop();
      recording.dump(file);
      System.out.println(nanos * 1e-6 + " " + bytes + " " + operations);
    } catch (IOException e) {
      throw new Problem("The recording was not written.", file + ": " + e, "Check TMPDIR.", e);
    }
  }

  /// What is done with a suggestion that is asked for by a call.
  private interface Around {
    void suggest(Callable<@Nullable Object> suggestion) throws Exception;
  }

  /// A study of a bent valley: trials at random, then suggestions.
  private static void study(Sampler sampler, int trials, int suggestions, Around around)
      throws Exception {
    var space = SearchSpace.builder();
    for (int i = 0; i < DIMENSION; i++) {
      space.add("x" + i, new FloatRange(-2, 2));
    }
    var later = new Later(sampler, trials);
    try (var study = Study.over(space.build()).minimize("loss").sampler(later).seed(1).open()) {
      for (int i = 0; i < trials + suggestions; i++) {
        Callable<@Nullable Object> next =
            () -> {
              var trial = study.ask();
              double loss = 0;
              for (int j = 0; j < DIMENSION; j++) {
                double before = j == 0 ? 0 : trial.configuration().code(j - 1);
                double off = trial.configuration().code(j) - 0.3 - before * before / 4;
                loss += off * off;
              }
              study.tell(trial, Outcome.complete(loss));
              return null;
            };
        if (i < trials) {
          next.call();
        } else {
          around.suggest(next);
        }
      }
    }
  }

  /// Draws at random until there are so many trials.
  private record Later(Sampler sampler, int trials) implements Sampler {
    @Override
    public String name() {
      return "later";
    }

    @Override
    public Map<String, @Nullable Object> settings() {
      return Map.of();
    }

    @Override
    public Proposer open(SearchTask task) {
      var random = Samplers.random().open(task);
      var opened = new Proposer[1];
      return (trial, history) -> {
        if (trial < trials) {
          return random.propose(trial, history);
        }
        if (opened[0] == null) {
          opened[0] = sampler.open(task);
        }
        return opened[0].propose(trial, history);
      };
    }
  }
}
