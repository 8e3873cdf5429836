package dev.assay.bench.profile;

import dev.assay.bench.Destination;
import dev.assay.bench.Measurement;
import dev.assay.bench.OwnJvm;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `assay bench profile`: where the processor time of a thread goes, by samples that the JVM takes
/// of a process of its own. What stands here are shares of one run: other work on the machine
/// changes them little.
@Command(name = "profile", description = "Where the processor time of a work goes.")
public final class ProfileCommand implements Callable<Integer> {
  /// What can be looked into.
  enum Work {
    FIRST,
    AVERAGE,
    SUGGESTION,
    TRAINING;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Parts that are told each; the others together.
  private static final int TOLD = 16;

  @Parameters(
      paramLabel = "WORK",
      description =
          "first, average: a new process's first suggestion of gp behind 1,000 trials, with one "
              + "model and with the average of models; suggestion: behind 100 trials, warm; "
              + "training: 64-100-10, batch 64, warm. All when none is named")
  private List<String> works = new ArrayList<>();

  @Option(names = "--jvm", paramLabel = "OPTION", description = "of that process: -XX:UseAVX=2")
  private List<String> options = new ArrayList<>();

  @Mixin private Destination destination = new Destination();

  @Override
  public Integer call() throws IOException, InterruptedException {
    var known = Arrays.stream(Work.values()).map(Work::word).toList();
    for (var word : works) {
      if (!known.contains(word)) {
        throw new Problem("There is no such work.", word, Nearest.suggest(word, known));
      }
    }
    for (var word : works.isEmpty() ? known : works) {
      var work = Work.valueOf(word.toUpperCase(Locale.ROOT));
      var measurements = measure(work);
      for (var m : measurements) {
        System.out.printf(
            Locale.ROOT, "%5.1f %s  %s%n", m.score(), m.unit(), m.parameters().get("part"));
      }
      destination.write("profile-" + word, measurements);
    }
    return 0;
  }

  private List<Measurement> measure(Work work) throws IOException, InterruptedException {
    var file = Files.createTempFile("assay-profile", ".jfr");
    try {
      var jvm = new ArrayList<String>();
      jvm.addAll(List.of("--add-modules=jdk.incubator.vector", "-XX:+UnlockDiagnosticVMOptions"));
      jvm.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+DebugNonSafepoints"));
      jvm.addAll(options);
      var command = OwnJvm.command(jvm, Profiled.class, work.name(), file);
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new Problem(
            "The profiled process failed.",
            String.join(" ", command) + ": " + output,
            "Run it by hand to see why.");
      }
      var lines = output.strip().split("\n", -1);
      return told(work, file, lines[lines.length - 1].split(" ", -1));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /// @param numbers milliseconds, bytes and operations of the whole work
  private List<Measurement> told(Work work, Path file, String[] numbers) throws IOException {
    var counts = new LinkedHashMap<String, Integer>();
    int all = 0;
    int interpreted = 0;
    for (var event : samples(file)) {
      all++;
      var frames = event.getStackTrace().getFrames();
      var part = part(frames);
      counts.merge(part, 1, Integer::sum);
      boolean library = part.startsWith("OpenBlas"); // whoever called it
      interpreted += !library && frames.getFirst().getType().equals("Interpreted") ? 1 : 0;
    }
    double operations = Double.parseDouble(numbers[2]);
    Map<String, String> whole = new LinkedHashMap<>();
    whole.put("samples", Integer.toString(all));
    whole.put("jvm", String.join(" ", options));
    whole.put("bytes", String.format(Locale.ROOT, "%.1f", Long.parseLong(numbers[1]) / operations));
    var measurements = new ArrayList<Measurement>();
    double micros = 1e3 * Double.parseDouble(numbers[0]) / operations;
    measurements.add(of(work, whole, "an operation, processor time", micros, "us/op"));
    double share = 100.0 / all;
    measurements.add(
        of(work, whole, "interpreted, but for calls of OpenBLAS", share * interpreted, "%"));
    var order =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .toList();
    int rest = all;
    for (var entry : order.subList(0, Math.min(TOLD, order.size()))) {
      measurements.add(of(work, Map.of(), entry.getKey(), share * entry.getValue(), "%"));
      rest -= entry.getValue();
    }
    measurements.add(of(work, Map.of(), "all others", share * rest, "%"));
    return measurements;
  }

  private static Measurement of(
      Work work, Map<String, String> more, String part, double value, String unit) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("part", part);
    parameters.putAll(more);
    var name = "profile." + work.word();
    return Measurement.single(name, parameters, value, unit);
  }

  /// Of processor time where this system has them, else of time.
  private static List<RecordedEvent> samples(Path file) throws IOException {
    var events = RecordingFile.readAllEvents(file);
    for (var kind : List.of("jdk.CPUTimeSample", "jdk.ExecutionSample")) {
      var samples =
          events.stream()
              .filter(e -> e.getEventType().getName().equals(kind) && isOfMain(e))
              .filter(e -> e.getStackTrace() != null && !e.getStackTrace().getFrames().isEmpty())
              .toList();
      if (!samples.isEmpty()) {
        return samples;
      }
    }
    throw new Problem("There are no samples.", file.toString(), "Use a JDK with JFR.");
  }

  private static boolean isOfMain(RecordedEvent event) {
    var thread = event.getThread(event.hasField("sampledThread") ? "sampledThread" : "eventThread");
    return thread != null && "main".equals(thread.getJavaName());
  }

  /// The innermost method of ours.
  private static String part(List<RecordedFrame> frames) {
    for (var frame : frames) {
      var type = frame.getMethod().getType().getName();
      if (type.startsWith("dev.assay.") && !type.startsWith("dev.assay.bench.")) {
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethod().getName();
      }
    }
    return "the JVM and this benchmark";
  }
}
