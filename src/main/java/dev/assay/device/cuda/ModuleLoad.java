package dev.assay.device.cuda;

import dev.assay.device.DeviceFailure;
import dev.assay.internal.words.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Loads one module onto a device: the cubin for its generation of cards, or else the PTX, which
/// the driver compiles.
final class ModuleLoad {
  private static final Logger LOG = Log.of(ModuleLoad.class);

  /// Bytes of the compiler's log.
  private static final int ROOM = 8192;

  private final CudaDevice device;
  private final String name;
  private final List<String> refusals = new ArrayList<>();

  ModuleLoad(CudaDevice device, String name) {
    this.device = device;
    this.name = name;
  }

  /// @param from in words: `cubin sm_90`, `PTX`
  record Loaded(CUmodule module, String from) {}

  /// @throws DeviceFailure with what the driver said to each, where it takes neither
  Loaded load() {
    var loaded = cubin();
    if (loaded == null) {
      loaded = ptx();
    }
    if (loaded == null) {
      throw new DeviceFailure(
          device.name() + " takes no kernels of this build.",
          "module " + name + ": " + String.join("; ", refusals),
          "Update the NVIDIA driver ("
              + DriverProbe.words(device.driverVersion())
              + " is CUDA's version that it has), or go on with --backend cpu.");
    }
    return loaded;
  }

  private @Nullable Loaded cubin() {
    int capability = KernelImages.cubinFor(device.capability());
    if (capability == 0 || device.driverVersion() < KernelImages.CUBIN_VERSION) {
      return null;
    }
    var words = "cubin sm_" + capability;
    try {
      var image = KernelImages.cubin(name, capability);
      var module = image == null ? null : load(image, words);
      return module == null ? null : new Loaded(module, words);
    } catch (IOException e) {
      refuse(words, "is damaged: " + e.getMessage());
      return null;
    }
  }

  private @Nullable Loaded ptx() {
    var ptx = KernelImages.ptx(name, device.capability());
    var module = load(Arrays.copyOf(ptx, ptx.length + 1), "PTX"); // ends in 0
    return module == null ? null : new Loaded(module, "PTX");
  }

  private @Nullable CUmodule load(byte[] image, String words) {
    var module = new CUmodule();
    var options = new JITOptions();
    options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[ROOM]);
    options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, ROOM);
    int code =
        device.call(() -> JCudaDriver.cuModuleLoadDataJIT(module, Pointer.to(image), options));
    if (code == 0) {
      return module;
    }
    if (code == CudaFailure.OUT_OF_MEMORY || CudaFailure.isLast(code)) {
      throw device.failure(code, "cuModuleLoadDataEx of " + name + ", " + words);
    }
    refuse(words, CudaFailure.words(code) + log(options));
    return null;
  }

  private static String log(JITOptions options) {
    var bytes = options.getBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER);
    if (bytes == null) {
      return "";
    }
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    var text = new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "" : " (" + text.replaceAll("\\s*\\R\\s*", "; ") + ")";
  }

  private void refuse(String words, String why) {
    refusals.add(words + ": " + why);
    LOG.info("{}: {} of {} is not taken: {}", device.name(), words, name, why);
  }
}
