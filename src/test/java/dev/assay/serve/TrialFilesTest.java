package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of trials: what is shown of them, and that nothing else is.
final class TrialFilesTest {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2, 3};

  @TempDir Path root;
  private Path own;
  private TrialFiles files;

  @BeforeEach
  void make() throws IOException {
    own = Files.createDirectories(root.resolve("trials/7"));
    files = new TrialFiles(own);
    Files.writeString(root.resolve("secret"), "a secret");
    Files.createDirectories(root.resolve("elsewhere"));
    Files.writeString(root.resolve("elsewhere/secret"), "a secret");
    Files.createDirectories(own.resolve("plots"));
    Files.write(own.resolve("plots/a b<i>.png"), PNG);
    Files.writeString(own.resolve("log"), "line 1\nline 2\n");
    Files.createSymbolicLink(own.resolve("link"), root.resolve("secret"));
    Files.createSymbolicLink(own.resolve("within"), own.resolve("log"));
    Files.createSymbolicLink(own.resolve("folder"), root.resolve("elsewhere"));
  }

  @Test
  void listsRegularFilesAndFollowsNoLink() {
    assertThat(files.list())
        .containsExactly(
            new TrialFiles.Entry("log", 14), new TrialFiles.Entry("plots/a b<i>.png", 11));
    assertThat(new TrialFiles(root.resolve("trials/8")).list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../secret", "plots/../../../secret", "plots/../log", "./log", "..", ".", "",
            "/etc/passwd",
        "link", "within", "folder/secret", "folder", "plots", "absent", "log/x", "a\u0000b",
        "..\\..\\secret", "%2e%2e/%2e%2e/secret", "//log"
      })
  void readsNothingElse(String path) {
    assertThatThrownBy(() -> files.text(path, Long.MAX_VALUE)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> files.picture(path)).isInstanceOf(Problem.class);
  }

  @Test
  void aTrialsDirectoryThatLeadsElsewhereIsNone() throws IOException {
    Files.createSymbolicLink(root.resolve("trials/9"), root.resolve("elsewhere"));
    var led = new TrialFiles(root.resolve("trials/9"));
    assertThat(led.list()).isEmpty();
    assertThatThrownBy(() -> led.text("secret", Long.MAX_VALUE)).isInstanceOf(Problem.class);
  }

  @Test
  void whatAPictureIsFollowsFromItsBytes() throws IOException {
    var picture = files.picture("plots/a b<i>.png");
    assertThat(picture.type()).isEqualTo("image/png");
    assertThat(picture.bytes()).isEqualTo(PNG);
    for (var other : List.of("<svg onload=alert(1)>", "<!doctype html>", "", "GIF8", "RIFF")) {
      Files.writeString(own.resolve("x.png"), other);
      assertThatThrownBy(() -> files.picture("x.png"))
          .as(other)
          .isInstanceOf(Problem.class)
          .hasMessageContaining("no picture");
    }
    try (var large = new RandomAccessFile(own.resolve("x.png").toFile(), "rw")) {
      large.write(PNG);
      large.setLength(TrialFiles.LARGEST_PICTURE + 1L);
    }
    assertThatThrownBy(() -> files.picture("x.png")).hasMessageContaining("too large");
  }

  @Test
  void aTextIsReadFromItsEndPartByPart() throws IOException {
    var text = "äöü€😀\n".repeat(9001);
    Files.writeString(own.resolve("log"), text);
    var read = new StringBuilder();
    long before = Long.MAX_VALUE;
    while (before > 0) {
      var part = files.text("log", before);
      assertThat(part.size()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
      assertThat(part.from()).isLessThan(before);
      read.insert(0, Objects.requireNonNull(part.text()));
      before = part.from();
    }
    assertThat(read.toString()).isEqualTo(text);
  }

  @Test
  void ofAHugeLogOnlyTheEndIsRead() throws IOException {
    try (var log = new RandomAccessFile(own.resolve("log").toFile(), "rw")) {
      log.setLength(100_000_000);
      log.seek(100_000_000);
      log.write("the end".repeat(TrialFiles.PART).getBytes(StandardCharsets.UTF_8));
    }
    var part = files.text("log", Long.MAX_VALUE);
    assertThat(part.size() - part.from()).isEqualTo(TrialFiles.PART);
    assertThat(part.text()).endsWith("the end");
    assertThat(files.text("log", 50_000_000).text()).as("zeros").isNull();
    Files.write(own.resolve("model"), new byte[] {1, 0, 2});
    assertThat(files.text("model", Long.MAX_VALUE).text()).isNull();
    Files.write(own.resolve("model"), new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80});
    assertThat(files.text("model", Long.MAX_VALUE).text()).isNotNull();
  }
}
