package dev.assay.cli;

import dev.assay.problem.Problem;
import java.io.File;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An Apache Spark that applications are submitted with, and Assay's part for it.
///
/// @param home its directory, with `jars`
/// @param application the jar of `src/spark`
/// @param java the program that runs both
record SparkInstallation(Path home, Path application, String java) {
  private static final String JAR = "assay-spark.jar";

  /// What Spark's own scripts open for it.
  private static final List<String> OPENED =
      List.of("java.lang", "java.lang.invoke", "java.net", "java.nio", "java.util", "sun.nio.ch");

  /// The one that SPARK_HOME names, or else the one that the launcher has brought.
  ///
  /// @throws Problem where there is none
  static SparkInstallation find(Map<String, String> environment, @Nullable String assayHome) {
    var base = Path.of(assayHome == null ? "" : assayHome);
    var built = base.resolve("src/spark/target");
    var application =
        Files.exists(built.resolve(JAR)) ? built.resolve(JAR) : base.resolve("lib/spark/" + JAR);
    if (!Files.exists(application)) {
      throw new Problem(
          "The part of Assay that speaks with Spark is missing.",
          application.toString(),
          "Start `assay tune --on` by the launcher of a checkout or of a bundle, which bring it"
              + " along.");
    }
    var said = environment.getOrDefault("SPARK_HOME", "");
    var home = said.isBlank() ? built.resolve("spark") : Path.of(said);
    if (!Files.isDirectory(home.resolve("jars"))) {
      throw new Problem(
          "There is no Spark here.",
          "SPARK_HOME" + (said.isBlank() ? " is not set" : "=" + said + " has no directory jars"),
          "Set SPARK_HOME to an installation of Spark 4, of the version of the cluster.");
    }
    return new SparkInstallation(home, application, java(environment));
  }

  /// The runtime of a bundle lacks what Hadoop's part of Spark needs.
  private static String java(Map<String, String> environment) {
    var other = environment.getOrDefault("JAVA_HOME", "");
    if (!other.isBlank() && Files.isExecutable(Path.of(other, "bin", "java"))) {
      return Path.of(other, "bin", "java").toString();
    }
    boolean whole = ModuleFinder.ofSystem().find("java.security.jgss").isPresent();
    return whole ? Path.of(System.getProperty("java.home"), "bin", "java").toString() : "java";
  }

  /// The command that submits the application, as `spark-submit` does.
  ///
  /// @param settings `KEY=VALUE` each
  List<String> command(String master, List<String> settings, Map<String, String> environment) {
    var command = new ArrayList<>(List.of(java, "-Xmx512m", "-XX:+IgnoreUnrecognizedVMOptions"));
    command.add("--enable-native-access=ALL-UNNAMED");
    OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    var path = new ArrayList<String>();
    path.add(environment.getOrDefault("SPARK_CONF_DIR", home.resolve("conf").toString()));
    path.add(home.resolve("jars") + File.separator + "*");
    for (var hadoop : List.of("HADOOP_CONF_DIR", "YARN_CONF_DIR")) {
      var directory = environment.get(hadoop);
      if (directory != null && !directory.isBlank()) {
        path.add(directory);
      }
    }
    command.addAll(List.of("-cp", String.join(File.pathSeparator, path)));
    command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", master));
    command.addAll(List.of("--deploy-mode", "client", "--class", "dev.assay.spark.Placement"));
    settings.forEach(setting -> command.addAll(List.of("--conf", setting)));
    command.add(application.toAbsolutePath().toString());
    return command;
  }
}
