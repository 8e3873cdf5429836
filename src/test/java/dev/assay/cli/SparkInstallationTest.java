package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkInstallationTest {
  @TempDir Path directory;

  private Path withApplication() throws IOException {
    var jar = directory.resolve("assay/lib/spark/assay-spark.jar");
    Files.createDirectories(jar.getParent());
    Files.createFile(jar);
    return directory.resolve("assay");
  }

  @Test
  void withoutItsModuleSparkIsRefused() {
    assertThatThrownBy(() -> SparkInstallation.find(Map.of(), directory.toString()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("speaks with Spark is missing")
        .hasMessageContaining("assay-spark.jar")
        .hasMessageContaining("launcher");
  }

  @Test
  void withoutSparksJarsItIsRefused() throws Exception {
    var home = withApplication().toString();
    assertThatThrownBy(() -> SparkInstallation.find(Map.of(), home))
        .hasMessageContaining("There is no Spark here")
        .hasMessageContaining("SPARK_HOME is not set");
    assertThatThrownBy(
            () -> SparkInstallation.find(Map.of("SPARK_HOME", directory.toString()), home))
        .hasMessageContaining("has no directory jars");
  }

  @Test
  void theApplicationIsSubmittedAsSparksUsersDo() throws Exception {
    var home = withApplication().toString();
    var spark = directory.resolve("spark");
    Files.createDirectories(spark.resolve("jars"));
    var environment = Map.of("SPARK_HOME", spark.toString(), "HADOOP_CONF_DIR", "/etc/hadoop");
    var command =
        SparkInstallation.find(environment, home)
            .command("yarn", List.of("spark.executor.memory=2g"), environment);
    assertThat(String.join(" ", command))
        .contains("-cp " + spark.resolve("conf") + ":" + spark.resolve("jars") + "/*:/etc/hadoop")
        .contains("SparkSubmit --master yarn --deploy-mode client")
        .contains("--conf spark.executor.memory=2g")
        .endsWith("lib/spark/assay-spark.jar");
  }

  private String refused(String... words) throws IOException {
    var file =
        Files.writeString(
            directory.resolve("s.yaml"),
            "name: s\nobjective: {function: branin}\nminimize: value\nbudget: {trials: 1}\n");
    var out = new ByteArrayOutputStream();
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    var all = new java.util.ArrayList<>(List.of("tune", file.toString(), "--storage", "memory:"));
    all.addAll(List.of(words));
    assertThat(Main.run(new Console(stream, stream), all.toArray(String[]::new)))
        .isEqualTo(ExitCode.BAD_INPUT);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatSparkCannotPlaceIsRefusedBeforeAnythingBegins() throws Exception {
    assertThat(refused("--conf", "a=b")).contains("Spark is not asked", "--on");
    assertThat(refused("--on", "local", "--conf", "memory")).contains("no setting of Spark");
    assertThat(refused("--on", "local", "--parallel", "0")).contains("Nobody would run a trial");
    assertThat(refused("--on", "local", "--program", "assay-bundle-linux-x86_64.tar.xz"))
        .contains("does not unpack such an archive", "tar.gz");
  }
}
