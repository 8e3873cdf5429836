package dev.assay.bench;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.serve.AskTellHandler;
import dev.assay.serve.AskTellService;
import dev.assay.serve.LocalServer;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.SqliteStorage;
import dev.assay.study.Budget;
import dev.assay.study.Study;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `assay bench serving`: clients that ask and tell over HTTP at once, random search over 10
/// parameters, every trial stored in SQLite. Clients and service share this process and its cores.
/// A sample is one request, from before it is sent until its answer is read.
@Command(name = "serving", description = "Ask and tell over HTTP by many clients at once.")
final class ServingCommand implements Callable<Integer> {
  @Option(names = "--clients", defaultValue = "32", description = "at once")
  private int clients = 32;

  @Option(names = "--pairs", defaultValue = "20000", description = "asks and tells, in all")
  private int pairs = 20_000;

  @Option(names = "--out", paramLabel = "DIR", description = "where results go")
  private Path out = Path.of("results");

  /// What one client saw.
  private record Seen(List<Integer> ids, double[] milliseconds) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
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
      measure(server.url(), Math.max(clients, pairs / 10));
      var all = measure(server.url(), pairs);
      var measurement = measurement(all);
      System.out.printf(
          Locale.ROOT,
          "%d clients, %d asks and tells: mean %.2f ms, p50 %.2f ms, p99 %.2f ms a request%n",
          clients,
          pairs,
          measurement.score(),
          measurement.p50(),
          measurement.p99());
      System.out.println("Wrote " + ResultsFile.write(out, "serving", List.of(measurement), false));
    }
    return 0;
  }

  private static LocalServer serve(Study<Configuration> study) {
    var service = new AskTellService(study, Budget.UNLIMITED);
    return LocalServer.start(
        InetAddress.getLoopbackAddress(), 0, null, Map.of("/", new AskTellHandler(service)));
  }

  private List<Seen> measure(String url, int count) throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(clients)) {
      var tasks = new ArrayList<Callable<Seen>>();
      for (int c = 0; c < clients; c++) {
        int own = count / clients + (c < count % clients ? 1 : 0);
        tasks.add(() -> client(url, own));
      }
      var all = new ArrayList<Seen>();
      for (var task : threads.invokeAll(tasks)) {
        all.add(task.get());
      }
      int ids = all.stream().mapToInt(seen -> seen.ids().size()).sum();
      var different = new HashSet<Integer>();
      all.forEach(seen -> different.addAll(seen.ids()));
      if (ids != count || different.size() != count) {
        throw new IllegalStateException(count + " asks, " + different.size() + " different ids");
      }
      return all;
    } catch (ExecutionException e) {
      throw new Problem("A client failed.", String.valueOf(e.getCause()), "See the log.", e);
    }
  }

  private static Seen client(String url, int count) throws IOException, InterruptedException {
    var ids = new ArrayList<Integer>();
    var milliseconds = new double[2 * count];
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        var asked = post(http, url, "{\"ask\": 1}");
        long between = System.nanoTime();
        int id = JsonMapper.shared().readTree(asked).at("/trials/0/id").intValue();
        ids.add(id);
        long before = System.nanoTime();
        post(http, url, "{\"tell\": {\"id\": " + id + ", \"values\": {\"loss\": 0.5}}}");
        milliseconds[2 * i] = (between - start) * 1e-6;
        milliseconds[2 * i + 1] = (System.nanoTime() - before) * 1e-6;
      }
    }
    return new Seen(ids, milliseconds);
  }

  private static String post(HttpClient http, String url, String body)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(body));
    var response = http.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  private Measurement measurement(List<Seen> all) {
    var sorted =
        all.stream().flatMapToDouble(seen -> Arrays.stream(seen.milliseconds())).sorted().toArray();
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("clients", String.valueOf(clients));
    parameters.put("pairs", String.valueOf(pairs));
    parameters.put("errors", "0");
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
