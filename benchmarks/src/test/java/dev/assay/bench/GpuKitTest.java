package dev.assay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// What is carried to a machine with a card, on the stand-in driver: with the programs of this
/// build some steps, and with `-Dassay.kit=DIRECTORY` (where the archive of `assay bundle
/// --gpu-kit` was unpacked) the kit as it is, whole. Nothing of this machine's environment reaches
/// it.
@EnabledOnOs(OS.LINUX)
class GpuKitTest {
  /// Built by the library's tests.
  private static final Path STAND_IN = Path.of("../src/target/standin").toAbsolutePath();

  @TempDir Path directory;

  private int run(Path kit, String... words) throws Exception {
    assumeTrue(Files.exists(STAND_IN.resolve("libcuda.so.1")), "the stand-in is not built");
    var command = new ArrayList<>(List.of("/bin/sh", kit + "/peers/gpu.sh", "--quick"));
    command.addAll(List.of(words));
    command.add(directory.resolve("out").toString());
    var process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile());
    process.environment().clear();
    process.environment().put("PATH", "/usr/bin:/bin");
    process.environment().put("HOME", directory.resolve("home").toString());
    process.environment().put("ASSAY_STANDIN", "allowed");
    process.environment().put("LD_LIBRARY_PATH", STAND_IN.toString());
    return process.start().waitFor();
  }

  /// As the kit has it, but for where the classes are.
  private Path kitOfThisBuild() throws IOException {
    var kit = Files.createDirectories(directory.resolve("kit"));
    Files.createDirectories(kit.resolve("peers"));
    Files.copy(Path.of("peers/gpu.sh"), kit.resolve("peers/gpu.sh"));
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    program(kit.resolve("runtime/bin/java"), "exec \"" + java + "\" \"$@\"\n");
    var classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    program(
        kit.resolve("bin/assay"),
        """
        main=dev.assay.cli.Main
        if [ "$1" = bench ]; then main=dev.assay.bench.Main; shift; fi
        exec "%s" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp "%s" "$main" "$@"
        """
            .formatted(java, classes));
    return kit;
  }

  private static void program(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String said() throws IOException {
    return Files.readString(directory.resolve("said"));
  }

  private String results() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("out/results"))) {
      return Files.readString(
          files.filter(file -> file.toString().endsWith("-gpu.md")).findFirst().orElseThrow());
    }
  }

  @Test
  void doctorAndTrainingAreGatheredAsNoGpus() throws Exception {
    var kit = kitOfThisBuild();
    for (var step : List.of("doctor", "training")) {
      assertThat(run(kit, "--step", step)).as(said()).isZero();
    }
    Files.writeString(
        directory.resolve("out/steps.json"),
        """
        {"step": "doctor", "outcome": "passed", "seconds": 3, "limit": 90}
        """);
    assertThat(run(kit, "--step", "gather")).as(said()).isZero();
    assertThat(results())
        .startsWith("**Not measured on a GPU: the times mean nothing.**")
        .contains("Assay test stand-in")
        .contains("training.device");
  }

  @Test
  void theWholeKit() throws Exception {
    var kit = System.getProperty("assay.kit");
    assumeTrue(kit != null, "-Dassay.kit=DIRECTORY runs a kit, for minutes");
    assertThat(run(Path.of(kit).toAbsolutePath())).as(said()).isZero();
    var steps = directory.resolve("out/steps.json");
    var names = new ArrayList<String>();
    for (var line : Files.readAllLines(steps)) {
      var step = JsonMapper.shared().readTree(line);
      names.add(step.get("step").asString());
      assertThat(step.get("outcome").asString()).as(line).isIn("passed", "not installed");
    }
    System.out.println(Files.readString(steps));
    assertThat(names).containsExactlyElementsOf(GpuScriptTest.STEPS);
    GpuScriptTest.assertThatLimitsAddUp(steps, 600);
    assertThat(results()).startsWith("**Not measured on a GPU: the times mean nothing.**");
  }
}
