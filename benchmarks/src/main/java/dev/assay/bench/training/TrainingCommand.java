package dev.assay.bench.training;

import dev.assay.bench.Destination;
import dev.assay.bench.Limits;
import dev.assay.bench.Measurement;
import dev.assay.device.BackendSelector;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `assay bench training`: what training costs on this processor, part by part, each with a results
/// file of its own.
@Command(name = "training", description = "What training many configurations at once costs.")
public final class TrainingCommand implements Callable<Integer> {
  private static final List<String> KNOWN =
      List.of(
          "rate", "lanes", "widths", "pauses", "search", "fashion-mnist", "fashion-cnn", "device");

  @Parameters(
      paramLabel = "PART",
      description =
          "rate: rows a second, beside scikit-learn; lanes: together against one after another; "
              + "widths: mixed shapes against one; pauses: paused and gone on with against "
              + "without a pause; search: 1,000 configurations with pruning; "
              + "fashion-mnist, fashion-cnn: test accuracy found; device: very many at once. The "
              + "first three when none is named")
  private List<String> parts = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the four files of Fashion-MNIST, for the parts of that name")
  private @Nullable Path data;

  @Option(
      names = "--backend",
      description = "what the part device computes on, cpu or cuda; ${DEFAULT-VALUE}")
  private String backend = "cpu";

  @Option(
      names = "--configurations",
      description = "how many the part device trains at once; ${DEFAULT-VALUE}")
  private int configurations = 1000;

  @Option(names = "--epochs", description = "of the part device; ${DEFAULT-VALUE}")
  private int epochs = 5;

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description = "where the part device writes its rows, for benchmarks/peers/train.py --data")
  private @Nullable Path rows;

  @Option(names = "--repeats", description = "of everything that is timed; ${DEFAULT-VALUE}")
  private int repeats = 9;

  @Mixin private Destination destination = new Destination();

  @Override
  public Integer call() throws InterruptedException {
    Limits.atLeast(1, "--repeats", repeats);
    Limits.atLeast(1, "--configurations", configurations);
    Limits.atLeast(1, "--epochs", epochs);
    var chosen = parts.isEmpty() ? KNOWN.subList(0, 3) : parts;
    for (var part : chosen) {
      if (!KNOWN.contains(part)) {
        throw new Problem("There is no such part.", part, Nearest.suggest(part, KNOWN));
      }
    }
    for (var part : chosen) {
      var measurements = measure(part);
      measurements.forEach(TrainingCommand::show);
      destination.write("training-" + part, measurements, device(part));
    }
    return 0;
  }

  /// What computed, where that is not the processor.
  private @Nullable String device(String part) {
    return part.equals("device") ? Destination.device(new BackendSelector().choose(backend)) : null;
  }

  private List<Measurement> onDevice() throws InterruptedException {
    var chosen = new BackendSelector().choose(backend);
    var data = DeviceTraining.data();
    if (rows != null) {
      DeviceTraining.write(data, rows);
    }
    return new DeviceTraining(chosen, configurations, epochs, repeats).measure(data);
  }

  private List<Measurement> measure(String part) throws InterruptedException {
    return switch (part) {
      case "rate" -> new TrainingRate(repeats).measure();
      case "lanes" -> new LaneFusion(repeats).measure();
      case "widths" -> new MixedWidths(repeats).measure();
      case "pauses" -> new PauseCost(repeats).measure();
      case "search" -> FusedSearchCost.measure();
      case "device" -> onDevice();
      default -> new FashionStudy(directory(part)).measure(part);
    };
  }

  private Path directory(String part) {
    if (data == null) {
      throw new Problem(
          "The images have to be brought.",
          part + " without --data",
          "Write: assay bench training "
              + part
              + " --data DIR, where the four files of"
              + " Fashion-MNIST lie (github.com/zalandoresearch/fashion-mnist).");
    }
    return data;
  }

  private static void show(Measurement m) {
    var peer = m.peer();
    System.out.printf(
        Locale.ROOT,
        "%s %s: %.4g %s%s%n",
        m.benchmark(),
        m.parameters(),
        m.score(),
        m.unit(),
        peer == null ? "" : String.format(Locale.ROOT, "; %s %.4g", peer.name(), peer.score()));
  }
}
