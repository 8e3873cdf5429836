package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which studies have a directory. What may not be looked into is no missing study: links that lead
/// in a circle stand for directories of other users, which the administrator, as whom tests may
/// run, can read.
class StudyPlaceTest {
  @TempDir private Path root;

  private static void closed(Path directory) throws IOException {
    Files.createSymbolicLink(directory, directory);
  }

  @Test
  void aStudyIsThereWhereItsFileIs() throws IOException {
    var place = new StudyPlace(root);
    Files.createFile(Files.createDirectories(place.directory("a b")).resolve("study.db"));
    Files.createDirectories(place.directory("empty"));
    assertThat(place.has("a b")).isTrue();
    assertThat(place.has("empty")).isFalse();
    assertThat(place.has("other")).isFalse();
    assertThat(place.names()).containsExactly("a b");
    assertThat(place.closed()).isEmpty();
    assertThat(new StudyPlace(root.resolve("nowhere")).names()).isEmpty();
  }

  @Test
  void whatMayNotBeReadIsNotCalledMissing() throws IOException {
    var place = new StudyPlace(root);
    Files.createFile(Files.createDirectories(place.directory("own")).resolve("study.db"));
    closed(place.directory("theirs"));
    assertThat(place.names()).containsExactly("own");
    assertThat(place.closed()).containsExactly("theirs");
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> place.has("theirs"))
        .satisfies(problem -> {
          assertThat(problem.what()).contains("may not be read");
          assertThat(problem.value()).endsWith("theirs");
          assertThat(problem.mend()).contains("chmod", "ASSAY_STUDIES");
        });
    closed(root.resolve("all"));
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> new StudyPlace(root.resolve("all")).names())
        .satisfies(problem -> assertThat(problem.value()).endsWith("all"));
  }
}
