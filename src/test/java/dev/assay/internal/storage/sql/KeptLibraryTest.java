package dev.assay.internal.storage.sql;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptLibraryTest {
  @TempDir private Path cache;

  @BeforeEach
  void linux() {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
  }

  private Path file() {
    return requireNonNull(KeptLibrary.directory(org.sqlite.JDBC.class, cache))
        .resolve("libsqlitejdbc.so");
  }

  @Test
  void isUnpackedOnceAndIsTheDrivers() throws IOException {
    var file = file();
    try (var resource =
        org.sqlite.JDBC.class.getResourceAsStream(
            "/org/sqlite/native/Linux/x86_64/" + "libsqlitejdbc.so")) {
      if (System.getProperty("os.arch").equals("amd64") && resource != null) {
        assertThat(file).hasBinaryContent(resource.readAllBytes());
      }
    }
    var made = Files.getLastModifiedTime(file);
    assertThat(Files.getLastModifiedTime(file())).isEqualTo(made);
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void aCutShortOneIsReplaced() throws IOException {
    var file = file();
    long size = Files.size(file);
    Files.writeString(file, "cut short");
    assertThat(file()).hasSize(size);
  }

  @Test
  void withoutAPlaceTheDriverUnpacksItsOwn() throws IOException {
    var taken = Files.writeString(cache.resolve("file"), "");
    assertThat(KeptLibrary.directory(org.sqlite.JDBC.class, taken)).isNull();
  }
}
