package dev.assay.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The classes under test as a jar, and an archive of what a command loads of it: a JVM that starts
/// with both takes half the processor's time. Made by the first of the build's JVMs that asks, and
/// anew when a class has changed.
final class ClassArchive {
  private static final Path PLACE = Path.of("target/archive").toAbsolutePath();
  private static final Path JAR = PLACE.resolve("assay.jar");
  private static final Path ARCHIVE = PLACE.resolve("assay.jsa");

  private static @Nullable List<String> options;

  private ClassArchive() {}

  /// The options of a JVM that runs the classes under test, the class path among them. It has no
  /// vector module, with which most of an archive is of no use.
  static synchronized List<String> options() {
    var known = options == null ? made() : options;
    options = known;
    return known;
  }

  private static List<String> made() {
    try {
      return make();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<String> make() throws IOException, InterruptedException {
    var jars = new ArrayList<String>();
    var directories = new ArrayList<Path>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      var path = Path.of(entry).toAbsolutePath();
      if (Files.isDirectory(path)) {
        directories.add(path);
      } else if (Files.exists(path)) {
        jars.add(path.toString());
      }
    }
    var main = "dev/assay/cli/Main.class";
    var found =
        directories.stream().filter(directory -> Files.exists(directory.resolve(main))).findFirst();
    var all = new ArrayList<>(basic());
    if (found.isEmpty()) { // the tests run otherwise than by Maven
      all.addAll(List.of("-cp", System.getProperty("java.class.path")));
      return List.copyOf(all);
    }
    var classes = found.get();
    directories.remove(classes);
    jars.addFirst(JAR.toString());
    var archived = String.join(File.pathSeparator, jars);
    Files.createDirectories(PLACE);
    try (var channel =
            FileChannel.open(
                PLACE.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (!Files.exists(ARCHIVE)
          || Files.getLastModifiedTime(ARCHIVE).compareTo(newest(classes)) < 0) {
        pack(classes);
        record(archived);
      }
    }
    directories.forEach(directory -> jars.add(directory.toString()));
    all.addAll(
        List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-cp", String.join(File.pathSeparator, jars)));
    return List.copyOf(all);
  }

  private static List<String> basic() {
    return List.of(
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xlog:cds*=off",
        "-Xlog:aot*=off");
  }

  private static FileTime newest(Path directory) throws IOException {
    var newest = FileTime.fromMillis(0);
    try (Stream<Path> files = Files.walk(directory)) {
      for (var file : (Iterable<Path>) files::iterator) {
        var time = Files.getLastModifiedTime(file);
        newest = time.compareTo(newest) > 0 ? time : newest;
      }
    }
    return newest;
  }

  private static void pack(Path classes) throws IOException {
    try (var jar = new JarOutputStream(Files.newOutputStream(JAR));
        Stream<Path> files = Files.walk(classes)) {
      jar.setLevel(0); // it is read at once, and often
      for (var file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        jar.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
  }

  private static void record(String classPath) throws IOException, InterruptedException {
    Files.deleteIfExists(ARCHIVE);
    var studies = Files.createTempDirectory(PLACE, "studies");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(basic());
    command.addAll(List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE, "-cp", classPath));
    command.addAll(List.of(Main.class.getName(), "tune", "../packaging/classes.yaml", "--quiet"));
    var log = PLACE.resolve("log");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("ASSAY_STUDIES", studies.toString());
    int code = builder.start().waitFor();
    if (code != 0 || !Files.exists(ARCHIVE)) {
      throw new IllegalStateException("no archive of classes: " + Files.readString(log));
    }
  }
}
