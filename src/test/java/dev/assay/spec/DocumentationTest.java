package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Pruners;
import dev.assay.sampler.Samplers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What a study file may say is written where people read it.
class DocumentationTest {
  private static final Path DOCS = Path.of("..", "docs");

  static List<String> samplers() {
    return Samplers.names();
  }

  static List<String> pruners() {
    return Pruners.names();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// The rows of the reference's tables that begin with this name.
  private static String rows(String name) {
    return lines(DOCS.resolve("study-file.md")).stream()
        .filter(line -> line.startsWith("|"))
        .filter(line -> line.split("\\|")[1].contains("`" + name + "`"))
        .collect(Collectors.joining("\n"));
  }

  private static void hasOptions(String name, Set<String> options) {
    assertThat(rows(name)).as("the row of %s in docs/study-file.md", name).isNotEmpty();
    for (var option : options) {
      assertThat(rows(name)).as("option %s of %s", option, name).contains("`" + option);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyKeyIsInTheDocs(Section section) throws IOException {
    var docs = new ArrayList<String>();
    try (var files = Files.list(DOCS)) {
      files
          .filter(file -> file.toString().endsWith(".md"))
          .forEach(file -> docs.addAll(lines(file)));
    }
    var text = String.join("\n", docs);
    for (var key : section.keys()) {
      assertThat(text).as("%s of %s", key, section).containsPattern("`[^`\n]*\\b" + key + "\\b");
    }
  }

  @ParameterizedTest
  @MethodSource
  void samplers(String name) {
    hasOptions(name, Samplers.create(name, Map.of()).settings().keySet());
  }

  @ParameterizedTest
  @MethodSource
  void pruners(String name) {
    // A threshold has no default.
    Map<String, Object> needed = name.equals("threshold") ? Map.of("upper", 1) : Map.of();
    hasOptions(name, Pruners.create(name, needed).settings().keySet());
  }

  @Test
  void theReadmeNamesThemAll() {
    var readme = String.join("\n", lines(Path.of("..", "README.md")));
    samplers().forEach(name -> assertThat(readme).contains("`" + name + "`"));
    pruners().stream()
        .filter(name -> !name.equals(Pruners.none().name()))
        .forEach(name -> assertThat(readme).contains("`" + name + "`"));
  }
}
