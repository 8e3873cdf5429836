package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The real launcher in a checkout whose Maven and Java are scripts that write down that they were
/// called: when it builds, and when it makes the archive of classes.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path directory;

  @BeforeEach
  void checkout() throws IOException {
    var home = directory.resolve("home");
    copy("assay", home);
    copy("packaging/launch.sh", home);
    copy("packaging/classes.yaml", home);
    copy("packaging/help/best.txt", home);
    for (var source : List.of("pom.xml", "src/pom.xml", "src/main/A.java", "kernels/ptx/a.ptx")) {
      write(home.resolve(source), source);
    }
    script(
        home.resolve("mvnw"),
        """
        echo mvnw >>"$LOG"
        mkdir -p src/target/lib
        cat src/main/A.java >src/target/assay.jar
        echo b >src/target/lib/b.jar
        echo a >src/target/lib/A.jar
        echo s >src/target/lib/sqlite-jdbc-1.jar
        """);
    jdk("jdk");
    script(
        directory.resolve("path/cksum"),
        """
        echo looked up >>"$LOG.looked"
        exec /usr/bin/cksum "$@"
        """);
  }

  /// Whether the launcher looks all up anew that a command needs, of which sums of jars are one.
  private boolean looksUp(String home, String jdk, String... words) throws Exception {
    var looked = directory.resolve("log.looked");
    Files.deleteIfExists(looked);
    run(home, jdk, words);
    return Files.exists(looked);
  }

  private static void change(Path file) throws IOException {
    Files.writeString(file, "something else");
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO)); // as an archive's unpacking does
  }

  /// What takes a tenth of a short command is done once.
  @Test
  void whatIsKnownIsNotLookedUp() throws Exception {
    assertThat(looksUp("home", "jdk", "list")).isTrue();
    looksUp("home", "jdk", "list"); // the first made what it looks at
    assertThat(looksUp("home", "jdk", "list")).isFalse();
    assertThat(looksUp("home", "jdk", "best", "x")).isFalse();
    assertThat(run("home", "jdk", "best", "x").getFirst()).endsWith("-look.jsa");
  }

  @Test
  void whateverWasTouchedIsLookedUpAgain() throws Exception {
    var target = home("home").resolve("src/target");
    var touches =
        List.<ThrowingConsumer<Path>>of(
            home -> change(home.resolve("src/main/A.java")),
            home -> Files.delete(home.resolve("kernels/ptx/a.ptx")),
            home -> change(home.resolve("pom.xml")),
            home -> change(target.resolve("assay.jar")),
            home -> change(target.resolve("lib/b.jar")),
            home -> Files.writeString(target.resolve("lib/c.jar"), "c"),
            home -> {
              var with = run("home", "jdk", "list").getFirst();
              Files.delete(Path.of(with.substring("with ".length())));
            },
            home -> change(directory.resolve("jdk/lib/modules")));
    for (var touch : touches) {
      for (int call = 0; call < 2; call++) {
        run("home", "jdk", "list");
      }
      assertThat(looksUp("home", "jdk", "list")).as("%d", touches.indexOf(touch)).isFalse();
      touch.accept(home("home"));
      assertThat(looksUp("home", "jdk", "list")).as("touch %d", touches.indexOf(touch)).isTrue();
    }
    assertThat(run("home", "jdk", "list").getLast()).contains("lib/b.jar:", "lib/c.jar");
  }

  private void jdk(String name) throws IOException {
    var jdk = directory.resolve(name);
    write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    write(jdk.resolve("lib/modules"), name);
    script(jdk.resolve("bin/javac"), "exit 1");
    script(
        jdk.resolve("bin/java"),
        """
        # Java's first word that is no option is the class to be started.
        before=
        for word; do
          case $before:$word in
            *:-* | -cp:*) before=$word ;;
            *:dev.assay.*) break ;;
            *) echo "there is no class $word"; exit 1 ;;
          esac
        done
        rehearsed=
        for word; do
          case $word in
            packaging/classes.yaml | -XX:AOTCacheOutput=*) rehearsed=1 ;;
          esac
        done
        for word; do
          case $word in
            -XX:AOTCacheOutput=*) echo classes >>"$LOG"; echo made >"${word#*=}"; exit 0 ;;
            -XX:AOTCache=*) echo "with ${word#*=}" >>"$LOG" ;;
            /*:/*) [ -n "$rehearsed" ] || echo "path $word" >>"$LOG" ;;
            --add-* | -Dassay.columns=* | -XX:TieredStopAtLevel=*) echo "$word" >>"$LOG.options" ;;
          esac
        done
        """);
  }

  private static void copy(String file, Path home) throws IOException {
    Files.createDirectories(home.resolve(file).getParent());
    Files.copy(ROOT.resolve(file), home.resolve(file));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
  }

  private static void script(Path file, String body) throws IOException {
    write(file, "#!/bin/sh\n" + body);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /// What Maven and Java wrote down while the launcher ran.
  private List<String> run(String home, String jdk, String... words)
      throws IOException, InterruptedException {
    var log = directory.resolve("log");
    Files.deleteIfExists(log);
    Files.deleteIfExists(options());
    var command =
        Stream.concat(Stream.of(home(home).resolve("assay").toString()), Stream.of(words));
    var builder = new ProcessBuilder(command.toList()).redirectErrorStream(true);
    builder.redirectOutput(directory.resolve("out").toFile());
    builder.environment().put("LOG", log.toString());
    var path = directory.resolve("path") + ":" + System.getenv("PATH");
    builder.environment().put("PATH", path);
    builder.environment().put("ASSAY_JAVA_HOME", directory.resolve(jdk).toString());
    builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    builder.environment().remove("HOME"); // services and containers may have none
    builder.environment().remove("ASSAY_CLASSPATH");
    builder.environment().remove("TORNADOVM_HOME");
    assertThat(builder.start().waitFor()).as(directory.resolve("out").toString()).isZero();
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  private Path options() {
    return directory.resolve("log.options");
  }

  private Path home(String name) {
    return directory.resolve(name);
  }

  private Path archive(String home) throws IOException {
    try (var files = Files.list(home(home).resolve("src/target"))) {
      return files.filter(file -> file.toString().endsWith(".jsa")).findFirst().orElseThrow();
    }
  }

  @Test
  void buildsAndKeepsClassesOnce() throws Exception {
    assertThat(run("home", "jdk", "list")).startsWith("mvnw", "classes");
    assertThat(run("home", "jdk", "list"))
        .containsExactly(
            "with " + archive("home"),
            "path %1$s/lib/sqlite-jdbc-1.jar:%1$s/assay.jar:%1$s/lib/A.jar:%1$s/lib/b.jar"
                .formatted(home("home").resolve("src/target")));
  }

  @Test
  void aMovedBuildKeepsBoth() throws Exception {
    run("home", "jdk", "list");
    Files.move(home("home"), home("moved to here"));
    assertThat(run("moved to here", "jdk", "list"))
        .startsWith("with " + archive("moved to here"))
        .doesNotContain("mvnw", "classes");
  }

  /// As `cp -r` does: every time is new, and the sources' may be later than the jar's.
  @Test
  void aCopyWithoutTimesIsNotBuiltAgainAndKeepsItsClassesAnew() throws Exception {
    run("home", "jdk", "list");
    Files.move(home("home"), home("copy"));
    var target = home("copy").resolve("src/target");
    Files.setLastModifiedTime(target.resolve("assay.jar"), FileTime.from(LONG_AGO));
    Files.setLastModifiedTime(target.resolve("lib/b.jar"), FileTime.from(LONG_AGO));
    Files.setLastModifiedTime(
        home("copy").resolve("src/main/A.java"), FileTime.from(LONG_AGO.plusSeconds(5)));
    assertThat(run("copy", "jdk", "list")).startsWith("classes").doesNotContain("mvnw");
    assertThat(run("copy", "jdk", "list")).doesNotContain("mvnw", "classes");
  }

  @Test
  void aChangedSourceIsBuiltAndGetsItsOwnClasses() throws Exception {
    run("home", "jdk", "list");
    Files.writeString(home("home").resolve("src/main/A.java"), "something else");
    Files.setLastModifiedTime(
        home("home").resolve("src/main/A.java"), FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(run("home", "jdk", "list")).startsWith("mvnw", "classes");
  }

  /// A jar that is another one than the launcher's was not made of what lies there, whatever its
  /// time.
  @Test
  void aJarOfSomethingElseIsBuiltAgain() throws Exception {
    run("home", "jdk", "list");
    var jar = home("home").resolve("src/target/assay.jar");
    Files.writeString(jar, "built of another branch");
    Files.setLastModifiedTime(jar, FileTime.from(LONG_AGO.minusSeconds(5)));
    assertThat(run("home", "jdk", "list")).startsWith("mvnw");
  }

  @Test
  void everyRuntimeHasItsOwnClasses() throws Exception {
    run("home", "jdk", "list");
    jdk("another");
    assertThat(run("home", "another", "list")).startsWith("classes");
    assertThat(run("home", "jdk", "list")).doesNotContain("classes");
    assertThat(run("home", "another", "list")).doesNotContain("classes");
  }

  /// Named at the start, the JVM would announce the module and keep no linked classes.
  @Test
  void onlyWhatCalculatesMayAddTheVectorModuleAndNothingNamesIt() throws Exception {
    run("home", "jdk", "list");
    run("home", "jdk", "report", "x");
    assertThat(run("home", "jdk", "tune", "study.yaml")).startsWith("classes");
    assertThat(options())
        .content()
        .contains("--add-exports=java.base/jdk.internal.module=ALL-UNNAMED")
        .doesNotContain("vector");
    assertThat(run("home", "jdk", "tune", "study.yaml").getFirst())
        .startsWith("with ")
        .endsWith("-vector.jsa");
    for (var command : List.of("list", "best", "trials", "show", "report", "dashboard", "note")) {
      assertThat(run("home", "jdk", command)).doesNotContain("classes");
      if (Files.exists(options())) {
        assertThat(options()).content().doesNotContain("--add-");
      }
    }
  }

  /// All that is in an archive is brought into memory at each start.
  @Test
  void whatOnlyLooksHasAnArchiveOfItsOwn() throws Exception {
    assertThat(run("home", "jdk", "report", "x")).startsWith("mvnw", "classes");
    assertThat(run("home", "jdk", "report", "x").getFirst()).endsWith("-rest.jsa");
    for (var command : List.of("list", "best", "trials", "show")) {
      run("home", "jdk", command, "x");
      assertThat(run("home", "jdk", command, "x").getFirst()).endsWith("-look.jsa");
    }
    assertThat(run("home", "jdk", "trials", "x", "--json").getFirst()).endsWith("-rest.jsa");
  }

  /// The second compiler would take longer than it saves.
  @Test
  void whatLooksOrCopiesHasOneCompiler() throws Exception {
    var one =
        List.of(
            "best x", "list", "export x --format csv", "trials x --format csv", "trials x --json");
    for (var command : one) {
      run("home", "jdk", command.split(" ")); // which makes the classes
      run("home", "jdk", command.split(" "));
      assertThat(options()).content().contains("-XX:TieredStopAtLevel=1\n");
    }
    run("home", "jdk", "report", "x");
    assertThat(options()).doesNotExist();
    run("home", "jdk", "tune", "study.yaml"); // which makes the classes
    run("home", "jdk", "tune", "study.yaml");
    assertThat(options()).content().doesNotContain("Tiered");
  }

  @Test
  void aShortCommandKnowsThatNoTerminalIsThere() throws Exception {
    run("home", "jdk", "best", "x"); // which makes the classes
    run("home", "jdk", "best", "x");
    assertThat(options()).content().contains("-Dassay.columns=0\n");
  }

  @Test
  void helpNeedsNeither() throws Exception {
    assertThat(run("home", "nowhere", "best", "--help")).isEmpty();
    assertThat(directory.resolve("out"))
        .hasSameTextualContentAs(ROOT.resolve("packaging/help/best.txt"));
  }
}
