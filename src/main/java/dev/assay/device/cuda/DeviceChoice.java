package dev.assay.device.cuda;

import dev.assay.device.Availability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import jcuda.driver.CUcomputemode;
import jcuda.driver.CUresult;
import org.jspecify.annotations.Nullable;

/// Which of the driver's devices is used, and why one cannot be.
sealed interface DeviceChoice {
  /// What a session needs at the very least.
  long LEAST_BYTES = 64L << 20;

  record Chosen(CudaDevice device) implements DeviceChoice {}

  record Refused(Availability.Unavailable why) implements DeviceChoice {}

  /// The device that is asked for, or the first that can be used.
  ///
  /// @param devices at least one
  /// @param choice a number, the beginning of a UUID (`GPU-8932f937`, `MIG-...`) or a part of a
  ///   name; null or blank: any
  static DeviceChoice among(List<CudaDevice> devices, @Nullable String choice) {
    if (choice == null || choice.isBlank()) {
      return first(devices);
    }
    var device = named(devices, choice.strip());
    return device == null
        ? refused(
            "There is no device " + choice + ": " + names(devices) + ".",
            "Give --device (or ASSAY_CUDA_DEVICE) a number, a UUID or a part of a name of those, or"
                + " leave it out.")
        : opened(device);
  }

  private static DeviceChoice first(List<CudaDevice> devices) {
    var reasons = new ArrayList<Availability.Unavailable>();
    for (var device : devices) {
      switch (opened(device)) {
        case Chosen chosen -> {
          return chosen;
        }
        case Refused(var why) -> reasons.add(why);
      }
    }
    return refused(
        String.join(" ", reasons.stream().map(Availability.Unavailable::reason).toList()),
        reasons.getFirst().mend());
  }

  private static @Nullable CudaDevice named(List<CudaDevice> devices, String choice) {
    var lower = choice.toLowerCase(Locale.ROOT);
    var digits = lower.replaceFirst("^(gpu|mig)-", "").replace("-", "");
    var kinds =
        List.<Predicate<CudaDevice>>of(
            device -> choice.equals(Integer.toString(device.ordinal())),
            device -> device.name().toLowerCase(Locale.ROOT).contains(lower),
            device -> digits.length() >= 4 && device.uuid().startsWith(digits));
    for (var kind : kinds) {
      for (var device : devices) {
        if (kind.test(device)) {
          return device;
        }
      }
    }
    return null;
  }

  /// Looks whether it can be used now.
  private static DeviceChoice opened(CudaDevice device) {
    if (device.computeMode() == CUcomputemode.CU_COMPUTEMODE_PROHIBITED) {
      return refused(
          device.name() + " allows nobody to calculate (compute mode prohibited).",
          "Allow it: nvidia-smi -i " + device.ordinal() + " -c DEFAULT; or use another device.");
    }
    if (device.totalBytes() < LEAST_BYTES) {
      return refused(
          String.format(
              Locale.ROOT,
              "%s has %.0f MB of memory; at least %.0f MB are needed.",
              device.name(),
              device.totalBytes() * 1e-6,
              LEAST_BYTES * 1e-6),
          "Use another device, or a larger share of this one.");
    }
    var probe = device.probe();
    if (probe.code() != 0) {
      return noContext(device, probe.code());
    }
    return probe.freeBytes() < LEAST_BYTES
        ? noMemory(device, probe.freeBytes())
        : new Chosen(device);
  }

  private static DeviceChoice noContext(CudaDevice device, int code) {
    if (code == CudaFailure.OUT_OF_MEMORY) {
      return noMemory(device, 0);
    }
    boolean exclusive = device.computeMode() == CUcomputemode.CU_COMPUTEMODE_EXCLUSIVE_PROCESS;
    if (code == CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE && exclusive) {
      return refused(
          device.name()
              + " is in use by another process, and lets only one calculate (compute mode"
              + " exclusive).",
          "Wait until that process ends (nvidia-smi lists it), use another device, or let several"
              + " share it: nvidia-smi -i "
              + device.ordinal()
              + " -c DEFAULT.");
    }
    return refused(
        device.name() + " cannot be opened: " + CudaFailure.words(code) + ".",
        "See whether `nvidia-smi` lists it without errors; reset the card or restart the machine,"
            + " or use another device.");
  }

  private static DeviceChoice noMemory(CudaDevice device, long freeBytes) {
    return refused(
        String.format(
            Locale.ROOT,
            "%s has %.0f of %.0f MB of memory free; at least %.0f MB are needed, others hold the"
                + " rest.",
            device.name(),
            freeBytes * 1e-6,
            device.totalBytes() * 1e-6,
            LEAST_BYTES * 1e-6),
        "See in `nvidia-smi` which processes hold it, and wait for them or use another device.");
  }

  private static String names(List<CudaDevice> devices) {
    var names = new ArrayList<String>();
    devices.forEach(device -> names.add(device.ordinal() + " is " + device.name()));
    return String.join(", ", names);
  }

  private static Refused refused(String reason, String mend) {
    return new Refused(new Availability.Unavailable(reason, mend));
  }
}
