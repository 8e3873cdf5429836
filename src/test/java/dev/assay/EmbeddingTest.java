package dev.assay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.study.Study;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/embed`, compiled and run as a program of its own: a JVM without flags, and of all that
/// Assay can use only what it needs.
class EmbeddingTest {
  /// Assay itself, and a class of each library that it needs.
  private static final List<Class<?>> NEEDED =
      List.of(
          Study.class,
          org.slf4j.Logger.class,
          tools.jackson.core.JsonParser.class,
          tools.jackson.databind.ObjectMapper.class,
          com.fasterxml.jackson.annotation.JsonProperty.class,
          org.apache.commons.math3.special.Gamma.class);

  private static final List<Class<?>> LOG =
      List.of(ch.qos.logback.classic.Logger.class, ch.qos.logback.core.Appender.class);

  @TempDir static Path classes;

  private record Ended(int code, List<String> out, List<String> err) {}

  @BeforeAll
  static void compile() throws IOException {
    var source = root().resolve("examples/embed/src/main/java/embed/Embed.java");
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                String.join(File.pathSeparator, places(NEEDED)),
                source.toString());
    assertThat(code).isZero();
    Files.copy(
        root().resolve("examples/embed/src/main/resources/simplelogger.properties"),
        classes.resolve("simplelogger.properties"));
  }

  /// The directory of the whole project, wherever the tests run.
  private static Path root() {
    var directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("examples/embed"))) {
      directory = Objects.requireNonNull(directory.getParent(), "examples/embed is nowhere");
    }
    return directory;
  }

  private static List<String> places(List<Class<?>> classes) {
    return classes.stream().map(EmbeddingTest::place).toList();
  }

  private static String place(Class<?> type) {
    try {
      var location = type.getProtectionDomain().getCodeSource().getLocation();
      return Path.of(location.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Ended run(List<String> path) throws IOException, InterruptedException {
    var out = Files.createTempFile(classes, "out", ".txt");
    var err = Files.createTempFile(classes, "err", ".txt");
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                classes + File.pathSeparator + String.join(File.pathSeparator, path),
                "embed.Embed")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS"));
    int code = builder.start().waitFor();
    return new Ended(code, Files.readAllLines(out), Files.readAllLines(err));
  }

  @Test
  void withALogOneLineInItSaysThatPureJavaCalculates() throws Exception {
    var path = new ArrayList<>(places(NEEDED));
    path.addAll(places(LOG));
    var configuration =
        """
        <configuration><appender name="out" class="ch.qos.logback.core.ConsoleAppender">
        <encoder><pattern>%level %msg%n</pattern></encoder></appender>
        <root level="INFO"><appender-ref ref="out"/></root></configuration>
        """;
    Files.writeString(classes.resolve("logback.xml"), configuration);
    var ended = run(path);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .filteredOn(line -> !line.startsWith("INFO Sampler auto chose"))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("INFO Dense algebra: Java, because native access"))
        .anyMatch(line -> line.startsWith("Typed: Mlp[learningRate=0.0"))
        .anyMatch(line -> line.startsWith("Define-by-run: {layers=2, width0="));
  }

  @Test
  void withoutALogNothingIsSaid() throws Exception {
    var ended = run(places(NEEDED));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).hasSize(2);
  }

  @Test
  void theReadmeShowsThisProgram() throws IOException {
    var source = Files.readString(root().resolve("examples/embed/src/main/java/embed/Embed.java"));
    var shown =
        source.substring(
            source.indexOf("// README begin\n") + "// README begin\n".length(),
            source.indexOf("  // README end"));
    assertThat(Files.readString(root().resolve("README.md")))
        .contains("```java\n" + shown.stripTrailing().stripIndent() + "\n```");
  }
}
