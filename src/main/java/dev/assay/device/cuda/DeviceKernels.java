package dev.assay.device.cuda;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/// The kernels of one device, by name. The driver compiles a module when one of its kernels is
/// first asked for: who only trains does not wait for the others. Thread-safe.
final class DeviceKernels {
  /// The files of `kernels/`, each a module.
  static final List<String> MODULES =
      List.of(
          "acquisition",
          "ascent",
          "candidates",
          "cholesky",
          "covariance",
          "fit",
          "lbfgsb",
          "likelihood",
          "posterior",
          "screen",
          "select",
          "solve",
          "train");

  private static final String ENTRY = ".entry ";

  private final CudaDevice device;
  private final Map<String, String> homes = new HashMap<>(); // the module of every kernel
  private final Map<String, Map<String, CUfunction>> modules = new ConcurrentHashMap<>();

  DeviceKernels(CudaDevice device) {
    this.device = device;
    for (var module : MODULES) {
      entries(new String(ptx(module), StandardCharsets.US_ASCII))
          .forEach(kernel -> homes.put(kernel, module));
    }
  }

  private static List<String> entries(String ptx) {
    var names = new ArrayList<String>();
    for (int at = ptx.indexOf(ENTRY); at >= 0; at = ptx.indexOf(ENTRY, at + 1)) {
      names.add(ptx.substring(at + ENTRY.length(), ptx.indexOf('(', at)).strip());
    }
    return names;
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

  /// Its context must be current.
  private Map<String, CUfunction> load(String name) {
    var ptx = ptx(name);
    var module = new CUmodule();
    CudaFailure.check(
        JCudaDriver.cuModuleLoadData(module, Arrays.copyOf(ptx, ptx.length + 1)), // ends in 0
        "cuModuleLoadData of " + name + " on " + device.name());
    var functions = new HashMap<String, CUfunction>();
    for (var kernel : homes.keySet()) {
      if (!name.equals(homes.get(kernel))) {
        continue;
      }
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
    return functions;
  }

  /// The device's context must be current for the calling thread.
  CUfunction function(String name) {
    var module = homes.get(name);
    if (module == null) {
      throw new IllegalArgumentException("no kernel " + name);
    }
    var loaded = modules.get(module); // without the lock that loading takes
    if (loaded == null) {
      loaded = modules.computeIfAbsent(module, this::load);
    }
    return requireNonNull(loaded.get(name));
  }
}
