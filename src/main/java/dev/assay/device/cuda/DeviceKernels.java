package dev.assay.device.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/// The kernels of one device, by name. Immutable after construction.
final class DeviceKernels {
  /// The files of `kernels/`, each a module.
  static final List<String> MODULES =
      List.of(
          "acquisition",
          "cholesky",
          "covariance",
          "fit",
          "lbfgsb",
          "likelihood",
          "posterior",
          "solve",
          "train");

  private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)");

  private final Map<String, CUfunction> functions = new HashMap<>();

  DeviceKernels(CudaDevice device) {
    for (var name : MODULES) {
      load(name, device);
    }
  }

  /// The PTX of a module.
  static byte[] ptx(String module) {
    var path = "/dev/assay/device/cuda/ptx/" + module + ".ptx";
    try (InputStream in = DeviceKernels.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new CudaFailure(path + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void load(String name, CudaDevice device) {
    var text = ptx(name);
    var module = new CUmodule();
    CudaFailure.check(
        JCudaDriver.cuModuleLoadData(module, Arrays.copyOf(text, text.length + 1)), // ends in 0
        "cuModuleLoadData of " + name + " on " + device.name());
    var entries = ENTRY.matcher(new String(text, java.nio.charset.StandardCharsets.US_ASCII));
    while (entries.find()) {
      var kernel = entries.group(1);
      var function = new CUfunction();
      CudaFailure.check(
          JCudaDriver.cuModuleGetFunction(function, module, kernel),
          "cuModuleGetFunction " + kernel);
      CudaFailure.check(
          JCudaDriver.cuFuncSetAttribute(
              function,
              CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
              device.sharedBytes()),
          "cuFuncSetAttribute of " + kernel);
      functions.put(kernel, function);
    }
  }

  CUfunction function(String name) {
    var function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException("no kernel " + name);
    }
    return function;
  }
}
