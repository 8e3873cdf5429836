package dev.assay.device.cuda;

import dev.assay.device.Availability;
import dev.assay.device.Backend;
import dev.assay.device.Check;
import dev.assay.device.GaussianProcessChecks;
import dev.assay.device.Timing;
import dev.assay.device.TrainingChecks;
import dev.assay.engine.GpEngine;
import dev.assay.train.TrainEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// NVIDIA cards, wherever their driver is installed.
public final class CudaBackend implements Backend {
  /// Which device, by number or by a part of its name; else the first.
  private static final String CHOICE = "ASSAY_CUDA_DEVICE";

  /// What a session needs at the very least.
  private static final long LEAST_BYTES = 64L << 20;

  private final @Nullable String choice;
  private @Nullable Found found;

  /// What the first look found.
  ///
  /// @param device null where there is none to use
  private record Found(@Nullable CudaDevice device, Availability availability) {}

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
    return found().availability();
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
          "Add org.jcuda:jcuda:12.6.0 and org.jcuda:jcuda-natives:12.6.0, classifier linux-x86_64 or"
              + " windows-x86_64.");
    }
    return switch (DriverProbe.look()) {
      case DriverProbe.Finding.Unusable(var reason, var mend) -> unavailable(reason, mend);
      case DriverProbe.Finding.Usable(int version, _) -> open(version);
    };
  }

  private Found open(int version) {
    var failure = JCudaNatives.load();
    if (failure != null) {
      return unavailable(
          "The driver is there, but JCuda's natives do not load: " + failure + ".",
          "See whether the directory of temporary files can be written and allows execution.");
    }
    try {
      var devices = CudaDevice.all();
      var device = choose(devices);
      if (device == null) {
        return unavailable(
            "There is no device " + choice + ": " + names(devices) + ".",
            "Give --device (or "
                + CHOICE
                + ") a number or a part of a name of those, or leave it out.");
      }
      if (device.totalBytes() < LEAST_BYTES) {
        return unavailable(
            String.format(
                Locale.ROOT,
                "%s has %.0f MB of memory; at least %.0f MB are needed.",
                device.name(),
                device.totalBytes() * 1e-6,
                LEAST_BYTES * 1e-6),
            "Use another device, or a larger share of this one.");
      }
      return new Found(device, new Availability.Available(device.description(version)));
    } catch (CudaFailure e) {
      return unavailable(
          "The driver does not answer as it should: " + e.getMessage() + ".",
          "See whether `nvidia-smi` works; restart the machine after a driver update.");
    }
  }

  private @Nullable CudaDevice choose(List<CudaDevice> devices) {
    if (choice == null || choice.isBlank()) {
      return devices.getFirst();
    }
    for (var device : devices) {
      if (choice.strip().equals(Integer.toString(device.ordinal()))) {
        return device;
      }
    }
    var wanted = choice.strip().toLowerCase(Locale.ROOT);
    for (var device : devices) {
      if (device.name().toLowerCase(Locale.ROOT).contains(wanted)) {
        return device;
      }
    }
    return null;
  }

  private static String names(List<CudaDevice> devices) {
    var names = new ArrayList<String>();
    devices.forEach(device -> names.add(device.ordinal() + " is " + device.name()));
    return String.join(", ", names);
  }

  private static Found unavailable(String reason, String mend) {
    return new Found(null, new Availability.Unavailable(reason, mend));
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
    checks.addAll(TrainingChecks.run(trainEngine(1)));
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
}
