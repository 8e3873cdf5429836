package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.report.StudyView;
import dev.assay.run.TestResults;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A standalone Spark with two workers of two cores and two pretended GPUs each runs trials.
///
/// By hand, some minutes: `-Dassay.spark.home=DIR`, with Spark's jars in `DIR/jars`
/// (CONTRIBUTING.md).
@EnabledIfSystemProperty(named = SparkDrillTest.HOME, matches = ".+")
class SparkDrillTest {
  static final String HOME = "assay.spark.home";

  private static final int TRIALS = 200;

  @TempDir static Path directory = Path.of("");

  private static final List<Process> started = new ArrayList<>();
  private static final List<Map<String, @Nullable Object>> measurements = new ArrayList<>();
  private static String master = "";

  @AfterAll
  static void end() throws InterruptedException, IOException {
    if (System.getProperty("assay.results") instanceof String results && !measurements.isEmpty()) {
      TestResults.write(
          Path.of(results),
          "spark",
          measurements,
          "./mvnw -pl src test -Dtest=SparkDrillTest -Dassay.spark.home=spark/target/spark"
              + " -Dassay.results=../results");
    }
    for (var process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path spark() {
    return Path.of(System.getProperty(HOME, "")).toAbsolutePath();
  }

  private static Process spark(String name, String... words) throws IOException {
    var command = new ArrayList<>(List.of(java(), "-Xmx300m", "-cp", spark() + "/jars/*"));
    command.addAll(List.of(words));
    return start(name, command);
  }

  private static Process start(String name, List<String> command) throws IOException {
    var output = directory.resolve(name + ".out").toFile();
    var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
    builder.environment().put("SPARK_HOME", spark().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("ASSAY_STUDIES", directory.resolve("studies").toString());
    var process = builder.start();
    started.add(process);
    return process;
  }

  @BeforeAll
  static void startCluster() throws Exception {
    var addresses = script("gpus", "echo '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'");
    var conf =
        Files.writeString(
            directory.resolve("worker.conf"),
            "spark.worker.resource.gpu.amount 2\nspark.worker.resource.gpu.discoveryScript "
                + addresses
                + "\n");
    try (var free = new ServerSocket(0)) {
      master = "spark://127.0.0.1:" + free.getLocalPort();
    }
    var port = master.substring(master.lastIndexOf(':') + 1);
    var deploy = "org.apache.spark.deploy.";
    var head =
        spark(
            "master", deploy + "master.Master", "-h", "127.0.0.1", "-p", port, "--webui-port", "0");
    await(head, "master", "Starting Spark master");
    for (int i = 0; i < 2; i++) {
      var words = List.of("-h", "127.0.0.1", "-c", "2", "-m", "2G", "--webui-port", "0");
      var all = new ArrayList<>(List.of(deploy + "worker.Worker"));
      all.addAll(words);
      all.addAll(List.of("-d", directory.resolve("worker" + i).toString()));
      all.addAll(List.of("--properties-file", conf.toString(), master));
      await(
          spark("worker" + i, all.toArray(String[]::new)), "worker" + i, "Successfully registered");
    }
  }

  private static void await(Process process, String name, String words) throws Exception {
    while (!said(name).contains(words)) {
      assertThat(process.waitFor(200, TimeUnit.MILLISECONDS)).as(said(name)).isFalse();
    }
  }

  private static String said(String name) throws IOException {
    var file = directory.resolve(name + ".out");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static Path script(String name, String text) throws IOException {
    var file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private Path study(String name, String command, String rest) throws IOException {
    return Files.writeString(
        directory.resolve(name + ".yaml"),
        """
        name: %s
        objective:
          command: [sh, -c, '%s']
          grace: 300ms
          %s
        minimize: loss
        space: {x: {float: [0.5, 1]}}
        sampler: random
        seed: 4
        parallel: 4
        """
            .formatted(name, command, rest));
  }

  /// This program, where executors run.
  private Path program() throws IOException {
    var words = AssayProcess.command(List.of("-Xmx200m"));
    var quoted = new StringBuilder("exec");
    words.forEach(word -> quoted.append(" '").append(word).append('\''));
    return script("assay", quoted + " \"$@\"");
  }

  private Process tune(String name, Path file, String... more) throws IOException {
    var words = new ArrayList<>(List.of("tune", file.toString(), "--quiet"));
    words.addAll(List.of(more));
    var home = Path.of("").toAbsolutePath().getParent();
    return start(
        name, AssayProcess.command(List.of("-Dassay.home=" + home), words.toArray(String[]::new)));
  }

  private Process tuneOn(String name, Path file, String... more) throws IOException {
    var words =
        new ArrayList<>(
            List.of(
                "--on",
                master,
                "--program",
                program().toString(),
                "--conf",
                "spark.ui.enabled=false"));
    for (var memory : List.of("spark.executor.memory=600m", "spark.executor.cores=2")) {
      words.addAll(List.of("--conf", memory));
    }
    words.addAll(List.of(more));
    return tune(name, file, words.toArray(String[]::new));
  }

  private List<TrialRecord> trials(String name) {
    var database = directory.resolve("studies/" + name + "/study.db");
    if (!Files.exists(database)) {
      return List.of();
    }
    try (var storage = Storages.at("sqlite:" + database)) {
      return storage.read(name).map(study -> StudyView.of(study).trials()).orElse(List.of());
    }
  }

  private long ended(String name) {
    return trials(name).stream().filter(trial -> trial.state().isFinished()).count();
  }

  private void awaitEnded(Process tune, String name, long count) throws Exception {
    while (ended(name) < count) {
      assertThat(tune.waitFor(100, TimeUnit.MILLISECONDS)).as(said(name)).isFalse();
    }
  }

  private List<TrialRecord> whole(Process tune, String name, int count) throws Exception {
    assertThat(tune.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(tune.exitValue()).as(said(name)).isZero();
    var all = trials(name);
    assertThat(all).hasSize(count).extracting(TrialRecord::number).doesNotHaveDuplicates();
    return all;
  }

  /// Seconds between the first trial's begin and the last one's end.
  private static double span(List<TrialRecord> trials) {
    long first = trials.stream().mapToLong(TrialRecord::startedMillis).min().orElse(0);
    return trials.stream()
            .mapToDouble(trial -> trial.startedMillis() - first + 1000 * trial.seconds())
            .max()
            .orElse(0)
        / 1000;
  }

  @Test
  void anExecutorThatIsKilledLosesNothing() throws Exception {
    var command = "sleep 0.2; echo \"@assay {\\\"loss\\\": {x}}\"";
    var budget = "budget: {trials: " + TRIALS + "}";
    var file = Files.writeString(study("trials", command, ""), budget, StandardOpenOption.APPEND);
    var tune = tuneOn("trials", file);
    awaitEnded(tune, "trials", TRIALS / 2);
    var executor =
        ProcessHandle.allProcesses()
            .filter(process ->
                process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend")
                    && started.stream()
                        .anyMatch(own -> own.descendants().anyMatch(process::equals)))
            .findFirst()
            .orElseThrow();
    assertThat(executor.destroyForcibly()).isTrue();
    var all = whole(tune, "trials", TRIALS);
    assertThat(all)
        .allSatisfy(trial -> {
          assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
          assertThat(trial.value()).isEqualTo(trial.configuration().number("x"));
        });
    assertThat(all).anyMatch(trial -> trial.restarts() > 0);
    assertThat(said("trials")).doesNotContain("error:");
    var same = Files.writeString(study("alone", command, ""), budget, StandardOpenOption.APPEND);
    var alone = whole(tune("alone", same), "alone", TRIALS);
    assertThat(all)
        .extracting(TrialRecord::configuration)
        .isEqualTo(alone.stream().map(TrialRecord::configuration).toList());
    measured("killed.span", 4, span(all), "s/op");
    measured("killed.restarts", 4, all.stream().mapToInt(TrialRecord::restarts).sum(), "1/op");
    measured("alone.span", 4, span(alone), "s/op");
  }

  /// Milliseconds of a worker between two trials: what starts, claims and tells them, without the
  /// program.
  private static double between(List<TrialRecord> trials, int workers) {
    double programs = trials.stream().mapToDouble(TrialRecord::seconds).sum();
    return 1e3 * (workers * span(trials) - programs) / trials.size();
  }

  @Test
  void theOverheadOfATrialIsThatOfAMessage() throws Exception {
    var command = "sleep 0.2; echo \"@assay {\\\"loss\\\": {x}}\"";
    var budget = "budget: {trials: " + TRIALS + "}";
    for (var name : List.of("spark", "process")) {
      var file = Files.writeString(study(name, command, ""), budget, StandardOpenOption.APPEND);
      var tune = name.equals("spark") ? tuneOn(name, file) : tune(name, file);
      var all = whole(tune, name, TRIALS);
      // Workers start at different times, and end when there is nothing more.
      var middle = all.subList(TRIALS / 4, TRIALS - 4);
      measured(name + ".between", 4, between(middle, 4), "ms/op");
      measured(name + ".span", 4, span(middle) / middle.size() * 1e3, "ms/op");
    }
  }

  private static void measured(String name, int workers, double score, String unit) {
    System.out.printf(Locale.ROOT, "%s, %d at once: %.1f %s%n", name, workers, score, unit);
    measurements.add(
        TestResults.measurement(
            "spark." + name,
            Map.of("workers", Integer.toString(workers), "seconds", "0.2"),
            score,
            unit));
  }

  @Test
  void pruningActsWithinTwoReports() throws Exception {
    var said = directory.resolve("said");
    var command =
        "for i in $(seq 12); do echo \"@assay {\\\"step\\\": $i, \\\"loss\\\": {x}}\";"
            + (" echo $i >>%s-$ASSAY_TRIAL; sleep 0.3; done").formatted(said);
    var file =
        Files.writeString(
            study("pruned", command, ""),
            "pruner: {threshold: {upper: 0.7}}\nbudget: {trials: 16}\n",
            StandardOpenOption.APPEND);
    var all = whole(tuneOn("pruned", file), "pruned", 16);
    var pruned = all.stream().filter(trial -> trial.state() == TrialState.PRUNED).toList();
    assertThat(pruned).isNotEmpty().hasSizeLessThan(16);
    int most = 0;
    for (var trial : pruned) {
      most = Math.max(most, Files.readAllLines(Path.of(said + "-" + trial.number())).size());
    }
    measured("reports.of.pruned", 4, most, "1/op");
    assertThat(most).isLessThanOrEqualTo(2);
  }

  @Test
  void gpusAreNeverSharedBeyondTheirAmounts() throws Exception {
    for (var amount : List.of("1", "0.5")) {
      var name = amount.equals("1") ? "whole" : "half";
      var log = directory.resolve(name + ".log");
      var command =
          "echo \"$(date +%%s%%N) begin $CUDA_VISIBLE_DEVICES $PPID\" >>%1$s; sleep 0.3; echo \"$(date +%%s%%N) end $CUDA_VISIBLE_DEVICES $PPID\" >>%1$s; echo \"@assay {\\\"loss\\\": {x}}\""
              .formatted(log);
      var file =
          Files.writeString(
              study(name, command, "gpus: " + amount),
              "budget: {trials: 40}\n",
              StandardOpenOption.APPEND);
      var discovery = directory.resolve("gpus");
      var gpus = amount.equals("1") ? "2" : "1";
      var tune =
          tuneOn(
              name,
              file,
              "--conf",
              "spark.executor.resource.gpu.amount=" + gpus,
              "--conf",
              "spark.executor.resource.gpu.discoveryScript=" + discovery);
      whole(tune, name, 40);
      // Two machines of the same addresses: one address is used by two machines at most.
      var now = new HashMap<String, Integer>();
      int most = 0;
      var seen = new HashSet<String>();
      for (var line : Files.readAllLines(log).stream().sorted().toList()) {
        var words = line.split(" ");
        seen.add(words[2]);
        int users = now.merge(words[2], words[1].equals("begin") ? 1 : -1, Integer::sum);
        most = Math.max(most, users);
      }
      System.out.printf(
          "gpus: %s: addresses %s, at most %d trials at once at one of them (there are two"
              + " machines)%n",
          amount, seen, most);
      measured("gpus." + name + ".most", 4, most, "1/op");
      assertThat(most).isLessThanOrEqualTo(amount.equals("1") ? 2 : 4);
    }
  }

  @Test
  void whatIsMissingIsSaid() throws Exception {
    var command = "echo \"@assay {\\\"loss\\\": {x}}\"";
    var file =
        Files.writeString(
            study("missing", command, ""), "budget: {trials: 4}\n", StandardOpenOption.APPEND);
    var nowhere =
        tune(
            "missing",
            file,
            "--on",
            master,
            "--program",
            "/nowhere/assay",
            "--conf",
            "spark.executor.memory=600m");
    assertThat(nowhere.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(nowhere.exitValue()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said("missing")).contains("Executors find no Assay").contains("/nowhere/assay");
  }

  @Test
  void gpusThatNoMachineHasAreSaidAtOnce() throws Exception {
    var command = "echo \"@assay {\\\"loss\\\": {x}}\"";
    var file =
        Files.writeString(
            study("three", command, "gpus: 3"), "budget: {trials: 4}\n", StandardOpenOption.APPEND);
    var tune = tuneOn("three", file);
    assertThat(tune.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(tune.exitValue()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said("three"))
        .contains("No machine of the cluster has what an executor wants", "2 GPUs)");
  }
}
