package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherExecutionRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// A mutation score: every barrier of the shipped PTX is left out, one at a time, and some test
/// should fail. Not part of the build; its command stands in CONTRIBUTING.md.
///
/// System properties: `assay.sweep`, modules separated by commas (all of them); the checks that
/// [StandIn] knows.
@Tag("standin")
class BarrierSweep {
  private static final Pattern BARRIER = Pattern.compile("\\s*(bar(\\.warp)?\\.sync)\\s.*");

  /// Tests of a module's kernels: what knows them best comes first.
  private static final Map<String, List<Class<?>>> TESTS =
      Map.ofEntries(
          Map.entry("acquisition", List.of(AgainstCpuTest.class, CudaGpEngineTest.class)),
          Map.entry("ascent", List.of(CudaGpEngineTest.class)),
          Map.entry("candidates", List.of(ScreeningTest.class)),
          Map.entry("cholesky", List.of(AgainstCpuTest.class, CudaGpEngineTest.class)),
          Map.entry("covariance", List.of(AgainstCpuTest.class, CudaGpEngineTest.class)),
          Map.entry("fit", List.of(FitAgainstCpuTest.class)),
          Map.entry("lbfgsb", List.of(CudaGpEngineTest.class)),
          Map.entry("likelihood", List.of(AgainstCpuTest.class, CudaGpEngineTest.class)),
          Map.entry("posterior", List.of(AgainstCpuTest.class, CudaGpEngineTest.class)),
          Map.entry("screen", List.of(PosteriorBoundTest.class, ScreeningTest.class)),
          Map.entry("select", List.of(SelectionTest.class)),
          Map.entry("solve", List.of(AgainstCpuTest.class, CudaGpEngineTest.class)),
          Map.entry("train", List.of(TrainAgainstCpuTest.class, CudaTrainEngineTest.class)));

  private static final String NOTICED = "noticed by ";
  private static final String UNNOTICED = "not noticed";

  private record Barrier(String module, String kernel, int line, String opcode) {}

  /// Barriers of a module's kernels; those of functions that kernels call there are none.
  private static List<Barrier> barriers(String module) {
    var all = new ArrayList<Barrier>();
    var lines = new String(KernelImages.ptx(module), StandardCharsets.US_ASCII).split("\n");
    var kernel = "";
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].contains(".entry ")) {
        kernel = lines[i].replaceFirst(".*\\.entry (\\w+).*", "$1");
      } else if (lines[i].startsWith(".func")) {
        kernel = "";
      }
      var found = BARRIER.matcher(lines[i]);
      if (found.matches()) {
        assertThat(kernel).as(module + " line " + (i + 1)).isNotEmpty();
        all.add(new Barrier(module, kernel, i + 1, found.group(1)));
      }
    }
    return all;
  }

  /// The first test that fails, and why.
  private static Optional<String> failure(List<Class<?>> tests) {
    for (var test : tests) {
      var token = CancellationToken.create();
      var failed = new ArrayList<String>();
      var listener =
          new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier id, TestExecutionResult result) {
              if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                failed.add(id.getDisplayName() + ": " + words(result));
                token.cancel();
              }
            }
          };
      LauncherExecutionRequest request =
          LauncherExecutionRequestBuilder.request(
                  LauncherDiscoveryRequestBuilder.request().selectors(selectClass(test)).build())
              .cancellationToken(token)
              .listeners(listener)
              .build();
      LauncherFactory.create().execute(request);
      if (!failed.isEmpty()) {
        return Optional.of(test.getSimpleName() + ", " + failed.getFirst());
      }
    }
    return Optional.empty();
  }

  /// Of a failure of the driver the driver's words, else that values differ.
  private static String words(TestExecutionResult result) {
    var message = result.getThrowable().map(Throwable::toString).orElse("").replace('\n', ' ');
    int at = Math.max(message.indexOf("race, "), message.indexOf("never written"));
    return at >= 0 ? message.substring(at, Math.min(at + 120, message.length())) : "other values";
  }

  /// A device is lost after its first fault: each barrier has a process of its own.
  private static Optional<String> inAnotherProcess(Barrier barrier) throws Exception {
    var classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dassay.standin.checks=" + System.getProperty("assay.standin.checks", ""),
                "-cp",
                classes,
                BarrierSweep.class.getName(),
                barrier.module(),
                barrier.kernel(),
                Integer.toString(barrier.line()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    var told = output.lines().filter(line -> line.startsWith(NOTICED)).findFirst();
    assertThat(told.isPresent() || output.contains(UNNOTICED)).as(output).isTrue();
    return told.map(line -> line.substring(NOTICED.length()));
  }

  /// Runs the tests of a module with one of its barriers left out.
  ///
  /// @param arguments module, kernel, PTX line
  public static void main(String[] arguments) {
    StandIn.device();
    StandIn.call("standin_leave_out", arguments[1], Integer.parseInt(arguments[2]));
    var failure = failure(java.util.Objects.requireNonNull(TESTS.get(arguments[0])));
    System.out.println(failure.map(words -> NOTICED + words).orElse(UNNOTICED));
    System.exit(0);
  }

  @Test
  void everyBarrierIsMissed() throws Exception {
    StandIn.device(); // compiles what all others use
    var modules = System.getProperty("assay.sweep", String.join(",", KernelImages.MODULES));
    int noticed = 0;
    int all = 0;
    for (var module : modules.split(",")) {
      for (var barrier : barriers(module)) {
        var failure = inAnotherProcess(barrier);
        all++;
        noticed += failure.isPresent() ? 1 : 0;
        System.out.printf(
            "%-12s %-26s line %5d %-13s %s%n",
            barrier.module(),
            barrier.kernel(),
            barrier.line(),
            barrier.opcode(),
            failure.orElse("NOT NOTICED"));
      }
    }
    System.out.printf("%d of %d barriers are noticed when they are left out.%n", noticed, all);
    assertThat(all).isPositive();
  }
}
