package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What clusters are told, and what becomes of it under programs that stand in for theirs.
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "shell scripts")
class WorkersCommandTest {
  private static final String URL = "postgresql://me@db/studies?lease=20#two words";

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int run(String... words) {
    out.reset();
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Main.run(new Console(stream, stream), words);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /// A program of the test's own, before others on the path.
  private void program(String name, String script) throws IOException {
    var file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Process start(String... command) throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile());
    builder.environment().put("PATH", directory + ":" + System.getenv("PATH"));
    builder.environment().put("ASSAY_TOKEN", "a secret");
    builder.environment().put("SLURM_JOB_ID", "17");
    return builder.start();
  }

  private void awaitFile(String name, Process process) throws InterruptedException, IOException {
    while (!Files.exists(directory.resolve(name))) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
          .as(Files.readString(directory.resolve("out")))
          .isFalse();
    }
  }

  private String read(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  @Test
  void theArrayScriptRunsAWorkerAndIsQueuedAgainWhenItIsStopped() throws Exception {
    assertThat(run("workers", URL, "--slurm", "--count", "16", "--gpus", "2", "--parallel", "3"))
        .as(said())
        .isZero();
    assertThat(said())
        .contains("#SBATCH --array=1-16\n", "#SBATCH --gpus-per-task=2\n", "B:TERM@", "--requeue")
        .contains("assay work '" + URL + "' --quiet --parallel 3");
    Files.writeString(directory.resolve("array.sh"), said());
    program("assay", "echo \"$@\" >words; exit 3\n");
    program("scontrol", "echo \"$@\" >requeued\n");
    assertThat(start("bash", "array.sh").waitFor()).isEqualTo(3);
    assertThat(read("words")).isEqualTo("work " + URL + " --quiet --parallel 3\n");
    assertThat(directory.resolve("requeued")).doesNotExist();

    program(
        "assay", "trap 'echo >ended; exit 130' TERM; echo >begun; while :; do sleep 0.02; done\n");
    var stopped = start("bash", "array.sh");
    awaitFile("begun", stopped);
    stopped.destroy(); // SIGTERM, to the script alone
    assertThat(stopped.waitFor()).as(read("out")).isEqualTo(130);
    assertThat(directory.resolve("ended")).exists();
    assertThat(read("requeued")).isEqualTo("requeue 17\n");
  }

  @Test
  void theArrayScriptHasNothingThatShellcheckMinds() throws Exception {
    var found = new ProcessBuilder("sh", "-c", "command -v shellcheck").start().waitFor();
    assumeTrue(found == 0, "shellcheck is not installed");
    run("workers", URL, "--slurm", "--gpus", "1");
    Files.writeString(directory.resolve("array.sh"), said());
    var process = start("shellcheck", "array.sh");
    assertThat(process.waitFor())
        .as(() -> {
          try {
            return read("out");
          } catch (IOException e) {
            return e.toString();
          }
        })
        .isZero();
  }

  @Test
  void theManifestIsAnIndexedJob() {
    assertThat(run("workers", URL, "--k8s", "--count", "4", "--gpus", "1", "--image", "me/assay:1"))
        .isZero();
    var job = YAMLMapper.builder().build().readTree(said());
    assertThat(job.path("kind").asString()).isEqualTo("Job");
    assertThat(job.path("metadata").path("name").asString()).matches("[a-z0-9-]{1,63}");
    var spec = job.path("spec");
    assertThat(spec.path("completionMode").asString()).isEqualTo("Indexed");
    assertThat(spec.path("completions").asInt()).isEqualTo(4);
    var pod = spec.path("template").path("spec");
    assertThat(pod.path("restartPolicy").asString()).isEqualTo("Never");
    var container = pod.path("containers").path(0);
    assertThat(container.path("image").asString()).isEqualTo("me/assay:1");
    assertThat(container.path("command").valueStream().map(JsonNode::asString).toList())
        .containsExactly("sh", "-c", "exec assay work '" + URL + "' --quiet");
    assertThat(container.path("resources").path("limits").path("nvidia.com/gpu").asInt())
        .isEqualTo(1);
  }

  @Test
  void sshStartsAWorkerOnEachHostAndEndsThemAll() throws Exception {
    program(
        "ssh",
        "host=$3; echo \"$4\" >\"$host.command\"; export HOSTNAME_OF_TEST=$host; exec sh -c"
            + " \"$4\"\n");
    program(
        "assay",
        "echo \"$ASSAY_TOKEN|$*\" >$HOSTNAME_OF_TEST.words; echo \"hello\"\n"
            + "trap 'exit 130' TERM; echo >$HOSTNAME_OF_TEST.begun; while :; do sleep 0.02;"
            + " done\n");
    var command = new ArrayList<>(List.of("env"));
    command.addAll(AssayProcess.command(List.of(), "workers", URL, "--ssh", "one,me@two"));
    var process = start(command.toArray(String[]::new));
    awaitFile("one.begun", process);
    awaitFile("me@two.begun", process);
    for (var host : List.of("one", "me@two")) {
      assertThat(read(host + ".words")).isEqualTo("a secret|work " + URL + " --quiet\n");
      assertThat(read(host + ".command")).doesNotContain("a secret");
    }
    process.destroy();
    assertThat(process.waitFor()).as(read("out")).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(read("out")).contains("one: hello", "me@two: hello", "ended with 130");
  }

  /// What watches for the end of the input must not keep the output open: ssh would wait for it.
  @Test
  @Timeout(60)
  void sshEndsWithItsWorkers() throws Exception {
    program("ssh", "exec sh -c \"$4\"\n");
    program("assay", "echo done; exit 3\n");
    var command = new ArrayList<>(List.of("env"));
    command.addAll(AssayProcess.command(List.of(), "workers", URL, "--ssh", "one,two"));
    var process = start(command.toArray(String[]::new));
    assertThat(process.waitFor()).as(read("out")).isEqualTo(3);
    assertThat(read("out")).contains("one: done", "two: done", "one: the worker ended with 3.");
  }

  @Test
  void whatCannotBeStartedIsSaid() {
    assertThat(run("workers", URL)).isNotZero();
    assertThat(said()).contains("--slurm, --k8s or --ssh");
    assertThat(run("workers", URL, "--slurm", "--k8s")).isNotZero();
    assertThat(run("workers", "digits", "--slurm")).isNotZero();
    assertThat(said()).contains("where the study is kept");
    assertThat(run("workers", "postgresql://me:pw7@db/x#y", "--slurm")).isNotZero();
    assertThat(said()).contains("password").doesNotContain("pw7");
    assertThat(run("workers", URL, "--slurm", "--count", "0")).isNotZero();
    assertThat(run("workers", URL, "--ssh", "-oProxyCommand=x")).isNotZero();
  }
}
