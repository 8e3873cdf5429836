package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.assay.ptx.profile.Coverage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
/// command stands in CONTRIBUTING.md.
///
/// System properties: `assay.sweep`, test classes separated by commas (all that know kernels);
/// `assay.sweep.news`, what an earlier sweep of the same tests and kernels wrote, to go on with;
/// `assay.sweep.results`, the directory that results files are written to (none is), of the basic
/// blocks that were reached too: by this process and by those that wrote to
/// `ASSAY_STANDIN_COVERAGE`.
@Tag("standin")
class BarrierSweep {
  private static final Pattern BARRIER = Pattern.compile("\\s*(bar(\\.warp)?\\.sync)\\s.*");

  /// What knows kernels best, and costs least, comes first.
  private static final List<Class<?>> TESTS =
      List.of(
          SelectionTest.class,
          AgainstCpuTest.class,
          FitAgainstCpuTest.class,
          PosteriorBoundTest.class,
          ScreeningTest.class,
          TrainAgainstCpuTest.class,
          DeviceUseTest.class,
          CudaTrainEngineTest.class,
          CudaGpEngineTest.class);

  private record Barrier(String module, String kernel, int line, String opcode) {
    String key() {
      return kernel + "\t" + line;
    }
  }

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

  /// What the stand-in told of each barrier: the words of the fault, or nothing.
  private static Map<String, String> told(Path news) throws IOException {
    var told = new TreeMap<String, String>();
    for (var line : Files.readAllLines(news, StandardCharsets.ISO_8859_1)) {
      var words = line.split("\t", 4);
      var key = words[0] + "\t" + words[1];
      told.putIfAbsent(key, "");
      if (words[2].equals("noticed")) {
        told.put(key, words[3]);
      }
    }
    return told;
  }

  private static List<Class<?>> tests() {
    var names = System.getProperty("assay.sweep", "");
    return TESTS.stream()
        .filter(test -> names.isEmpty() || List.of(names.split(",")).contains(test.getSimpleName()))
        .toList();
  }

  @Test
  void barriersAreMissed() throws IOException {
    StandIn.device();
    var news = news();
    StandIn.call("standin_sweep", news.toString());
    var failures = new ArrayList<String>();
    for (var test : tests()) {
      failures.addAll(failures(test));
      var told = told(news);
      System.out.printf(
          "%s: %d barriers were reached, %d noticed.%n",
          test.getSimpleName(),
          told.size(),
          told.values().stream().filter(words -> !words.isEmpty()).count());
    }
    var told = told(news);
    var all = KernelImages.MODULES.stream().flatMap(m -> barriers(m).stream()).toList();
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
        "%d of %d barriers are noticed when they are left out.%n",
        all.stream().filter(barrier -> noticed(barrier, told)).count(), all.size());
    assertThat(told).isNotEmpty();
    assertThat(failures).isEmpty();
    if (System.getProperty("assay.sweep.results") instanceof String directory) {
      StandInResults.write(Path.of(directory), "barriers", measurements(all, told));
      StandInResults.write(Path.of(directory), "coverage", reached());
    }
  }

  private static Path news() throws IOException {
    if (System.getProperty("assay.sweep.news") instanceof String kept) {
      return Path.of(kept).toAbsolutePath();
    }
    var news = Files.createDirectories(Path.of("target")).resolve("barriers.txt").toAbsolutePath();
    Files.deleteIfExists(news);
    return Files.createFile(news);
  }

  /// Blocks of all functions together, then of each.
  private static List<Map<String, Object>> reached() throws IOException {
    var directory =
        System.getenv("ASSAY_STANDIN_COVERAGE") instanceof String kept
            ? Path.of(kept)
            : Files.createTempDirectory("coverage");
    StandIn.call("standin_tell_reached", directory.toString());
    var functions = Coverage.functions(Coverage.read(directory));
    var measurements = new ArrayList<Map<String, Object>>();
    measurements.add(
        blocks(
            new Coverage.Function(
                "all",
                functions.stream().mapToInt(Coverage.Function::blocks).sum(),
                functions.stream().mapToInt(Coverage.Function::reached).sum(),
                List.of())));
    functions.forEach(function -> measurements.add(blocks(function)));
    return measurements;
  }

  private static Map<String, Object> blocks(Coverage.Function of) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("function", of.name());
    parameters.put("blocks", Integer.toString(of.blocks()));
    if (!of.missing().isEmpty()) {
      parameters.put("not reached", "PTX lines " + String.join(" ", of.missing()));
    }
    return StandInResults.measurement("standin.blocks", parameters, of.reached(), "reached");
  }

  private static boolean noticed(Barrier barrier, Map<String, String> told) {
    return !told.getOrDefault(barrier.key(), "").isEmpty();
  }

  /// Those of all kernels together, then of each.
  private static List<Map<String, Object>> measurements(
      List<Barrier> all, Map<String, String> told) {
    var groups = new LinkedHashMap<String, List<Barrier>>();
    groups.put("all", all);
    groups.putAll(
        all.stream()
            .collect(
                Collectors.groupingBy(Barrier::kernel, LinkedHashMap::new, Collectors.toList())));
    var measurements = new ArrayList<Map<String, Object>>();
    groups.forEach((kernel, barriers) -> {
      var parameters = new LinkedHashMap<String, String>();
      parameters.put("kernel", kernel);
      parameters.put("barriers", Integer.toString(barriers.size()));
      var missed = barriers.stream().filter(barrier -> !noticed(barrier, told)).toList();
      if (!missed.isEmpty() && !kernel.equals("all")) {
        parameters.put(
            "not noticed",
            missed.stream()
                .map(barrier -> "line " + barrier.line())
                .collect(Collectors.joining(" ")));
      }
      measurements.add(
          StandInResults.measurement(
              "standin.barriers", parameters, barriers.size() - missed.size(), "noticed"));
    });
    return measurements;
  }
}
