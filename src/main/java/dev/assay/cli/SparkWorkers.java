package dev.assay.cli;

import dev.assay.files.OwnerOnly;
import dev.assay.problem.Problem;
import dev.assay.remote.HostedRunner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Workers that Spark places: its application in a process beside this one. It is told what is
/// wanted by its input, ends with that, and says a line for whatever people are to know.
final class SparkWorkers implements HostedRunner.Door {
  /// For executors to end.
  private static final int FAREWELL_SECONDS = 30;

  /// What the application says where the cluster ended it: why is in the log alone.
  private static final String ENDED = "Spark has ended the application.";

  private final Process process;
  private final HostedRunner.Door server;
  private final Thread searching;
  private final Console console;
  private final Path log;
  private final Thread reader;
  private volatile @Nullable Problem problem;
  private volatile boolean closing;

  private SparkWorkers(
      Process process, HostedRunner.Door server, Thread searching, Console console, Path log) {
    this.process = process;
    this.server = server;
    this.searching = searching;
    this.console = console;
    this.log = log;
    reader = Thread.ofPlatform().daemon().name("assay-spark").start(this::read);
  }

  /// Asks for workers.
  ///
  /// @param command that starts the application
  /// @param home of Spark
  /// @param wanted what it is told
  /// @param server that they talk to, closed with this
  /// @param searching is interrupted where there can be no workers
  static SparkWorkers start(
      List<String> command,
      Path home,
      Map<String, String> wanted,
      Path log,
      HostedRunner.Door server,
      Thread searching,
      Console console) {
    try {
      if (log.getParent() != null) {
        OwnerOnly.directories(log.getParent());
      }
      var builder = new ProcessBuilder(command).redirectError(log.toFile());
      builder.environment().put("SPARK_HOME", home.toAbsolutePath().toString());
      builder.environment().putIfAbsent("SPARK_SCALA_VERSION", "2.13");
      builder.environment().remove("ASSAY_TOKEN");
      var process = builder.start();
      Writer input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
      for (var entry : wanted.entrySet()) {
        input.write(entry.getKey() + " " + entry.getValue() + "\n");
      }
      input.write("\n");
      input.flush(); // open as long as the workers are wanted
      return new SparkWorkers(process, server, searching, console, log);
    } catch (IOException e) {
      server.close();
      throw new Problem(
          "Spark's application cannot be started.",
          command.getFirst() + ": " + e.getMessage(),
          "Set JAVA_HOME to a Java that this Spark runs on.",
          e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("note ")) {
          console.note(line.substring("note ".length()));
        } else if (line.startsWith("problem ")) {
          var parts = line.substring("problem ".length()).split("\t", 3);
          var ended = parts[0].equals(ENDED) ? SparkLog.reason(log) : null;
          fail(new Problem(parts[0], ended == null ? parts[1] : ended, parts[2]));
        }
      }
      int code = process.waitFor();
      if (!closing && problem == null) {
        var reason = SparkLog.reason(log);
        fail(
            new Problem(
                "Spark's application ended before the study.",
                reason == null ? "exit code " + code : reason,
                "Mend --on or the settings of Spark; its log is "
                    + log
                    + ". The same command goes on with the study."));
      }
    } catch (IOException e) {
      console.note("Spark: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fail(Problem why) {
    if (problem == null && !closing) {
      problem = why;
      searching.interrupt();
    }
  }

  /// @throws Problem where there could be no workers
  @Override
  public void close() {
    closing = true;
    boolean interrupted = Thread.interrupted();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      reader.join();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      interrupted = true;
    } finally {
      server.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    var why = problem;
    if (why != null) {
      throw why;
    }
  }
}
