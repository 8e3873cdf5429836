package dev.assay.device.cuda;

import static java.util.Objects.requireNonNull;

import dev.assay.device.LoadedModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/// The kernels of one device, by name. A module is loaded when one of its kernels is first asked
/// for: who only trains does not wait for the others. Thread-safe.
final class DeviceKernels {
  private final CudaDevice device;
  private final Map<String, String> homes = new HashMap<>(); // the module of every kernel
  private final Map<String, Map<String, CUfunction>> modules = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<LoadedModule> loads = new ConcurrentLinkedQueue<>();
  private final TunedBlocks tuned;

  DeviceKernels(CudaDevice device) {
    this.device = device;
    tuned = TunedBlocks.of(device.name());
    for (var module : KernelImages.MODULES) {
      KernelImages.kernels(module).forEach(kernel -> homes.put(kernel, module));
    }
  }

  /// What was loaded so far.
  List<LoadedModule> loads() {
    return new ArrayList<>(loads);
  }

  private Map<String, CUfunction> load(String name) {
    long start = System.nanoTime();
    var loaded = new ModuleLoad(device, name).load();
    var functions = new HashMap<String, CUfunction>();
    for (var kernel : KernelImages.kernels(name)) {
      functions.put(kernel, function(loaded.module(), kernel));
    }
    loads.add(new LoadedModule(name, loaded.from(), (System.nanoTime() - start) * 1e-6));
    return functions;
  }

  private CUfunction function(CUmodule module, String kernel) {
    var function = new CUfunction();
    device.check(
        "cuModuleGetFunction " + kernel,
        () -> JCudaDriver.cuModuleGetFunction(function, module, kernel));
    device.check(
        "cuFuncSetAttribute of " + kernel,
        () ->
            JCudaDriver.cuFuncSetAttribute(
                function,
                CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                device.sharedBytes()));
    return function;
  }

  /// Threads of a block of a kernel.
  int threads(String name) {
    return tuned.threads(name);
  }

  /// The function of a kernel. May wait for a compilation.
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
