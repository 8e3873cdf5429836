package dev.assay.spark;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/// A task: one `assay work`, for as long as there are trials.
///
/// The worker runs in a process of its own, on the Java that its Assay brings. It is asked to end
/// by the end of its input, so that it ends in order, and gives its trials back, however the
/// executor ends: by SIGKILL, too.
final class WorkerTask implements FlatMapFunction<Iterator<Integer>, Ending> {
  private static final long serialVersionUID = 1L;

  /// Spark's name of GPUs.
  static final String GPU = "gpu";

  /// Where Spark unpacks the program that travels, below the executor's directory.
  static final String UNPACKED = "assay";

  private static final int LAST_LINES = 20;

  /// For programs of trials to end, and their trials to be given back.
  private static final long GRACE_SECONDS = 60;

  /// Reads from its input until that ends, then asks the worker to end.
  private static final String WATCH =
      "exec 3<&0; \"$@\" </dev/null 3<&- & worker=$!;"
          + " { cat <&3 >/dev/null; kill -TERM $worker 2>/dev/null; } & watch=$!; exec 3<&-;"
          + " wait $worker; code=$?; kill $watch 2>/dev/null; exit $code";

  private final String url;
  private final String token;
  private final String program;
  private final boolean travels;
  private final double gpus;

  /// @param url of the study's owner
  WorkerTask(String url, Wanted wanted) {
    this.url = url;
    token = wanted.token();
    program = wanted.program();
    travels = wanted.travels();
    gpus = wanted.gpus();
  }

  @Override
  public Iterator<Ending> call(Iterator<Integer> numbers) throws InterruptedException {
    var resource = TaskContext.get().resources().get(GPU);
    var addresses = resource.isEmpty() ? List.<String>of() : List.of(resource.get().addresses());
    return List.of(run(addresses)).iterator();
  }

  /// @param addresses of the GPUs that Spark gave to this task
  Ending run(List<String> addresses) throws InterruptedException {
    if (gpus > 0 && addresses.isEmpty()) {
      return new Ending(Ending.REFUSED, "Spark gave this task no GPU, of which it needs " + gpus);
    }
    var path = travels ? unpacked() : program;
    if (!new File(path).canExecute()) {
      return new Ending(Ending.NO_PROGRAM, path);
    }
    var command = new ArrayList<>(List.of("sh", "-c", WATCH, "assay", path, "work", url));
    command.addAll(List.of("--parallel", "1", "--quiet"));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ASSAY_TOKEN", token);
    if (!addresses.isEmpty()) {
      var names = String.join(",", addresses);
      builder.environment().put("CUDA_VISIBLE_DEVICES", names);
      builder.environment().put("CUDA_DEVICE_ORDER", "PCI_BUS_ID"); // as discovery scripts count
    }
    if (gpus > 0) {
      builder.command().addAll(List.of("--gpus", String.join(",", addresses)));
    }
    try {
      return watched(builder.start());
    } catch (IOException e) {
      return new Ending(Ending.NO_PROGRAM, path + ": " + e.getMessage());
    }
  }

  /// An archive may have one directory at its top, as that of `assay bundle` has.
  private static String unpacked() {
    var root = new File(SparkFiles.getRootDirectory(), UNPACKED);
    var below = root.listFiles(File::isDirectory);
    boolean nested = !new File(root, "bin").isDirectory() && below != null && below.length == 1;
    return new File(nested ? below[0] : root, "bin/assay").getPath();
  }

  private static Ending watched(Process process) throws InterruptedException, IOException {
    var last = new ArrayDeque<String>();
    var reader = new Thread(() -> read(process, last), "assay-worker-output");
    reader.setDaemon(true);
    reader.start();
    try {
      int code = process.waitFor();
      reader.join(TimeUnit.SECONDS.toMillis(1)); // what a trial left behind may hold the stream
      synchronized (last) {
        return new Ending(code, String.join("\n", last));
      }
    } catch (InterruptedException e) { // the job group is cancelled
      process.getOutputStream().close();
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
      }
      throw e;
    } finally {
      process.destroyForcibly();
    }
  }

  private static void read(Process process, ArrayDeque<String> last) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        System.err.println("assay work: " + line); // into the executor's log
        synchronized (last) {
          last.add(line);
          if (last.size() > LAST_LINES) {
            last.remove();
          }
        }
      }
    } catch (IOException e) {
      System.err.println("assay work: " + e.getMessage());
    }
  }
}
