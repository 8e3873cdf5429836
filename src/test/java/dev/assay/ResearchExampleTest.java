package dev.assay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/research`, compiled against Assay's classes and its contracts as an outsider does, and
/// run: by its own program, by a study file, and by its tests.
class ResearchExampleTest {
  private static final Path EXAMPLE = root().resolve("examples/research");

  @TempDir static Path classes;

  private record Ended(int code, List<String> out, List<String> err) {}

  private static Path root() {
    var directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("examples/research"))) {
      directory = Objects.requireNonNull(directory.getParent(), "examples/research is nowhere");
    }
    return directory;
  }

  @BeforeAll
  static void compile() throws IOException {
    var sources = new ArrayList<String>();
    try (var files = Files.walk(EXAMPLE.resolve("src"))) {
      files.filter(f -> f.toString().endsWith(".java")).forEach(f -> sources.add(f.toString()));
    }
    var arguments =
        new ArrayList<>(
            List.of("-proc:none", "-d", classes.toString(), "-cp", path(), "--release", "25"));
    arguments.addAll(sources);
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(code).isZero();
    var services = "META-INF/services/dev.assay.trial.SamplerProvider";
    Files.createDirectories(Objects.requireNonNull(classes.resolve(services).getParent()));
    Files.copy(EXAMPLE.resolve("src/main/resources").resolve(services), classes.resolve(services));
  }

  private static String path() {
    return System.getProperty("java.class.path");
  }

  private static Ended run(String main, String... arguments)
      throws IOException, InterruptedException {
    var out = Files.createTempFile(classes, "out", ".txt");
    var err = Files.createTempFile(classes, "err", ".txt");
    var words = new ArrayList<String>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-Dslf4j.provider=dev.assay.cli.TerminalLog");
    words.add("-Dslf4j.internal.verbosity=WARN");
    words.addAll(List.of("-cp", classes + File.pathSeparator + path(), main));
    words.addAll(Arrays.asList(arguments));
    var builder =
        new ProcessBuilder(words)
            .directory(classes.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS"));
    int code = builder.start().waitFor();
    return new Ended(code, Files.readAllLines(out), Files.readAllLines(err));
  }

  @Test
  void itsOwnProgramFindsTheBest() throws Exception {
    var ended = run("research.Research");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).anyMatch(line -> line.matches("Best of 30: 0\\.00\\d\\d at .*"));
  }

  @Test
  void aStudyFileNamesItsSampler() throws Exception {
    var study = EXAMPLE.resolve("study.yaml").toString();
    var ended = run("dev.assay.cli.Main", "tune", study, "--quiet", "--trials", "12");
    assertThat(ended.code()).as("%s", ended.err()).isZero();
    var stored = run("dev.assay.cli.Main", "trials", "study", "--format", "csv");
    assertThat(stored.out()).hasSize(13);
    var doctor = run("dev.assay.cli.Main", "doctor", "--backend", "cpu");
    assertThat(doctor.out())
        .anyMatch(line ->
            line.startsWith("sampler hill_climb: {width=0.1} (research.HillClimb$Provider in "));
    var misspelt =
        run(
            "dev.assay.cli.Main",
            "tune",
            study,
            "--fresh",
            "--set",
            "sampler={hill_climb: {widht: 0.2}}");
    assertThat(misspelt.code()).isEqualTo(2);
    assertThat(misspelt.err()).anyMatch(line -> line.contains("width"));
  }

  /// The tests of the example that JUnit would find there: every one that takes no arguments.
  @Test
  void itsTestsPass() throws Exception {
    var loader = getClass().getClassLoader();
    var before = Thread.currentThread().getContextClassLoader();
    try (var own = new URLClassLoader(new URL[] {classes.toUri().toURL()}, loader)) {
      Thread.currentThread().setContextClassLoader(own);
      for (var name : List.of("CostAwareEiTest", "PeriodicTest", "HillClimbTest")) {
        assertThat(runTests(own.loadClass("research." + name))).as(name).isGreaterThan(3);
      }
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static int runTests(Class<?> type) throws ReflectiveOperationException {
    int count = 0;
    var methods = new ArrayList<Method>();
    for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
      for (var method : owner.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          methods.add(method);
        }
      }
    }
    for (var method : methods) {
      method.setAccessible(true);
      try {
        method.invoke(type.getConstructor().newInstance());
      } catch (InvocationTargetException e) {
        throw new AssertionError(type + ": " + method.getName(), e.getCause());
      }
      count++;
    }
    return count;
  }

  /// The page for researchers shows the example as it is.
  @Test
  void thePageShowsItsParts() throws IOException {
    var page = Files.readString(root().resolve("docs/research.md"));
    for (var name : List.of("CostAwareEi", "Periodic")) {
      var source = Files.readString(EXAMPLE.resolve("src/main/java/research/" + name + ".java"));
      var body = source.substring(source.indexOf("public record"));
      assertThat(page).contains(body.strip());
    }
  }
}
