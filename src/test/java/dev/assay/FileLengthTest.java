package dev.assay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is longer than a reader takes in has more than one purpose.
class FileLengthTest {
  private static final int MOST_LINES = 400;
  private static final List<String> SOURCES = List.of(".java", ".cu", ".cuh", ".h", ".c");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "main/java",
        "test/java",
        "spark",
        "tornado",
        "../benchmarks/src",
        "../kernels",
        "../examples"
      })
  void noFileIsLongerThanAReaderTakes(Path directory) throws IOException {
    var tooLong = new TreeMap<String, Integer>();
    try (var files = Files.walk(directory)) {
      for (var file : files.filter(FileLengthTest::isSource).toList()) {
        int lines = Files.readAllLines(file).size();
        if (lines > MOST_LINES) {
          tooLong.put(file.toString(), lines);
        }
      }
    }
    assertThat(tooLong).as("files of more than " + MOST_LINES + " lines").isEmpty();
  }

  private static boolean isSource(Path file) {
    return SOURCES.stream().anyMatch(file.toString()::endsWith);
  }
}
