package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.assay.device.cuda.ShippedBarriers.Barrier;
import dev.assay.run.TestResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherExecutionRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// A mutation score: every barrier of the shipped PTX is left out, one at a time, in the launches
/// of the tests, which should fail. `kernels/standin/sweep.h` says how. Not part of the build; its
/// command stands in CONTRIBUTING.md. It goes on where an earlier run of it ended, and runs no more
/// classes when every barrier is noticed.
///
/// System properties: `assay.sweep`, test classes separated by commas (all that know kernels);
/// `assay.sweep.news`, the file that it goes on from (`target/barriers.txt`);
/// `assay.sweep.results`, the directory that a results file is written to (none is).
@Tag("standin")
class BarrierSweep {
  /// Of the barriers, so many are to be noticed at least.
  private static final double GOAL = 0.97;

  /// What knows kernels best, and costs least, comes first.
  private static final List<Class<?>> TESTS =
      List.of(
          SelectionTest.class,
          AgainstCpuTest.class,
          FitAgainstCpuTest.class,
          FactorProductsTest.class,
          PosteriorBoundTest.class,
          ScreeningTest.class,
          TrainAgainstCpuTest.class,
          DeviceUseTest.class,
          CudaTrainEngineTest.class,
          CudaGpEngineTest.class);

  private final List<Barrier> all = ShippedBarriers.all();

  /// What fails though nothing is left out is no evidence.
  private static List<String> failures(Class<?> test) {
    var failed = new ArrayList<String>();
    var listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier id, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
              failed.add(
                  test.getSimpleName() + ", " + id.getDisplayName() + ": " + result.getThrowable());
            }
          }
        };
    LauncherExecutionRequest request =
        LauncherExecutionRequestBuilder.request(
                LauncherDiscoveryRequestBuilder.request().selectors(selectClass(test)).build())
            .listeners(listener)
            .build();
    LauncherFactory.create().execute(request);
    return failed;
  }

  private static List<Class<?>> tests() {
    var names = System.getProperty("assay.sweep", "");
    return TESTS.stream()
        .filter(test -> names.isEmpty() || List.of(names.split(",")).contains(test.getSimpleName()))
        .toList();
  }

  private long noticed(Map<String, String> told) {
    return all.stream().filter(barrier -> noticed(barrier, told)).count();
  }

  private static boolean noticed(Barrier barrier, Map<String, String> told) {
    return !told.getOrDefault(barrier.key(), "").isEmpty();
  }

  @Test
  void barriersAreMissed() throws IOException {
    StandIn.device();
    var file = Path.of(System.getProperty("assay.sweep.news", "target/barriers.txt"));
    Files.createDirectories(file.toAbsolutePath().getParent());
    var news = SweepNews.open(file.toAbsolutePath(), ShippedBarriers.kernels());
    StandIn.call("standin_sweep", file.toAbsolutePath().toString());
    var failures = new ArrayList<String>();
    for (var test : tests()) {
      if (news.isDone(test) || noticed(news.told()) == all.size()) {
        continue;
      }
      var failed = failures(test);
      failures.addAll(failed);
      if (failed.isEmpty()) {
        news.done(test);
      }
      var told = news.told();
      System.out.printf(
          "%s: %d barriers were reached, %d noticed.%n",
          test.getSimpleName(), told.size(), noticed(told));
    }
    StandIn.call("standin_sweep", "");
    var told = news.told();
    print(told);
    assertThat(told).isNotEmpty();
    assertThat(failures).isEmpty();
    if (System.getProperty("assay.sweep.results") instanceof String directory) {
      StandInResults.write(Path.of(directory), "barriers", measurements(told), COMMAND);
    }
    if (tests().size() == TESTS.size()) {
      assertThat((double) noticed(told) / all.size()).isGreaterThanOrEqualTo(GOAL);
    }
  }

  private static final String COMMAND =
      "./mvnw -pl src test-compile surefire:test@standin-test -Dtest=BarrierSweep"
          + " -Dassay.standin.checks=racecheck -Dassay.sweep.results=../results";

  private void print(Map<String, String> told) {
    for (var barrier : all) {
      System.out.printf(
          "%-12s %-26s line %5d %-13s %s%n",
          barrier.module(),
          barrier.kernel(),
          barrier.line(),
          barrier.opcode(),
          switch (told.get(barrier.key())) {
            case null -> "NOT REACHED";
            case "" -> "NOT NOTICED";
            case String words -> words;
          });
    }
    System.out.printf(
        "%d of %d barriers are noticed when they are left out.%n", noticed(told), all.size());
  }

  /// Those of all kernels together, then of each.
  private List<Map<String, @Nullable Object>> measurements(Map<String, String> told) {
    var groups = new LinkedHashMap<String, List<Barrier>>();
    groups.put("all", all);
    groups.putAll(
        all.stream()
            .collect(
                Collectors.groupingBy(Barrier::kernel, LinkedHashMap::new, Collectors.toList())));
    var measurements = new ArrayList<Map<String, @Nullable Object>>();
    groups.forEach((kernel, barriers) -> {
      var parameters = new LinkedHashMap<String, String>();
      parameters.put("kernel", kernel);
      parameters.put("barriers", Integer.toString(barriers.size()));
      var missed = barriers.stream().filter(barrier -> !noticed(barrier, told)).toList();
      if (!missed.isEmpty()) {
        parameters.put(
            "not noticed",
            missed.stream()
                .map(barrier -> missed(barrier, told))
                .collect(Collectors.joining(", ")));
      }
      measurements.add(
          TestResults.measurement(
              "standin.barriers", parameters, barriers.size() - missed.size(), "noticed"));
    });
    return measurements;
  }

  private static String missed(Barrier barrier, Map<String, String> told) {
    return "%s.ptx line %d (%s)"
        .formatted(
            barrier.module(),
            barrier.line(),
            told.containsKey(barrier.key())
                ? "reached by tests, and nothing tells when it is left out"
                : "no test reaches it");
  }
}
