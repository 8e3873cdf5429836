package dev.assay.device.tornado;

import dev.assay.device.Availability;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/// Which of TornadoVM's devices calculates.
sealed interface DeviceChoice {
  record Chosen(DeviceFacts device) implements DeviceChoice {}

  record Refused(Availability.Unavailable why) implements DeviceChoice {}

  /// @param wanted an address or a part of a name; null or blank: a GPU that will do, else another
  ///   device that will
  static DeviceChoice among(List<DeviceFacts> devices, @Nullable String wanted) {
    if (devices.isEmpty()) {
      return refused(
          "TornadoVM finds no device.",
          "Install a driver for it: an OpenCL ICD of its vendor, or PoCL for the processor.");
    }
    var device = wanted == null || wanted.isBlank() ? best(devices) : named(wanted, devices);
    if (device == null) {
      var words = devices.stream().map(DeviceFacts::words).toList();
      return refused(
          "There is no device " + wanted + ": " + String.join("; ", words) + ".",
          "Give --device an address such as 0:0, or a part of a name.");
    }
    if (device.kind() == TornadoVMBackendType.PTX) {
      return refused(
          device.name()
              + " is driven by TornadoVM's PTX back end, which computes exp and log of"
              + " doubles in single precision.",
          "Use an SDK with the CUDA or the OpenCL back end, or --backend cuda.");
    }
    if (!device.doubles()) {
      return refused(
          device.name() + " has no FP64, which Gaussian processes need.",
          "Choose another device with --device, or use --backend cpu.");
    }
    return new Chosen(device);
  }

  private static Refused refused(String reason, String mend) {
    return new Refused(new Availability.Unavailable(reason, mend));
  }

  private static DeviceFacts best(List<DeviceFacts> devices) {
    var able =
        devices.stream().filter(d -> d.doubles() && d.kind() != TornadoVMBackendType.PTX).toList();
    return able.stream()
        .filter(d -> d.type().contains("GPU"))
        .findFirst()
        .orElse(able.isEmpty() ? devices.getFirst() : able.getFirst());
  }

  private static @Nullable DeviceFacts named(String choice, List<DeviceFacts> devices) {
    var wanted = choice.strip().toLowerCase(Locale.ROOT);
    for (var device : devices) {
      if (device.address().equals(wanted)) {
        return device;
      }
    }
    for (var device : devices) {
      if (device.name().toLowerCase(Locale.ROOT).contains(wanted)) {
        return device;
      }
    }
    return null;
  }
}
