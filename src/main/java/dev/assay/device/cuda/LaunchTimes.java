package dev.assay.device.cuda;

import dev.assay.device.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/// How long each launch of a pass takes on the device, by events around it. Belongs to one thread
/// at a time.
final class LaunchTimes {
  private final CudaDevice device;
  private final List<Launch> launches = new ArrayList<>();

  private record Launch(String kernel, CUevent before, CUevent after) {}

  LaunchTimes(CudaDevice device) {
    this.device = device;
  }

  /// Launches between two events.
  void around(String kernel, CUstream stream, Runnable launch) {
    var before = event();
    var after = event();
    record(before, stream);
    launch.run();
    record(after, stream);
    launches.add(new Launch(kernel, before, after));
  }

  private CUevent event() {
    var event = new CUevent();
    device.check(
        "cuEventCreate", () -> JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT));
    return event;
  }

  private void record(CUevent event, CUstream stream) {
    device.check("cuEventRecord", () -> JCudaDriver.cuEventRecord(event, stream));
  }

  /// The time of each launch, by kernel; frees the events.
  List<Timing> end() {
    var times = new TreeMap<String, List<Double>>();
    for (var launch : launches) {
      var milliseconds = new float[1];
      device.check("cuEventSynchronize", () -> JCudaDriver.cuEventSynchronize(launch.after));
      device.check(
          "cuEventElapsedTime",
          () -> JCudaDriver.cuEventElapsedTime(milliseconds, launch.before, launch.after));
      device.check("cuEventDestroy", () -> JCudaDriver.cuEventDestroy(launch.before));
      device.check("cuEventDestroy", () -> JCudaDriver.cuEventDestroy(launch.after));
      times.computeIfAbsent(launch.kernel, _ -> new ArrayList<>()).add((double) milliseconds[0]);
    }
    launches.clear();
    var timings = new ArrayList<Timing>();
    times.forEach((kernel, all) ->
        timings.add(
            new Timing("kernel." + kernel, Map.of("launches", Integer.toString(all.size())), all)));
    return timings;
  }
}
