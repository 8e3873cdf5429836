package dev.assay.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The first programs are started otherwise than those after them; nobody must see which.
@EnabledOnOs(OS.LINUX)
class OwnSessionTest {
  private static final int ENOUGH_FOR_BOTH = 12;

  @TempDir Path directory;

  @Test
  void everyProgramHasASessionOfItsOwn() throws Exception {
    for (int i = 0; i < ENOUGH_FOR_BOTH; i++) {
      var process =
          OwnSession.start(
              List.of("sh", "-c", "cut -d' ' -f1,5,6 /proc/$$/stat; echo $WORD >&2; exit 7"),
              Map.of("WORD", "word " + i),
              directory);
      var ids = new String(process.getInputStream().readAllBytes()).strip();
      var pid = Long.toString(process.pid());

      assertThat(ids).as("process, group and session of program %d", i).isEqualTo(same(pid));
      assertThat(process.getErrorStream().readAllBytes()).asString().isEqualTo("word " + i + "\n");
      assertThat(process.waitFor()).isEqualTo(7);
    }
  }

  private static String same(String pid) {
    return pid + " " + pid + " " + pid;
  }

  @Test
  void scriptsStartWhereTheyAreAndReadNothing() throws Exception {
    var script = script("#!/bin/sh\npwd; cat; echo end\n");
    var bare = script("pwd; cat; echo end\n");
    for (int i = 0; i < ENOUGH_FOR_BOTH; i++) {
      for (var file : List.of(script, bare)) {
        var process = OwnSession.start(List.of("./" + file.getFileName()), Map.of(), directory);

        assertThat(process.getInputStream().readAllBytes())
            .asString()
            .isEqualTo(directory.toRealPath() + "\nend\n");
        assertThat(process.waitFor()).isZero();
      }
    }
  }

  @Test
  void whatCannotBeStartedIsSaidByTheFirstStartAsByTheLast() throws Exception {
    var foreign = directory.resolve("foreign");
    var header = new byte[64];
    header[0] = 0x7f;
    header[1] = 'E';
    header[2] = 'L';
    header[3] = 'F';
    header[4] = 1;
    header[18] = 8;
    Files.write(foreign, header);
    Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rwxr-xr-x"));
    var orphan = script("#!/no/such/interpreter\n");
    var plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
    var there = script("#!/bin/sh\n");
    for (int i = 0; i < ENOUGH_FOR_BOTH; i++) {
      refused("no such program", directory, "no-such-program");
      refused("no such file", directory, "./no-such-file");
      refused("no program of this system", directory, foreign.toString());
      refused("/no/such/interpreter", directory, orphan.toString());
      refused("not executable", directory, plain.toString());
      refused("no-such-directory", directory.resolve("no-such-directory"), there.toString());
    }
  }

  private void refused(String why, Path in, String program) {
    assertThatThrownBy(() -> OwnSession.start(List.of(program), Map.of(), in))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }

  private Path script(String text) throws IOException {
    var file = Files.createTempFile(directory, "script", "");
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
