package dev.assay.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// TornadoVM 5.2 looks for the elements of an array in local memory eight times too far away in a
/// method that a kernel hands it to. Processors have memory there, so that only this tells.
class LocalArraysTest {
  @Test
  void noMethodOfAKernelTakesOne() throws Exception {
    var location = FactorKernels.class.getProtectionDomain().getCodeSource().getLocation();
    var directory = Path.of(location.toURI()).resolve("dev/assay/device/tornado");
    var kernels = new ArrayList<Class<?>>();
    try (var files = Files.newDirectoryStream(directory, "*{Kernels,Arithmetic}.class")) {
      for (var file : files) {
        var name = file.getFileName().toString().replace(".class", "");
        kernels.add(Class.forName(FactorKernels.class.getPackageName() + "." + name));
      }
    }
    assertThat(kernels).hasSizeGreaterThan(10).contains(FactorKernels.class);
    for (var kernel : kernels) {
      assertThat(kernel.getDeclaredMethods())
          .isNotEmpty()
          .noneMatch(method -> Arrays.stream(method.getParameterTypes()).anyMatch(Class::isArray));
    }
  }
}
