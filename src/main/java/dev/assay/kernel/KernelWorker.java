package dev.assay.kernel;

import dev.assay.problem.Problem;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The process that a kernel may hang or crash: reads jobs, one JSON document a line, from its
/// standard input and answers on its standard output.
///
/// ```
/// < @kernel {"ready": {facts}}             or {"problem": {what, value, mend}}, and it ends
/// > {job}
/// < @kernel {"compiled": true}             not where it does not compile
/// > go                                     the device is this job's
/// < @kernel {"reference": true}            it runs a reference, until {"reference": false}
/// < @kernel {"answer": {...}}
/// ```
///
/// Whatever else kernels and compilers print stands between these lines. It ends with its input.
public final class KernelWorker {
  /// What lines of the protocol begin with.
  public static final String MARK = "@kernel ";

  /// What gives a job the device.
  public static final String GO = "go";

  private final BlockingQueue<String> input = new LinkedBlockingQueue<>();
  private final FileOutputStream output = new FileOutputStream(FileDescriptor.out);
  private final Set<String> clocks;
  private volatile @Nullable KernelDevice device;

  private KernelWorker(Set<String> clocks) {
    this.clocks = clocks;
  }

  /// @param arguments the back end's id; the device's number or a part of its name, empty: the
  ///   first; names of [Clocks] that jobs set and the end sets free
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var clocks = arguments.length > 2 ? arguments[2].split(",") : new String[0];
    new KernelWorker(Set.of(clocks)).work(arguments[0], arguments[1]);
  }

  private void work(String backend, String wanted) throws IOException, InterruptedException {
    Thread.ofPlatform().daemon().name("assay-kernel-input").start(this::read);
    Opened opened;
    try {
      opened = open(backend, wanted);
    } catch (Problem problem) {
      send("problem", words(problem));
      return;
    }
    device = opened.device;
    var bench = new Bench(opened.device, () -> System.nanoTime() * 1e-9, this::send);
    var facts = bench.facts();
    facts.put("index", opened.index);
    send("ready", facts);
    while (true) {
      var job = JsonMapper.shared().readValue(input.take(), Job.class);
      var answer =
          bench.run(
              job,
              () -> {
                send("compiled", true);
                awaitGo();
              });
      send("answer", answer);
    }
  }

  private void read() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        input.add(line);
      }
    } catch (IOException e) {
      // As its end.
    }
    // Whoever started it is gone, or has done with it; a kernel may be running that never ends.
    if (!clocks.isEmpty() && device instanceof KernelDevice own) {
      own.release(clocks);
    }
    Runtime.getRuntime().halt(0);
  }

  private void awaitGo() {
    try {
      var line = input.take();
      if (!line.equals(GO)) {
        throw new IllegalStateException(line);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized void send(String key, Object value) {
    var line = "\n" + MARK + JsonMapper.shared().writeValueAsString(Map.of(key, value)) + "\n";
    try {
      output.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      Runtime.getRuntime().halt(0); // nobody listens
    }
  }

  private static Map<String, String> words(Problem problem) {
    var words = new LinkedHashMap<String, String>();
    words.put("what", problem.what());
    words.put("value", problem.value());
    words.put("mend", problem.mend());
    return words;
  }

  private record Opened(KernelDevice device, int index) {}

  private static Opened open(String id, String wanted) {
    for (var backend : ServiceLoader.load(KernelBackend.class)) {
      if (backend.id().equals(id)) {
        int index = index(backend, wanted);
        return new Opened(backend.open(index), index);
      }
    }
    throw new Problem("There is no such back end for kernels.", id, "Write opencl or cuda.");
  }

  private static int index(KernelBackend backend, String wanted) {
    var devices = backend.devices();
    if (wanted.isEmpty()) {
      return 0;
    }
    for (int i = 0; i < devices.size(); i++) {
      if (wanted.equals(Integer.toString(i))
          || wanted.length() > 1
              && devices
                  .get(i)
                  .toLowerCase(Locale.ROOT)
                  .contains(wanted.toLowerCase(Locale.ROOT))) {
        return i;
      }
    }
    throw new Problem(
        "There is no such device.",
        "device " + wanted + " (" + backend.id() + " has " + devices + ")",
        "Give the number of one, from 0, or a part of its name.");
  }
}
