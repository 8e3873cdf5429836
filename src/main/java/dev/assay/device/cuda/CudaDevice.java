package dev.assay.device.cuda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/// One device with its primary context, its memory and the kernels loaded there. Thread-safe.
final class CudaDevice {
  private final CUdevice handle;
  private final int ordinal;
  private final String name;
  private final int major;
  private final int minor;
  private final int multiprocessors;
  private final long totalBytes;
  private final int sharedBytes;
  private final int singleToDouble;
  private final boolean endsLongLaunches;
  private final DeviceMemory memory = new DeviceMemory(this);
  private final Deque<CudaStream> streams = new ConcurrentLinkedDeque<>();
  private @Nullable CUcontext context;
  private @Nullable DeviceKernels kernels;

  private CudaDevice(int ordinal) {
    this.ordinal = ordinal;
    handle = new CUdevice();
    CudaFailure.check(JCudaDriver.cuDeviceGet(handle, ordinal), "cuDeviceGet " + ordinal);
    var text = new byte[256];
    CudaFailure.check(JCudaDriver.cuDeviceGetName(text, text.length, handle), "cuDeviceGetName");
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    name = new String(text, 0, length, StandardCharsets.UTF_8);
    major = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
    minor = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    multiprocessors = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    sharedBytes =
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
    singleToDouble =
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_SINGLE_TO_DOUBLE_PRECISION_PERF_RATIO);
    endsLongLaunches = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT) != 0;
    var bytes = new long[1];
    CudaFailure.check(JCudaDriver.cuDeviceTotalMem(bytes, handle), "cuDeviceTotalMem");
    totalBytes = bytes[0];
  }

  /// Every device that the driver shows.
  static List<CudaDevice> all() {
    JCudaDriver.setExceptionsEnabled(false);
    CudaFailure.check(JCudaDriver.cuInit(0), "cuInit");
    var count = new int[1];
    CudaFailure.check(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount");
    var devices = new ArrayList<CudaDevice>();
    for (int ordinal = 0; ordinal < count[0]; ordinal++) {
      devices.add(new CudaDevice(ordinal));
    }
    return devices;
  }

  private int attribute(int which) {
    var value = new int[1];
    CudaFailure.check(
        JCudaDriver.cuDeviceGetAttribute(value, which, handle),
        "cuDeviceGetAttribute " + CUdevice_attribute.stringFor(which));
    return value[0];
  }

  int ordinal() {
    return ordinal;
  }

  String name() {
    return name;
  }

  /// 75 for compute capability 7.5.
  int capability() {
    return 10 * major + minor;
  }

  int multiprocessors() {
    return multiprocessors;
  }

  long totalBytes() {
    return totalBytes;
  }

  /// Shared memory that one block may have.
  int sharedBytes() {
    return sharedBytes;
  }

  /// Whether the driver ends a launch that takes some seconds, as where a display is attached.
  boolean endsLongLaunches() {
    return endsLongLaunches;
  }

  DeviceMemory memory() {
    return memory;
  }

  /// Name, memory, compute capability, precision policy.
  String description(int driverVersion) {
    return String.format(
        Locale.ROOT,
        "%s, %.1f GB, compute capability %d.%d, %d multiprocessors, CUDA %s; factor and likelihood in FP64"
            + " (1/%d of the FP32 rate)",
        name,
        totalBytes * 1e-9,
        major,
        minor,
        multiprocessors,
        DriverProbe.words(driverVersion),
        Math.max(1, singleToDouble));
  }

  /// Makes the primary context current for the calling thread.
  void makeCurrent() {
    CUcontext own;
    synchronized (this) {
      if (context == null) {
        var fresh = new CUcontext();
        CudaFailure.check(
            JCudaDriver.cuDevicePrimaryCtxRetain(fresh, handle),
            "cuDevicePrimaryCtxRetain of device " + ordinal);
        context = fresh; // kept for the life of the process: others may share it
      }
      own = context;
    }
    CudaFailure.check(JCudaDriver.cuCtxSetCurrent(own), "cuCtxSetCurrent");
  }

  /// A stream, fresh or used before; closing it gives it back.
  CudaStream stream() {
    var idle = streams.poll();
    return idle == null ? new CudaStream(this) : idle;
  }

  void giveBack(CudaStream stream) {
    streams.push(stream);
  }

  /// The kernels, compiled by the driver on first use.
  synchronized DeviceKernels kernels() {
    if (kernels == null) {
      makeCurrent();
      kernels = new DeviceKernels(this);
    }
    return kernels;
  }
}
