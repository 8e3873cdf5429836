package dev.assay.internal.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// JVMs that were started with the options of users, of the launcher, and with none.
class VectorModuleTest {
  private static final String EXPORT = "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED";

  @TempDir Path directory;

  @Test
  void isAddedWithoutAWordWhereTheJdkLetsUs() throws Exception {
    assertThat(said(EXPORT)).containsExactly("WarmingElementwise 9.0");
  }

  @Test
  void isUsedWhereTheJvmWasStartedWithIt() throws Exception {
    assertThat(said("--add-modules=jdk.incubator.vector"))
        .hasSize(2)
        .endsWith("WarmingElementwise 9.0")
        .first()
        .asString()
        .contains("incubator");
  }

  @Test
  void isNotNeeded() throws Exception {
    assertThat(said("-Xshare:auto")).containsExactly("ScalarElementwise 9.0");
    assertThat(said(EXPORT, "-Dassay.vectors=false")).containsExactly("ScalarElementwise 9.0");
  }

  private List<String> said(String... options) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Said.class.getName()));
    var output = directory.resolve("output");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    return Files.readAllLines(output);
  }

  /// What is chosen, and that it calculates.
  static final class Said {
    private Said() {}

    public static void main(String[] args) {
      var ones = new double[9];
      Arrays.fill(ones, 1);
      var best = ElementwiseChoice.BEST;
      System.out.println(
          best.getClass().getSimpleName() + " " + best.dot(ones, 0, ones, 0, ones.length));
    }
  }
}
