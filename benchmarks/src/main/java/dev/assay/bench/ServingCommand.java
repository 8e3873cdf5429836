package dev.assay.bench;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.serve.AskTellHandler;
import dev.assay.serve.AskTellService;
import dev.assay.serve.LocalServer;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench serving`: clients that ask and tell over HTTP at once, random search over 10
/// parameters, every trial stored in SQLite. The clients are a process of their own on the same
/// machine, [ServingClients]. A sample is one request, from before it is sent until its answer is
/// read.
@Command(name = "serving", description = "Ask and tell over HTTP by many clients at once.")
final class ServingCommand implements Callable<Integer> {
  @Option(names = "--clients", description = "at once; ${DEFAULT-VALUE}")
  private int clients = 32;

  @Option(names = "--pairs", description = "asks and tells, in all; ${DEFAULT-VALUE}")
  private int pairs = 20_000;

  @Mixin private Destination destination = new Destination();

  /// What the clients saw.
  private record Seen(Set<Integer> ids, double[] milliseconds) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Limits.atLeast(1, "--clients", clients);
    Limits.atLeast(clients, "--pairs", pairs);
    var directory = Files.createTempDirectory("assay-serving");
    var space = SearchSpace.builder();
    for (int i = 0; i < 10; i++) {
      space.add("x" + i, new FloatRange(-5, 5));
    }
    try (var storage = new SqliteStorage(directory.resolve("study.db"));
        var study =
            Study.over(space.build())
                .minimize("loss")
                .sampler(Samplers.random())
                .storage(storage)
                .open();
        var server = serve(study)) {
      long before = cpuNanos();
      var seen = measure(server.port());
      var measurement = measurement(seen, cpuNanos() - before);
      System.out.printf(
          Locale.ROOT,
          "%d clients, %d asks and tells: mean %.2f ms, p50 %.2f ms, p99 %.2f ms a request, of"
              + " which the service's processor time %s us%n",
          clients,
          pairs,
          measurement.score(),
          measurement.p50(),
          measurement.p99(),
          measurement.parameters().get("service.cpu.us"));
      destination.write("serving", List.of(measurement));
    }
    return 0;
  }

  private static LocalServer serve(Study<Configuration> study) {
    var service = new AskTellService(study, Budget.UNLIMITED);
    return LocalServer.start(
        InetAddress.getLoopbackAddress(), 0, null, Map.of("/", new AskTellHandler(service)));
  }

  /// Starts the clients and reads what they saw.
  private Seen measure(int port) throws IOException, InterruptedException {
    var command =
        OwnJvm.command(
            List.of("-XX:TieredStopAtLevel=1"), ServingClients.class, port, clients, pairs);
    var process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    var ids = new HashSet<Integer>();
    var milliseconds = new ArrayList<Double>();
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var words = line.split(" ", 3);
        ids.add(Integer.valueOf(words[0]));
        milliseconds.add(Double.parseDouble(words[1]) * 1e-3);
        milliseconds.add(Double.parseDouble(words[2]) * 1e-3);
      }
    }
    if (process.waitFor() != 0 || ids.size() != pairs) {
      throw new Problem(
          "The clients failed.",
          pairs + " asks, " + ids.size() + " different ids",
          "See the messages above.");
    }
    return new Seen(ids, milliseconds.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /// @param cpuNanos what the service's process used, its warm-up included
  private Measurement measurement(Seen seen, long cpuNanos) {
    var sorted = Arrays.stream(seen.milliseconds()).sorted().toArray();
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("clients", String.valueOf(clients));
    parameters.put("pairs", String.valueOf(pairs));
    parameters.put("errors", "0");
    parameters.put(
        "service.cpu.us", String.format(Locale.ROOT, "%.0f", cpuNanos * 1e-3 / (2.2 * pairs)));
    parameters.put("max", String.format(Locale.ROOT, "%.1f", sorted[sorted.length - 1]));
    return new Measurement(
        "serving.request",
        parameters,
        Arrays.stream(sorted).average().orElse(0),
        null,
        "ms/op",
        sorted[sorted.length / 2],
        sorted[(int) Math.ceil(0.99 * sorted.length) - 1],
        null,
        null);
  }
}
