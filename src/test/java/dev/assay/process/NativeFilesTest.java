package dev.assay.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Changes a property of the whole process.
@Isolated
class NativeFilesTest {
  private final String before = System.getProperty("java.io.tmpdir");

  @TempDir Path directory;

  @BeforeEach
  void set() {
    System.setProperty("java.io.tmpdir", directory.toString());
  }

  @AfterEach
  void reset() {
    System.setProperty("java.io.tmpdir", before);
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void nothingStaysBehind() throws IOException {
    var seen = new ArrayList<Path>();
    NativeFiles.within(
        "x",
        place -> {
          seen.add(Files.writeString(place.resolve("x.so"), "library"));
          assertThat(files()).containsExactly(place);
        });
    assertThat(seen).hasSize(1);
    assertThat(files()).isEmpty();
  }

  @Test
  void whatAKilledProcessLeftIsRemovedAndWhatALiveOneUsesIsNot() throws IOException {
    var used = new ArrayList<Path>();
    NativeFiles.within(
        "mine",
        place -> {
          used.add(place);
          var self = ProcessIdentity.current();
          var name = place.getFileName().toString();
          var dead = name.replace("-" + self.pid() + "-", "-" + Integer.MAX_VALUE + "-");
          var left = Files.createDirectory(directory.resolve(dead));
          Files.writeString(left.resolve("x.so"), "library");
          var elsewhere = Files.createDirectory(directory.resolve("assay-natives-0-1-1-x"));
          NativeFiles.within("other", other -> assertThat(files()).contains(other, place));
          assertThat(left).doesNotExist();
          assertThat(elsewhere).exists();
        });
    assertThat(used).hasSize(1);
  }
}
