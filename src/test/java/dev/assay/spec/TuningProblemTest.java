package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.kernel.ElementType;
import dev.assay.problem.Problem;
import dev.assay.run.kernel.KernelSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TuningProblemTest {
  private static final String PROBLEM =
      """
      {"General": {"BenchmarkName": "scale", "TimeUnit": "Microseconds"},
       "ConfigurationSpace": {
         "TuningParameters": [
           {"Name": "width", "Type": "int", "Values": "[15]", "Default": 15},
           {"Name": "block", "Type": "uint", "Values": "[32, 64, 128]", "Default": 64},
           {"Name": "tile", "Type": "int", "Values": "list(range(1, 5))"},
           {"Name": "mode", "Type": "string", "Values": "['a', 'b']"},
           {"Name": "fast", "Type": "bool", "Values": [true, false]}],
         "Conditions": [
           {"Parameters": ["block", "tile"], "Expression": "(block // tile) * tile == block and block >= 64"}]},
       "Budget": [{"Type": "ConfigurationCount", "BudgetValue": 40},
                  {"Type": "TuningDuration", "BudgetValue": 600}],
       "KernelSpecification": {
         "Language": "CUDA", "KernelName": "scale", "KernelFile": "scale.cu",
         "CompilerOptions": ["-use_fast_math", ""], "SharedMemory": 0,
         "GlobalSize": {"X": "1048576 // block"}, "LocalSize": {"X": "block", "Y": "1", "Z": "1"},
         "Arguments": [
           {"Name": "a", "Type": "float4", "Size": 262144, "FillType": "Random", "FillValue": 20.0, "MemoryType": "Vector"},
           {"Name": "b", "Type": "int32", "Size": 100, "FillType": "Generator", "DataSource": "i", "MemoryType": "Vector"},
           {"Name": "c", "Type": "float", "Size": 1048576, "FillType": "Constant", "FillValue": 0.0, "MemoryType": "Vector"},
           {"Name": "factor", "Type": "float", "FillValue": 3.5, "MemoryType": "Scalar"}]}}
      """;

  @TempDir private Path directory;

  private StudyFile study(String problem) throws IOException {
    var file = directory.resolve("scale.json");
    Files.writeString(file, problem);
    var text = TuningProblem.read(file);
    return StudyFile.parse(directory.resolve("study.yaml"), text, List.of());
  }

  private static KernelSettings kernel(StudyFile study) {
    return ((ObjectiveSpec.Kernel) study.objective()).settings();
  }

  @Test
  void aTuningProblemIsAStudy() throws IOException {
    var study = study(PROBLEM);
    var kernel = kernel(study);
    assertThat(kernel.file()).isEqualTo("scale.cu");
    assertThat(kernel.function()).isEqualTo("scale");
    assertThat(kernel.backend()).isEqualTo("cuda");
    assertThat(kernel.options()).containsExactly("-use_fast_math");
    assertThat(kernel.constants()).isEqualTo(Map.of("width", 15.0));
    assertThat(kernel.block()).containsExactly("block");
    assertThat(kernel.grid()).containsExactly("floor(1048576 / block)");
    assertThat(kernel.verify()).isNull();
    assertThat(kernel.arguments())
        .extracting(a -> a.name())
        .containsExactly("a", "b", "c", "factor");
    assertThat(kernel.arguments().get(0).size()).isEqualTo("4 * (262144)");
    assertThat(kernel.arguments().get(0).fill().high()).isEqualTo(20);
    assertThat(kernel.arguments().get(3).value()).isEqualTo("3.5");
    var space = study.space();
    assertThat(space.parameters())
        .extracting(p -> p.name())
        .containsExactly("block", "tile", "mode", "fast");
    // Of 64 and 128: tiles of 1, 2 and 4; two modes, fast or not.
    assertThat(space.valid()).hasValue(2L * 3 * 2 * 2);
    assertThat(study.budget().trials()).isEqualTo(40);
  }

  @Test
  void openClSaysThreadsAndBatSaysWhatDivides() throws IOException {
    var threads =
        PROBLEM
            .replace("\"GlobalSize\": {", "\"GlobalSizeType\": \"OpenCL\", \"GlobalSize\": {")
            .replace("1048576 // block", "2048 * tile // 4 + 1");
    assertThat(kernel(study(threads)).grid())
        .containsExactly("ceil((floor(2048 * tile / 4) + 1) / (block))");
    var divided =
        PROBLEM.replace(
            "\"SharedMemory\": 0",
            "\"SharedMemory\": 64, \"ProblemSize\": [4096], \"GridDivX\": [\"block\", \"tile\"]");
    assertThat(kernel(study(divided)).grid()).containsExactly("ceil(4096 / (block * tile))");
    assertThat(kernel(study(divided)).shared()).isEqualTo("64");
  }

  @Test
  void typesMayHaveTheirNamesInC() throws IOException {
    var text = PROBLEM.replace("\"int32\"", "\"unsigned int\"");
    assertThat(kernel(study(text)).arguments().get(1).type()).isEqualTo(ElementType.UINT);
  }

  @Test
  void aRawFileIsAReference() throws IOException {
    var text =
        PROBLEM.replace(
            "\"SharedMemory\": 0",
            "\"ReferenceArguments\": [{\"Name\": \"r\", \"TargetName\": \"c\", \"FillType\":"
                + " \"BinaryRaw\", \"DataSource\": \"c.bin\"}]");
    var verify = Objects.requireNonNull(kernel(study(text)).verify());
    assertThat(verify.file()).isEqualTo("c.bin");
    assertThat(verify.argument()).isEqualTo("c");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"CUDA\"', '\"Vulkan\"', no back end",
    "'\"int32\"', '\"custom\"', no such type",
    "'\"Generator\"', '\"Script\"', no such fill",
    "'\"Scalar\"', '\"Symbol\"', no such memory",
    "'[32, 64, 128]', 'np.arange(4)', no list",
    "KernelSpecification, Kernel, no tuning problem",
    "'{\"General\"', '{General', cannot be read"
  })
  void whatAStudyCannotSayIsRefused(String from, String to, String reason) {
    assertThatThrownBy(() -> study(PROBLEM.replace(from, to)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(reason);
  }
}
