package dev.assay.device.cuda;

import dev.assay.device.DeviceFailure;
import dev.assay.device.DeviceTooSmall;
import dev.assay.device.LoadedModule;
import dev.assay.device.Timing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.IntSupplier;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUuuid;
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
  private final int computeMode;
  private final int driverVersion;
  private final String uuid;
  private final LaunchLimit limit;
  private final DeviceMemory memory = new DeviceMemory(this);
  private final Deque<CudaStream> streams = new ConcurrentLinkedDeque<>();
  private volatile @Nullable DeviceFailure lost;
  private volatile @Nullable LaunchTimes times;
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
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    endsLongLaunches =
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT) != 0
            || windows && attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_TCC_DRIVER) == 0;
    computeMode = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_MODE);
    limit =
        endsLongLaunches
            ? LaunchLimit.of(
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE),
                singleToDouble,
                multiprocessors)
            : LaunchLimit.NONE;
    var version = new int[1];
    CudaFailure.check(JCudaDriver.cuDriverGetVersion(version), "cuDriverGetVersion");
    driverVersion = version[0];
    var id = new CUuuid();
    CudaFailure.check(JCudaDriver.cuDeviceGetUuid(id, handle), "cuDeviceGetUuid");
    uuid = HexFormat.of().formatHex(id.bytes);
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

  /// Of CUDA, as the driver gives it: 12060 for 12.6.
  int driverVersion() {
    return driverVersion;
  }

  /// 32 hexadecimal digits.
  String uuid() {
    return uuid;
  }

  /// As `CUcomputemode`: who may calculate on it.
  int computeMode() {
    return computeMode;
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

  /// Whether the driver ends a launch that takes some seconds: where a display is attached, and
  /// under Windows but for its mode for calculating alone (TCC).
  boolean endsLongLaunches() {
    return endsLongLaunches;
  }

  /// How much one launch may be.
  LaunchLimit limit() {
    return limit;
  }

  DeviceMemory memory() {
    return memory;
  }

  /// Name, memory, compute capability, precision policy.
  String description() {
    return String.format(
        Locale.ROOT,
        "%s, %.1f GB, compute capability %d.%d, %d multiprocessors, CUDA %s; factor and likelihood"
            + " in FP64 (1/%d of the FP32 rate)",
        name,
        totalBytes * 1e-9,
        major,
        minor,
        multiprocessors,
        DriverProbe.words(driverVersion),
        Math.max(1, singleToDouble));
  }

  /// What a probe finds: a context can be had, and how many bytes are free there.
  ///
  /// @param code of the driver where there is none to be had, else 0
  record Probe(int code, long freeBytes) {}

  /// Takes the primary context and gives it back: a study that never needs the device leaves it to
  /// others.
  Probe probe() {
    var fresh = new CUcontext();
    int code = JCudaDriver.cuDevicePrimaryCtxRetain(fresh, handle);
    if (code != 0) {
      return new Probe(code, 0);
    }
    var free = new long[1];
    code = JCudaDriver.cuCtxSetCurrent(fresh);
    code = code != 0 ? code : JCudaDriver.cuMemGetInfo(free, new long[1]);
    JCudaDriver.cuCtxSetCurrent(new CUcontext());
    JCudaDriver.cuDevicePrimaryCtxRelease(handle);
    return new Probe(code, free[0]);
  }

  /// Kept from the first use to the end of the process.
  private synchronized CUcontext context() {
    if (context == null) {
      var fresh = new CUcontext();
      int code = JCudaDriver.cuDevicePrimaryCtxRetain(fresh, handle);
      if (code != 0) {
        throw failure(code, "cuDevicePrimaryCtxRetain of device " + ordinal);
      }
      context = fresh;
    }
    return context;
  }

  /// Makes the primary context current for the calling thread, until that thread next waits: a
  /// virtual one may then go on on a carrier where another context, or none, is current.
  void makeCurrent() {
    check("cuCtxSetCurrent", () -> 0);
  }

  /// A call of the driver with the primary context current.
  ///
  /// @param call must wait for nothing but the driver
  /// @return the driver's code
  /// @throws DeviceFailure once the device is lost
  int call(IntSupplier call) {
    if (lost != null) {
      throw lost;
    }
    var own = context();
    // From here to the call nothing may wait.
    int code = JCudaDriver.cuCtxSetCurrent(own);
    return code == 0 ? call.getAsInt() : code;
  }

  /// As [#call], for those that must succeed.
  ///
  /// @param what the call, with kernel and shapes where there are any
  void check(String what, IntSupplier call) {
    int code = call(call);
    if (code != 0) {
      throw failure(code, what);
    }
  }

  /// What a code means for the device: after some nothing more is asked of it.
  RuntimeException failure(int code, String what) {
    var value = what + ": " + CudaFailure.words(code);
    if (code == CudaFailure.OUT_OF_MEMORY) {
      return DeviceTooSmall.memory(name, value);
    }
    if (!CudaFailure.isLast(code)) {
      return new CudaFailure(value);
    }
    var failure = DeviceFailure.lost(name, value);
    lost = failure;
    return failure;
  }

  /// What ended its use; null while it can be used.
  @Nullable DeviceFailure lost() {
    return lost;
  }

  /// Who is told of launches; null: nobody.
  @Nullable LaunchTimes times() {
    return times;
  }

  /// Times every launch of some work that one thread does.
  List<Timing> timed(Runnable work) {
    var own = new LaunchTimes(this);
    times = own;
    try {
      work.run();
      return own.end();
    } finally {
      times = null;
    }
  }

  /// A stream, fresh or used before; closing it gives it back.
  CudaStream stream() {
    var idle = streams.poll();
    return idle == null ? new CudaStream(this) : idle;
  }

  void giveBack(CudaStream stream) {
    streams.push(stream);
  }

  /// What was loaded onto it so far.
  synchronized List<LoadedModule> loads() {
    return kernels == null ? List.of() : kernels.loads();
  }

  /// The kernels, loaded on first use.
  synchronized DeviceKernels kernels() {
    if (kernels == null) {
      kernels = new DeviceKernels(this);
    }
    return kernels;
  }
}
