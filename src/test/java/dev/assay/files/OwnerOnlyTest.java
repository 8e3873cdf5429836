package dev.assay.files;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {
  @TempDir Path directory;

  @BeforeEach
  void posix() {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "permissions");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void whatIsMadeIsTheOwnersAlone() throws IOException {
    var deep = OwnerOnly.directories(directory.resolve("a/b"));
    assertThat(permissions(deep)).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve("a"))).isEqualTo("rwx------");
    assertThat(permissions(OwnerOnly.file(deep.resolve("empty")))).isEqualTo("rw-------");
    OwnerOnly.write(deep.resolve("text"), "ünï");
    OwnerOnly.write(deep.resolve("text"), "ü");
    assertThat(permissions(deep.resolve("text"))).isEqualTo("rw-------");
    assertThat(deep.resolve("text")).hasContent("ü");
  }

  @Test
  void ofWhatCannotBeReplacedNothingIsLeft() throws IOException {
    var file = directory.resolve("report.html");
    OwnerOnly.replace(file, "first");
    OwnerOnly.replace(file, "second");
    assertThat(file).hasContent("second");
    assertThat(permissions(file)).isEqualTo("rw-------");
    var taken = Files.createDirectories(directory.resolve("taken/by others")).getParent();
    assertThatThrownBy(() -> OwnerOnly.replace(requireNonNull(taken), "third"))
        .isInstanceOf(IOException.class);
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactlyInAnyOrder(file, taken);
    }
  }

  @Test
  void whatIsThereKeepsItsPermissions() throws IOException {
    var shared = Files.createDirectory(directory.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-x---"));
    OwnerOnly.directories(shared.resolve("own"));
    assertThat(permissions(shared)).isEqualTo("rwxr-x---");
    var file = Files.writeString(shared.resolve("file"), "kept");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(OwnerOnly.file(file)).hasContent("kept");
    assertThat(permissions(file)).isEqualTo("rw-r-----");
  }
}
