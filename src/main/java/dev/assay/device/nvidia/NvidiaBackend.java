package dev.assay.device.nvidia;

import dev.assay.kernel.KernelBackend;
import dev.assay.kernel.KernelDevice;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/// The devices of the NVIDIA driver.
public final class NvidiaBackend implements KernelBackend {
  @Override
  public String id() {
    return "cuda";
  }

  @Override
  public List<String> devices() {
    var driver = Driver.load();
    int count = driver.number("cuDeviceGetCount");
    if (count == 0) {
      throw new Problem(
          "The NVIDIA driver lists no device.",
          "cuDeviceGetCount: 0",
          "See nvidia-smi, and CUDA_VISIBLE_DEVICES.");
    }
    var names = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      names.add(NvidiaDevice.name(driver, driver.number("cuDeviceGet", i)));
    }
    return names;
  }

  @Override
  public KernelDevice open(int index) {
    var driver = Driver.load();
    return new NvidiaDevice(driver, driver.number("cuDeviceGet", index));
  }
}
