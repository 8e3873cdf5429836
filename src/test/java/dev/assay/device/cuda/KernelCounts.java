package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.ptx.profile.Coverage;
import dev.assay.ptx.profile.Profile;
import dev.assay.run.TestResults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Makes results files of what the stand-in counted elsewhere: the basic blocks that tests reached,
/// what kernels do. Not part of the build; its commands stand in CONTRIBUTING.md.
///
/// System properties: `assay.results`, the directory that files are written to; `assay.coverage`,
/// what `ASSAY_STANDIN_COVERAGE` was while tests ran; `assay.profile`, what `profile.sh --keep` was
/// told.
class KernelCounts {
  private static final String HERE =
      "./mvnw -pl src test-compile surefire:test@default-test -Dtest=KernelCounts"
          + " -Dassay.results=../results ";

  private static Path told(String property) {
    var path = System.getProperty(property);
    assumeTrue(path != null, property + " is not set");
    return Path.of(String.valueOf(path));
  }

  @Test
  void blocksThatTestsReach() throws IOException {
    var shipped = ShippedBarriers.functions();
    var functions =
        Coverage.functions(Coverage.read(told("assay.coverage"))).stream()
            .filter(function -> shipped.contains(function.name())) // tests have PTX of their own
            .toList();
    assertThat(functions).isNotEmpty();
    var measurements = new ArrayList<Map<String, @Nullable Object>>();
    measurements.add(
        blocks(
            new Coverage.Function(
                "all",
                functions.stream().mapToInt(Coverage.Function::blocks).sum(),
                functions.stream().mapToInt(Coverage.Function::reached).sum(),
                List.of())));
    functions.forEach(function -> measurements.add(blocks(function)));
    StandInResults.write(
        told("assay.results"), "coverage", measurements, HERE + "-Dassay.coverage=DIR");
  }

  private static Map<String, @Nullable Object> blocks(Coverage.Function of) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("function", of.name());
    parameters.put("blocks", Integer.toString(of.blocks()));
    if (!of.missing().isEmpty()) {
      parameters.put("not reached", "PTX lines " + String.join(" ", of.missing()));
    }
    return TestResults.measurement("standin.blocks", parameters, of.reached(), "reached");
  }

  @Test
  void whatKernelsDo() throws IOException {
    var rows = Profile.rows(told("assay.profile"));
    assertThat(rows).isNotEmpty();
    var measurements =
        rows.stream()
            .map(row ->
                TestResults.measurement(
                    "standin.profile", row.parameters(), row.warps(), "warp instructions"))
            .toList();
    StandInResults.write(
        told("assay.results"), "profile", measurements, HERE + "-Dassay.profile=DIR");
  }
}
