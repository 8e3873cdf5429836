package dev.assay.device.cuda;

import dev.assay.device.Availability;
import dev.assay.device.Backend;
import dev.assay.device.Check;
import dev.assay.device.GaussianProcessChecks;
import dev.assay.device.LoadedModule;
import dev.assay.device.SearchChecks;
import dev.assay.device.Timing;
import dev.assay.device.TrainingChecks;
import dev.assay.internal.engine.GpEngine;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngine.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// NVIDIA cards, wherever their driver is installed.
public final class CudaBackend implements Backend {
  /// Which device, by number, by the beginning of its UUID or by a part of its name; else the first
  /// that can be used.
  private static final String CHOICE = "ASSAY_CUDA_DEVICE";

  private final @Nullable String choice;
  private @Nullable Found found;

  /// What the first look found.
  ///
  /// @param device null where there is none to use
  private record Found(
      @Nullable CudaDevice device, List<String> devices, Availability availability) {}

  public CudaBackend() {
    this(System.getenv(CHOICE));
  }

  CudaBackend(@Nullable String choice) {
    this.choice = choice;
  }

  @Override
  public String id() {
    return "cuda";
  }

  @Override
  public int preference() {
    return 100;
  }

  @Override
  public Backend on(String device) {
    return new CudaBackend(device);
  }

  @Override
  public Availability availability() {
    var device = found().device();
    var lost = device == null ? null : device.lost();
    return lost == null
        ? found().availability()
        : new Availability.Unavailable(lost.what() + " " + lost.value(), lost.mend());
  }

  @Override
  public List<String> devices() {
    return found().devices();
  }

  /// Also the driver by its own number, where the system tells it, and the kernels.
  @Override
  public String identity() {
    var device = device();
    return String.join(
        ", ",
        device.description(),
        device.uuid(),
        "driver " + DriverProbe.release(),
        "kernels " + KernelImages.identity());
  }

  @Override
  public List<LoadedModule> modules() {
    return device().loads();
  }

  private synchronized Found found() {
    if (found == null) {
      found = look();
    }
    return found;
  }

  private Found look() {
    if (!JCudaNatives.present()) {
      return unavailable(
          "JCuda and its natives for " + JCudaNatives.platform() + " are not on the class path.",
          "Add org.jcuda:jcuda:12.6.0 and org.jcuda:jcuda-natives:12.6.0, classifier linux-x86_64"
              + " or windows-x86_64.");
    }
    return switch (DriverProbe.look()) {
      case DriverProbe.Finding.Unusable(var reason, var mend) -> unavailable(reason, mend);
      case DriverProbe.Finding.Usable _ -> open();
    };
  }

  private Found open() {
    var failure = JCudaNatives.load();
    if (failure != null) {
      return unavailable(
          "The driver is there, but JCuda's natives do not load: " + failure + ".",
          "See whether the directory of temporary files can be written and allows execution.");
    }
    try {
      var devices = CudaDevice.all();
      var words = devices.stream().map(CudaBackend::words).toList();
      return switch (DeviceChoice.among(devices, choice)) {
        case DeviceChoice.Chosen(var device) ->
            new Found(device, words, new Availability.Available(device.description()));
        case DeviceChoice.Refused(var why) -> new Found(null, words, why);
      };
    } catch (CudaFailure e) {
      return unavailable(
          "The driver does not answer as it should: " + e.getMessage() + ".",
          "See whether `nvidia-smi` works; restart the machine after a driver update.");
    }
  }

  private static String words(CudaDevice device) {
    return String.format(
        Locale.ROOT,
        "%d: %s, %.1f GB, compute capability %d.%d, UUID %s",
        device.ordinal(),
        device.name(),
        device.totalBytes() * 1e-9,
        device.capability() / 10,
        device.capability() % 10,
        device.uuid().substring(0, 8));
  }

  private static Found unavailable(String reason, String mend) {
    return new Found(null, List.of(), new Availability.Unavailable(reason, mend));
  }

  private CudaDevice device() {
    var device = found().device();
    if (device == null) {
      throw new IllegalStateException("cuda is not available: " + availability());
    }
    return device;
  }

  @Override
  public GpEngine gpEngine() {
    return new CudaGpEngine(device());
  }

  @Override
  public List<Check> selfCheck() {
    var checks = new ArrayList<>(GaussianProcessChecks.run(gpEngine()));
    checks.addAll(SearchChecks.run(gpEngine()));
    for (var precision : Precision.values()) {
      if (precision == Precision.FP32 || device().capability() >= KernelImages.TENSOR) {
        checks.addAll(TrainingChecks.run(trainEngine(1, precision), precision));
      }
    }
    return checks;
  }

  @Override
  public List<Timing> timings(boolean quick) {
    return new KernelTimings(device(), quick).run();
  }

  @Override
  public boolean trains() {
    return true;
  }

  @Override
  public TrainEngine trainEngine(int threads) {
    return new CudaTrainEngine(device());
  }

  @Override
  public TrainEngine trainEngine(int threads, Precision precision) {
    return new CudaTrainEngine(device(), precision);
  }
}
