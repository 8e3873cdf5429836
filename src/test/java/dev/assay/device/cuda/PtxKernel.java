package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/// A kernel of any PTX text, on the stand-in driver. Its context must be current.
final class PtxKernel {
  private final CUfunction function = new CUfunction();

  PtxKernel(String ptx, String name) {
    var module = new CUmodule();
    int code =
        JCudaDriver.cuModuleLoadData(module, (ptx + '\0').getBytes(StandardCharsets.US_ASCII));
    assertThat(code).as(code == 0 ? "" : StandIn.refusal()).isZero();
    assertThat(JCudaDriver.cuModuleGetFunction(function, module, name)).isZero();
  }

  static String file(String path) {
    try {
      return Files.readString(Path.of(path), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param arguments pointers to their values
  /// @return the code of the synchronisation that follows
  int run(int blocks, int threads, int sharedBytes, Pointer... arguments) {
    var values =
        Pointer.to(Arrays.copyOf(arguments, arguments.length, NativePointerObject[].class));
    assertThat(
            JCudaDriver.cuLaunchKernel(
                function, blocks, 1, 1, threads, 1, 1, sharedBytes, null, values, null))
        .isZero();
    return JCudaDriver.cuCtxSynchronize();
  }
}
