package dev.assay.device.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/// A device as TornadoVM sees it.
///
/// @param address as users name it: `0:0`, the number of the driver and of its device
/// @param kind of the driver
/// @param name of the device and its platform
/// @param type `GPU`, `CPU`
/// @param doubles whether it says that it has FP64
/// @param bytes of memory
/// @param computeUnits multiprocessors, or cores
/// @param driverVersion as it says, or empty
record DeviceFacts(
    String address,
    TornadoVMBackendType kind,
    String name,
    String type,
    boolean doubles,
    long bytes,
    int computeUnits,
    String driverVersion,
    TornadoDevice device) {

  /// Every device of every driver of the SDK.
  static List<DeviceFacts> all() {
    var runtime = TornadoRuntimeProvider.getTornadoRuntime();
    var all = new ArrayList<DeviceFacts>();
    for (int driver = 0; driver < runtime.getNumBackends(); driver++) {
      var backend = runtime.getBackend(driver);
      for (int index = 0; index < backend.getNumDevices(); index++) {
        all.add(of(driver + ":" + index, backend.getBackendType(), backend.getDevice(index)));
      }
    }
    return all;
  }

  private static DeviceFacts of(String address, TornadoVMBackendType kind, TornadoDevice device) {
    var said = String.valueOf(device.getDeviceInfo());
    // Only OpenCL's devices may lack FP64, and say so.
    boolean doubles =
        kind != TornadoVMBackendType.OPENCL || !"false".equals(line(said, "Double fp config"));
    return new DeviceFacts(
        address,
        kind,
        device.getPhysicalDevice().getDeviceName().strip()
            + " ("
            + device.getPlatformName().strip()
            + ")",
        device.getDeviceType().toString(),
        doubles,
        device.getMaxGlobalMemory(),
        device.getPhysicalDevice().getDeviceMaxComputeUnits(),
        line(said, "Driver version"),
        device);
  }

  /// What follows the colon of a line that begins so.
  private static String line(String text, String start) {
    for (var line : text.split("\n")) {
      if (line.strip().startsWith(start)) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return "";
  }

  /// In words: `0:0 OpenCL CPU, pthread-skylake (Portable Computing Language), driver 3.1, FP64,
  /// 12.6 GB`.
  String words() {
    return String.format(
        Locale.ROOT,
        "%s %s %s, %s%s, %s, %.1f GB",
        address,
        kind,
        type,
        name,
        driverVersion.isEmpty() ? "" : ", driver " + driverVersion,
        doubles ? "FP64" : "no FP64",
        bytes * 1e-9);
  }
}
