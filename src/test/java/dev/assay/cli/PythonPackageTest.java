package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The tests of the Python package, against the classes of this build.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class PythonPackageTest {
  private static final String OLD_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 9))";

  @TempDir Path directory;

  /// What the command `assay` is in an installation.
  private void launcher() throws IOException {
    var script = directory.resolve("assay");
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var words = new ArrayList<>(ClassArchive.options());
    words.addAll(List.of("-Dslf4j.provider=dev.assay.cli.TerminalLog", Main.class.getName()));
    Files.writeString(
        script, "#!/bin/sh\nexec '%s' '%s' \"$@\"\n".formatted(java, String.join("' '", words)));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private int python(Path log, String... words) throws IOException, InterruptedException {
    var command = new ProcessBuilder("python3");
    command.command().addAll(List.of(words));
    command.directory(Path.of("..", "python").toFile()).redirectErrorStream(true);
    command.environment().put("ASSAY_HOME", directory.toString());
    command.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    return command.redirectOutput(log.toFile()).start().waitFor();
  }

  @Test
  void itsOwnTestsPass() throws Exception {
    var log = directory.resolve("log");
    int version;
    try {
      version = python(log, "-c", OLD_ENOUGH);
    } catch (IOException e) {
      version = -1;
    }
    assumeTrue(version == 0, "There is no python3 of version 3.9 or later here.");
    launcher();
    int code =
        python(
            log,
            "-W",
            "error::SyntaxWarning",
            "-m",
            "unittest",
            "discover",
            "-v",
            "-s",
            "tests",
            "-t",
            ".");
    assertThat(code).as("%s", Files.readString(log, StandardCharsets.UTF_8)).isZero();
    assertThat(Files.readString(log, StandardCharsets.UTF_8))
        .containsPattern("Ran [1-9][0-9]+ tests");
  }
}
