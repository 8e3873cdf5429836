package dev.assay.run.kernel;

import dev.assay.kernel.Answer;
import dev.assay.kernel.Job;
import dev.assay.kernel.KernelWorker;
import dev.assay.problem.Problem;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A [KernelWorker] in a process of its own. Belongs to one thread, but for [#kill].
final class WorkerProcess implements AutoCloseable {
  /// The start of a JVM and of a driver, on a machine that has much else to do.
  private static final Duration START = Duration.ofMinutes(10);

  /// Of what it printed beside its answers.
  private static final int KEPT_LINES = 20;

  private static final String END = "";

  /// System properties that a worker is to have too: where tests have their driver.
  private static final List<String> FORWARDED =
      List.of("assay.cuda.library", "assay.nvml.library", "assay.nvrtc.library", "assay.standin");

  /// What a process has time for that sets clocks free.
  private static final int RELEASE_SECONDS = 5;

  private final Process process;
  private final boolean setsClocks;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final ArrayDeque<String> others = new ArrayDeque<>();
  private final Map<String, Object> device;

  /// The worker did not answer.
  static final class Silent extends Exception {
    private static final long serialVersionUID = 1L;

    /// Whether its time was over; otherwise it is gone.
    final boolean late;

    /// Whether it was the reference that ran.
    boolean inReference;

    Silent(boolean late, String message) {
      super(message);
      this.late = late;
    }

    String detail() {
      return String.valueOf(getMessage());
    }
  }

  private WorkerProcess(Process process, boolean setsClocks) throws InterruptedException {
    this.process = process;
    this.setsClocks = setsClocks;
    Thread.ofPlatform().daemon().name("assay-kernel-output-" + process.pid()).start(this::read);
    try {
      var first = await(START);
      if (first.get("problem") instanceof JsonNode problem) {
        throw new Problem(
            problem.path("what").asString(),
            problem.path("value").asString(),
            problem.path("mend").asString());
      }
      @SuppressWarnings("unchecked")
      Map<String, Object> facts = JsonMapper.shared().convertValue(first.get("ready"), Map.class);
      device = facts;
    } catch (Silent e) {
      close();
      throw new Problem(
          "The process that runs kernels did not start.",
          e.detail(),
          "See what it says; the driver of the device may be at fault.",
          e);
    } catch (Problem | InterruptedException e) {
      close();
      throw e;
    }
  }

  /// Starts one.
  ///
  /// @param directory what it is started in
  /// @param clocks names of what jobs set, for the end to set free
  /// @throws Problem where the back end has no device, or it cannot be started
  static WorkerProcess start(
      String backend, String device, Path directory, Collection<String> clocks)
      throws InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<String>();
    command.add(java);
    for (var property : FORWARDED) {
      if (System.getProperty(property) instanceof String value) {
        command.add("-D" + property + "=" + value);
      }
    }
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + new File("/dev/null"),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(),
            KernelWorker.class.getName(),
            backend,
            device));
    if (!clocks.isEmpty()) {
      command.add(String.join(",", clocks));
    }
    try {
      return new WorkerProcess(
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start(),
          !clocks.isEmpty());
    } catch (IOException e) {
      throw new Problem(
          "The process that runs kernels cannot be started.",
          java + ": " + e.getMessage(),
          "Give the Java installation its bin/java.",
          e);
    }
  }

  /// Where the classes are that a worker needs: of this project, and of its JSON library.
  private static String classPath() {
    var needed =
        List.of(
            KernelWorker.class,
            Problem.class,
            JsonMapper.class,
            JsonParser.class,
            com.fasterxml.jackson.annotation.JsonInclude.class);
    return needed.stream()
        .map(type -> type.getProtectionDomain().getCodeSource())
        .filter(source -> source != null)
        .map(WorkerProcess::path)
        .collect(Collectors.toCollection(LinkedHashSet::new))
        .stream()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String path(CodeSource source) {
    return Path.of(java.net.URI.create(source.getLocation().toString())).toString();
  }

  /// What the device is, as JSON values.
  Map<String, Object> device() {
    return device;
  }

  /// What a job waits for between being compiled and being run.
  interface Turn {
    void take() throws InterruptedException;
  }

  /// Does a job.
  ///
  /// @param limit of compiling, and of everything after it
  /// @param turn waited for before the device computes
  /// @throws Silent where it does not answer; then it is to be closed
  Answer run(Job job, Duration limit, Turn turn) throws Silent, InterruptedException {
    synchronized (others) {
      others.clear();
    }
    send(JsonMapper.shared().writeValueAsString(job));
    var answer = await(limit);
    if (answer.has("compiled")) {
      turn.take();
      send(KernelWorker.GO);
      answer = afterReference(limit);
    }
    return JsonMapper.shared().treeToValue(answer.get("answer"), Answer.class);
  }

  /// The answer, whatever is told of references before it.
  private JsonNode afterReference(Duration limit) throws Silent, InterruptedException {
    boolean inReference = false;
    try {
      var answer = await(limit);
      while (answer.get("reference") instanceof JsonNode told) {
        inReference = told.asBoolean();
        answer = await(limit);
      }
      return answer;
    } catch (Silent silent) {
      silent.inReference = inReference;
      throw silent;
    }
  }

  private void send(String line) {
    try {
      var output = process.getOutputStream();
      output.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      output.flush();
    } catch (IOException e) {
      // It is gone, which the next answer that does not come will tell.
    }
  }

  private JsonNode await(Duration limit) throws Silent, InterruptedException {
    var line = lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new Silent(true, "no end after " + limit.toMillis() / 1000.0 + " s" + said());
    }
    if (line.equals(END)) {
      throw new Silent(false, "the process that ran the kernel " + fate() + said());
    }
    return JsonMapper.shared().readTree(line);
  }

  private String fate() throws InterruptedException {
    int status = process.waitFor();
    return switch (status) {
      case 134, 6 -> "aborted (SIGABRT)";
      case 136, 8 -> "ended by SIGFPE";
      case 137, 9 -> "was killed (SIGKILL)";
      case 139, 11 -> "crashed (SIGSEGV)";
      default -> "ended with " + status;
    };
  }

  private String said() {
    synchronized (others) {
      return others.isEmpty() ? "" : "; it printed:\n" + String.join("\n", others);
    }
  }

  private void read() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith(KernelWorker.MARK)) {
          lines.add(line.substring(KernelWorker.MARK.length()));
        } else if (!line.isBlank()) {
          keep(line);
        }
      }
    } catch (IOException e) {
      // As its end.
    }
    lines.add(END);
  }

  private void keep(String line) {
    synchronized (others) {
      if (others.size() == KEPT_LINES) {
        others.removeFirst();
      }
      others.addLast(line.length() > 500 ? line.substring(0, 500) : line);
    }
  }

  /// Ends it at once, and what it started; a process that set clocks sets them free first.
  void kill() {
    if (setsClocks) {
      try {
        process.getOutputStream().close();
        process.waitFor(RELEASE_SECONDS, TimeUnit.SECONDS);
      } catch (IOException e) {
        // It is gone.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }
}
