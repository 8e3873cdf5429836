package dev.assay.device.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.kernel.KernelSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildLogTest {
  /// As PoCL, clang and others write them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "error: /root/.cache/pocl/kcache/tempfile_a1.cl:1:99 <Spelling=<command line>:5:11>:"
            + " expected ')' | error: k.cl:1:99: (a parameter or constant of the study is a macro"
            + " of that name) expected ')'",
        "error: /root/.cache/pocl/kcache/tempfile_a1.cl:8:2: unknown type | error: k.cl:8:2:"
            + " unknown type",
        "<kernel>:12:3: error: no | k.cl:12:3: error: no",
        "input.cl:12:3: error: no | k.cl:12:3: error: no"
      })
  void placesAreThoseOfTheUsersFile(String said, String expected) {
    var source = new KernelSource("k.cl", "", "k", Map.of(), List.of());
    assertThat(BuildLog.of("warning: other\n" + said, source)).startsWith(expected);
  }
}
