package dev.assay.bench.commands;

import dev.assay.bench.Measurement;
import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// A dashboard on a large study, and what its pages ask of it: the first answer, then the same
/// again; and after each of some changes of the study what changed.
///
/// @param study its name
record DashboardRun(Launched launched, String study) {
  List<Measurement> measure(String name, Map<String, String> parameters, int runs)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(launched.launcher().toString(), "dashboard", "--port", "0");
    builder.environment().putAll(launched.environment());
    var server = builder.redirectError(launched.directory().resolve("errors").toFile()).start();
    try (var lines = server.inputReader(StandardCharsets.UTF_8);
        var client = HttpClient.newHttpClient()) {
      var said = lines.readLine();
      if (said == null || !said.contains("http")) {
        throw new Problem(
            "The dashboard did not start.", String.valueOf(said), "Start it by hand.");
      }
      var address = said.substring(said.indexOf("http")).strip();
      var query = "?name=" + URLEncoder.encode(study, StandardCharsets.UTF_8);
      var all = new ArrayList<Measurement>();
      all.addAll(fetch(client, address + "api/studies", name + ".studies", parameters, runs));
      all.addAll(fetch(client, address + "study" + query, name + ".page", parameters, runs));
      var data = address + "api/study" + query;
      all.addAll(fetch(client, data, name + ".data", parameters, runs));
      all.add(increments(client, data, name + ".increment", parameters, runs));
      all.add(said(name + ".peak", parameters, Rusage.peakBytes(server.pid()) * 0x1p-20));
      all.add(said(name + ".cpu", parameters, cpuMillis(server)));
      return all;
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  /// What a page asks when it is told that something changed, with the answer's bytes.
  private Measurement increments(
      HttpClient client, String address, String name, Map<String, String> parameters, int runs)
      throws IOException, InterruptedException {
    var file = launched.studies().resolve(study).resolve("study.db");
    var tag = tag(answer(client, address));
    var millis = new double[runs];
    int bytes = 0;
    try (var storage = new SqliteStorage(file)) {
      for (int i = -1; i < runs; i++) {
        storage.putFact(study, "change", i);
        long start = System.nanoTime();
        var answer = answer(client, address + "&since=" + tag);
        if (i >= 0) {
          millis[i] = (System.nanoTime() - start) * 1e-6;
        }
        tag = tag(answer);
        bytes = answer.length;
      }
    }
    var all = new LinkedHashMap<>(parameters);
    all.put("bytes", Long.toString(bytes));
    return Launched.said(Measurement.ofRepeats(name, all, "ms/op", millis, null));
  }

  private static String tag(byte[] document) {
    return JsonMapper.shared().readTree(document).get("tag").asString();
  }

  private static byte[] answer(HttpClient client, String address)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofMinutes(10));
    var answer = client.send(request.build(), BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new Problem("The dashboard refused.", address, "Ask it by hand.");
    }
    return answer.body();
  }

  private static List<Measurement> fetch(
      HttpClient client, String address, String name, Map<String, String> parameters, int runs)
      throws IOException, InterruptedException {
    var first = new double[1];
    var again = new double[runs];
    long bytes = 0;
    for (int i = -1; i < runs; i++) {
      long start = System.nanoTime();
      var answer = answer(client, address);
      double millis = (System.nanoTime() - start) * 1e-6;
      bytes = answer.length;
      if (i < 0) {
        first[0] = millis;
      } else {
        again[i] = millis;
      }
    }
    var all = new LinkedHashMap<>(parameters);
    all.put("bytes", Long.toString(bytes));
    return List.of(
        Launched.said(Measurement.ofRepeats(name + ".first", all, "ms/op", first, null)),
        Launched.said(Measurement.ofRepeats(name + ".again", all, "ms/op", again, null)));
  }

  private static Measurement said(String name, Map<String, String> parameters, double value) {
    var unit = name.endsWith("peak") ? "MiB" : "ms/op";
    return Launched.said(Measurement.ofRepeats(name, parameters, unit, new double[] {value}, null));
  }

  /// The launcher has become the program: it has the same id.
  private static double cpuMillis(Process server) {
    return server.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() * 1e-6;
  }
}
