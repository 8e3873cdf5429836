package dev.assay.run.population;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.files.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What of a checkpoint a copy of it has.
@Timeout(60)
class CheckpointsTest {
  @TempDir Path directory;
  private Path from = Path.of("");
  private Path to = Path.of("");

  @BeforeEach
  void twoSteps() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "links of POSIX systems");
    from = directory.resolve("trials/0/checkpoint");
    to = Files.createDirectories(directory.resolve("trials/1")).resolve("checkpoint");
    for (int step = 1; step <= 2; step++) {
      write(from.resolve("step_" + step + "/deep/weights"), "weights " + step);
    }
  }

  private static void write(Path file, String text) throws IOException {
    var parent = file.getParent();
    assertThat(parent).isNotNull();
    Files.createDirectories(parent);
    Files.writeString(file, text);
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(from.resolve(name), Path.of(target));
  }

  /// After the copy the original goes, as when its trial is swept away.
  private void copyAndRemove() throws IOException {
    Checkpoints.copy(from, to);
    Trees.remove(from);
  }

  private String read(String name) throws IOException {
    return Files.readString(to.resolve(name));
  }

  @Test
  void linksWithinLeadToTheCopy() throws IOException {
    link("latest", "step_2");
    link("latest.pt", "./step_2/deep/weights");
    link("absolute", from.resolve("step_1").toString());
    link("round", "../checkpoint/step_1/../step_2");
    link("far", "../../0/checkpoint/step_1");
    link("chain", "latest/deep");
    link("step_1/up", "../step_2");
    link("here", ".");
    copyAndRemove();
    assertThat(read("latest/deep/weights")).isEqualTo("weights 2");
    assertThat(read("latest.pt")).isEqualTo("weights 2");
    assertThat(read("absolute/deep/weights")).isEqualTo("weights 1");
    assertThat(read("round/deep/weights")).isEqualTo("weights 2");
    assertThat(read("far/deep/weights")).isEqualTo("weights 1");
    assertThat(read("chain/weights")).isEqualTo("weights 2");
    assertThat(read("step_1/up/deep/weights")).isEqualTo("weights 2");
    assertThat(read("here/here/latest/deep/weights")).isEqualTo("weights 2");
    assertThat(Files.readSymbolicLink(to.resolve("latest"))).isEqualTo(Path.of("step_2"));
    write(to.resolve("step_2/deep/weights"), "changed");
    assertThat(read("latest.pt")).isEqualTo("changed");
  }

  @Test
  void whatOtherLinksLeadToIsCopied() throws IOException {
    var outside = directory.resolve("trials/0/saved");
    write(outside.resolve("best/weights"), "best");
    Files.createSymbolicLink(outside.resolve("latest"), Path.of("best"));
    Files.createSymbolicLink(
        outside.resolve("shared"), Files.createDirectories(directory.resolve("empty")));
    link("saved", "../saved");
    link("weights", outside.resolve("latest/weights").toString());
    link("both", "saved/latest/weights");
    Checkpoints.copy(from, to);
    Trees.remove(directory.resolve("trials/0"));
    assertThat(read("saved/best/weights")).isEqualTo("best");
    assertThat(read("saved/latest/weights")).isEqualTo("best");
    assertThat(to.resolve("saved/shared")).isEmptyDirectory();
    assertThat(read("weights")).isEqualTo("best");
    assertThat(read("both")).isEqualTo("best");
  }

  @Test
  void linksThatLeadNowhereStayAsTheyAre() throws IOException {
    link("dangling", "step_9");
    link("away", "/no/such/directory/of/anybody");
    link("first", "second");
    link("second", "first");
    copyAndRemove();
    for (var name : new String[] {"dangling", "away", "first", "second"}) {
      assertThat(Files.exists(to.resolve(name), LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(Files.exists(to.resolve(name))).isFalse();
    }
    assertThat(Files.readSymbolicLink(to.resolve("dangling"))).isEqualTo(Path.of("step_9"));
  }

  @Test
  void filesOfTwoNamesAndEmptyDirectoriesAreCopied() throws IOException {
    Files.createLink(from.resolve("same"), from.resolve("step_1/deep/weights"));
    Files.createDirectories(from.resolve("nothing"));
    copyAndRemove();
    assertThat(read("same")).isEqualTo("weights 1");
    assertThat(to.resolve("nothing")).isEmptyDirectory();
  }

  @Test
  void aCheckpointThatIsALinkIsCopiedAsWhatItLeadsTo() throws IOException {
    var elsewhere = directory.resolve("elsewhere");
    Files.move(from, elsewhere);
    Files.createSymbolicLink(from, elsewhere);
    link("latest", "step_2");
    copyAndRemove();
    assertThat(read("latest/deep/weights")).isEqualTo("weights 2");
    assertThat(elsewhere).isDirectoryContaining(path -> path.endsWith("latest"));
  }

  @Test
  void aDirectoryThatHoldsTheCheckpointItselfIsRefused() throws IOException {
    link("up", "..");
    assertThatThrownBy(() -> Checkpoints.copy(from, to))
        .isInstanceOf(CheckpointCopy.Refused.class)
        .hasMessageContaining("up leads to ")
        .hasMessageContaining("no end");
    assertThat(to).doesNotExist();
  }

  @Test
  void aPipeIsRefused() throws Exception {
    var pipe = from.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> Checkpoints.copy(from, to))
        .isInstanceOf(CheckpointCopy.Refused.class)
        .hasMessageContaining(pipe.getFileName().toString());
    Files.delete(pipe);
    var elsewhere = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", elsewhere.toString()).start().waitFor()).isZero();
    link("pipe", elsewhere.toString());
    assertThatThrownBy(() -> Checkpoints.copy(from, to)).isInstanceOf(CheckpointCopy.Refused.class);
    assertThat(to).doesNotExist();
  }
}
