package dev.assay.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files travel whole, and nothing else does.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links, and whether files are executable")
class ShipTest {
  @TempDir Path directory;

  private Path base = Path.of("");

  @BeforeEach
  void write() throws IOException {
    base = Files.createDirectories(directory.resolve("study"));
    Files.writeString(base.resolve("train.py"), "print(1)\n");
    Files.writeString(base.resolve("run.sh"), "echo\n");
    assertThat(base.resolve("run.sh").toFile().setExecutable(true)).isTrue();
    Files.createDirectories(base.resolve("data/deep"));
    Files.write(base.resolve("data/rows.bin"), new byte[3 << 20]);
    Files.writeString(base.resolve("data/deep/two words.csv"), "1,2\n");
    Files.writeString(base.resolve("data/empty"), "");
  }

  private Packing packing() {
    return new Packing(base, 10 << 20);
  }

  private Depot depot() {
    return new DirectoryDepot(directory.resolve("shared"));
  }

  private Unpacking unpacking() {
    return new Unpacking(directory.resolve("cache"));
  }

  private static void assertSame(Path place, Path base, Manifest manifest) throws IOException {
    for (var entry : manifest.entries()) {
      var file = place.resolve(entry.path());
      assertThat(file).hasSameBinaryContentAs(base.resolve(entry.path()));
      assertThat(Files.isExecutable(file)).isEqualTo(entry.executable());
    }
  }

  @Test
  void whatIsPackedIsUnpackedElsewhere() throws IOException {
    Files.createSymbolicLink(base.resolve("data/link.csv"), Path.of("deep/two words.csv"));
    var manifest = packing().of(List.of("train.py", "./run.sh", "data/", "data/rows.bin"));
    assertThat(manifest.entries())
        .extracting(Manifest.Entry::path)
        .containsExactly(
            "data/deep/two words.csv",
            "data/empty",
            "data/link.csv",
            "data/rows.bin",
            "run.sh",
            "train.py");
    packing().send(manifest, depot());
    var read = Manifest.read(manifest.write());
    assertThat(read).isEqualTo(manifest);
    var place = unpacking().unpack(read, depot());
    assertSame(place, base, manifest);

    // Once more it is there; what was changed meanwhile is put there anew.
    assertThat(unpacking().unpack(read, depot())).isEqualTo(place);
    Files.writeString(place.resolve("train.py"), "print(2)\n");
    assertThat(unpacking().unpack(read, depot())).isEqualTo(place);
    assertSame(place, base, manifest);
    try (var left = Files.list(directory.resolve("cache"))) {
      assertThat(left).containsExactly(place);
    }
  }

  @Test
  void whatChangedIsSaid() throws IOException {
    var before = packing().of(List.of("train.py", "run.sh", "data"));
    Files.writeString(base.resolve("train.py"), "print(2)\n");
    Files.delete(base.resolve("run.sh"));
    Files.writeString(base.resolve("data/more"), "3\n");
    var now = packing().of(List.of("train.py", "data"));
    assertThat(before.differences(now))
        .containsExactly("data/more: new", "train.py: changed", "run.sh: gone");
    assertThat(before.sha256()).isNotEqualTo(now.sha256());
    assertThat(now.differences(now)).isEmpty();
  }

  @Test
  void whatArrivesAsAnotherFileIsRefusedAndNothingIsLeftOfIt() throws IOException {
    var manifest = packing().of(List.of("train.py", "data"));
    packing().send(manifest, depot());
    var train = manifest.entries().getLast();
    Files.writeString(
        directory.resolve("shared").resolve(train.sha256().substring(0, 2)).resolve(train.sha256()),
        "print(3)\n");
    assertThatThrownBy(() -> unpacking().unpack(manifest, depot()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("train.py");
    try (var left = Files.list(directory.resolve("cache"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whatIsMissingOutsideOrTooMuchIsRefused() throws IOException {
    Files.writeString(directory.resolve("secret"), "s");
    Files.createSymbolicLink(base.resolve("data/out"), directory.resolve("secret"));
    refused("outside", "data");
    refused("outside", "data/out");
    refused("outside", "../secret");
    Files.delete(base.resolve("data/out"));
    refused("missing", "train.pyc");
    Files.createSymbolicLink(base.resolve("data/round"), base.resolve("data"));
    refused("cannot be read", "data");
    Files.delete(base.resolve("data/round"));
    assertThatThrownBy(() -> new Packing(base, 1 << 20).of(List.of("data")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("3 MiB")
        .hasMessageContaining("to:");
    for (int i = 0; i <= Packing.MOST_FILES; i++) {
      Files.createFile(base.resolve("data/" + i));
    }
    refused("Too many", "data");
  }

  private void refused(String why, String name) {
    assertThatThrownBy(() -> packing().of(List.of(name)))
        .as(name)
        .isInstanceOf(Problem.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/etc/x", "a/../../x", "a//x", "", ".", "a/", "a\\..\\x"})
  void aManifestLeadsNowhereElse(String path) {
    var entry = Map.of("path", path, "bytes", 1, "sha256", "0".repeat(64), "executable", false);
    assertThatThrownBy(() -> Manifest.read(List.of(entry)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("damaged");
    assertThatThrownBy(() -> Manifest.read(List.of(1))).isInstanceOf(Problem.class);
  }
}
