package dev.assay.device.tornado;

import dev.assay.device.Availability;
import dev.assay.device.Backend;
import dev.assay.device.Check;
import dev.assay.device.GaussianProcessChecks;
import dev.assay.device.SearchChecks;
import dev.assay.device.TrainingChecks;
import dev.assay.internal.engine.GpEngine;
import dev.assay.problem.Problem;
import dev.assay.train.TrainEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whatever TornadoVM has a driver for: OpenCL and CUDA devices.
public final class TornadoBackend implements Backend {
  private static final String ANOTHER =
      "Update its driver, or choose another device with --device.";

  private final @Nullable String choice;
  private @Nullable Found found;
  private @Nullable TrainEngine trainer;

  /// What the first look found.
  ///
  /// @param accelerator null where there is none to use
  private record Found(
      @Nullable Accelerator accelerator, List<String> devices, Availability availability) {}

  public TornadoBackend() {
    this(null);
  }

  private TornadoBackend(@Nullable String choice) {
    this.choice = choice;
  }

  @Override
  public String id() {
    return "tornado";
  }

  @Override
  public int preference() {
    return 50;
  }

  @Override
  public Backend on(String device) {
    return new TornadoBackend(device);
  }

  @Override
  public List<String> devices() {
    return found().devices();
  }

  @Override
  public Availability availability() {
    return found().availability();
  }

  private synchronized Found found() {
    if (found == null) {
      found = look();
    }
    return found;
  }

  private Found look() {
    var missing = SdkProbe.look(System.getenv("TORNADOVM_HOME"), SdkProbe.started());
    if (missing != null) {
      return new Found(null, List.of(), missing);
    }
    SdkProbe.configure();
    try {
      return choose(DeviceFacts.all());
    } catch (Throwable e) { // errors of initialisation too: of a driver that is not there
      return unavailable(
          List.of(),
          "TornadoVM does not start: " + reason(e) + ".",
          "Install a driver for the device (an OpenCL ICD, or NVIDIA's driver for its CUDA back"
              + " end); `tornado --devices` shows what TornadoVM sees.");
    }
  }

  /// The deepest cause, without colours and without what TornadoVM would do about it by itself.
  static String reason(Throwable e) {
    var deepest = e;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage() == null ? deepest : deepest.getMessage())
        .replaceAll("\u001B\\[[0-9;]*m", "")
        .replace("[WARNING]", "")
        .replace("Deoptimizing to sequential execution.", "")
        .strip()
        .replaceAll("\\.+$", "");
  }

  private Found choose(List<DeviceFacts> devices) {
    var words = devices.stream().map(DeviceFacts::words).toList();
    return switch (DeviceChoice.among(devices, choice)) {
      case DeviceChoice.Chosen(var device) -> checked(new Accelerator(device), words);
      case DeviceChoice.Refused(var why) -> new Found(null, words, why);
    };
  }

  /// A device that calculates wrongly is refused before anyone relies on it.
  private static Found checked(Accelerator accelerator, List<String> words) {
    var facts = accelerator.facts();
    var wrong = wrong(GaussianProcessChecks.atStart(new TornadoGpEngine(accelerator)));
    return wrong.isEmpty()
        ? new Found(accelerator, words, new Availability.Available(facts.words()))
        : unavailable(words, facts.name() + " calculates wrongly: " + wrong + ".", ANOTHER);
  }

  /// What failed, in words; empty where nothing did.
  static String wrong(List<Check> checks) {
    return checks.stream()
        .filter(check -> !check.passed())
        .map(check ->
            String.format(
                Locale.ROOT,
                "%s is off by %.1e, more than %.1e",
                check.name(),
                check.error(),
                check.tolerance()))
        .collect(Collectors.joining("; "));
  }

  private static Found unavailable(List<String> devices, String reason, String mend) {
    return new Found(null, devices, new Availability.Unavailable(reason, mend));
  }

  private Accelerator accelerator() {
    var accelerator = found().accelerator();
    if (accelerator == null) {
      throw new IllegalStateException("tornado is not available: " + availability());
    }
    return accelerator;
  }

  @Override
  public GpEngine gpEngine() {
    return new TornadoGpEngine(accelerator());
  }

  @Override
  public List<Check> selfCheck() {
    var checks = new ArrayList<>(GaussianProcessChecks.run(gpEngine()));
    checks.addAll(SearchChecks.run(gpEngine()));
    checks.addAll(
        TrainingChecks.run(new TornadoTrainEngine(accelerator()), TrainEngine.Precision.FP32));
    return checks;
  }

  @Override
  public boolean trains() {
    return true;
  }

  /// Nobody measured where it is faster than the processor.
  @Override
  public boolean trainsUnasked() {
    return false;
  }

  /// @throws Problem where the device trains wrongly
  @Override
  public synchronized TrainEngine trainEngine(int threads) {
    var accelerator = accelerator();
    if (trainer == null) {
      var engine = new TornadoTrainEngine(accelerator);
      var wrong = wrong(TrainingChecks.run(engine, TrainEngine.Precision.FP32));
      if (!wrong.isEmpty()) {
        throw new Problem(
            accelerator.facts().name() + " trains wrongly: " + wrong + ".",
            "--backend tornado",
            ANOTHER);
      }
      trainer = engine;
    }
    return trainer;
  }
}
