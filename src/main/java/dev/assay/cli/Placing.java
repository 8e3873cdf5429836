package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.remote.HostedRunner;
import dev.assay.serve.LocalServer;
import dev.assay.spec.ObjectiveSpec;
import dev.assay.spec.StudyFile;
import java.io.File;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a command lets a cluster of Apache Spark run the trials.
final class Placing {
  private static final int TOKEN_BYTES = 16;

  @Option(
      names = "--on",
      paramLabel = "MASTER",
      description = "let Apache Spark run the trials: spark://HOST:7077, yarn, k8s://...")
  private @Nullable String master;

  @Option(names = "--conf", paramLabel = "KEY=VALUE", description = "of Spark, with --on")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--program",
      paramLabel = "PATH",
      description =
          "with --on: assay on the executors' machines (as here), or a .tar.gz of a bundle that"
              + " travels there")
  private @Nullable String program;

  boolean isWanted() {
    return master != null;
  }

  /// Refuses what is said of Spark where it is not asked.
  void check() {
    if (master == null && (!settings.isEmpty() || program != null)) {
      throw new Problem(
          "Spark is not asked to run anything.",
          program == null ? "--conf " + settings.getFirst() : "--program " + program,
          "Say where it is, too: --on spark://HOST:7077.");
    }
  }

  /// Refuses what cannot be placed, before anything is stored.
  ///
  /// @param workers as the command line or the study file says
  Placed prepared(StudyFile spec, int workers, Path log) {
    if (workers < 1) {
      throw new Problem(
          "Nobody would run a trial.",
          "--parallel " + workers,
          "With --on say how many trials Spark runs at once: 1 or more.");
    }
    for (var setting : settings) {
      if (!setting.matches("(?s)[A-Za-z][A-Za-z0-9._-]*=.*")) {
        throw new Problem(
            "That is no setting of Spark.",
            "--conf " + setting,
            "Write --conf spark.executor.memory=2g.");
      }
    }
    var home = System.getProperty("assay.home");
    var assay = program(home);
    return new Placed(SparkInstallation.find(System.getenv(), home), spec, workers, assay, log);
  }

  private String program(@Nullable String home) {
    if (program != null) {
      if (program.matches(".*\\.(tar\\.(xz|bz2|zst)|txz)")) {
        throw new Problem(
            "Spark does not unpack such an archive.",
            "--program " + program,
            "Pack the bundle's directory anew: tar -C target -czf assay-bundle.tar.gz"
                + " assay-bundle");
      }
      boolean travels = program.matches(".*\\.(tar\\.gz|tgz|zip)");
      if (travels && !program.contains(":") && !new File(program).isFile()) {
        throw new Problem(
            "There is no such archive.",
            "--program " + program,
            "Name a .tar.gz, .tgz or .zip of what `assay bundle` makes, or where assay is there.");
      }
      return travels && !program.contains(":") ? Path.of(program).toUri().toString() : program;
    }
    var base = Path.of(home == null ? "" : home).toAbsolutePath();
    var bundled = base.resolve("bin/assay");
    return (bundled.toFile().canExecute() ? bundled : base.resolve("assay")).toString();
  }

  static String newToken() {
    var bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// What is to be placed.
  final class Placed {
    private final SparkInstallation spark;
    private final StudyFile spec;
    private final int workers;
    private final String assay;
    private final Path log;

    private Placed(SparkInstallation spark, StudyFile spec, int workers, String assay, Path log) {
      this.spark = spark;
      this.spec = spec;
      this.workers = workers;
      this.assay = assay;
      this.log = log;
    }

    /// Starts the workers.
    ///
    /// @param url where they find it; null: where they find Spark's driver
    HostedRunner.Door start(
        LocalServer server, @Nullable String url, String token, Console console) {
      var wanted = new LinkedHashMap<String, String>();
      wanted.put("study", spec.name().replaceAll("\\R", " "));
      wanted.put("url", url == null ? "" : url);
      wanted.put("port", Integer.toString(server.port()));
      wanted.put("token", token);
      wanted.put("workers", Integer.toString(workers));
      wanted.put("gpus", Double.toString(gpus()));
      wanted.put("program", assay);
      var command = spark.command(String.valueOf(master), settings, System.getenv());
      return SparkWorkers.start(
          command, spark.home(), wanted, log, server::close, Thread.currentThread(), console);
    }

    private double gpus() {
      return spec.objective() instanceof ObjectiveSpec.Command(var command, _)
          ? command.gpus().most()
          : 0;
    }
  }
}
