package dev.assay.cli;

import dev.assay.internal.problem.Require;
import dev.assay.problem.Problem;
import dev.assay.run.BuildInfo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What workers of a cluster are to be like.
final class WorkerWishes {
  @Option(
      names = "--count",
      paramLabel = "N",
      description = "workers in all (1); one for each host")
  int count = 1;

  @Option(names = "--parallel", paramLabel = "N", description = "trials at once of each")
  @Nullable Integer parallel;

  @Option(names = "--gpus", paramLabel = "N", description = "GPUs for each (0)")
  int gpus;

  @Option(names = "--image", paramLabel = "IMAGE", description = "for --k8s: what a worker runs in")
  String image = "assay:" + BuildInfo.current().version();

  @Option(
      names = "--program",
      paramLabel = "PATH",
      description = "where assay is on their machines (assay)")
  String program = "assay";

  /// @throws Problem for what no cluster has
  void check() {
    Require.atLeast("workers", "--count", count, 1);
    Require.atLeast("workers", "--gpus", gpus, 0);
    if (parallel != null) {
      Require.atLeast("workers", "--parallel", parallel, 1);
    }
    Require.named("workers", "--image", image);
    Require.named("workers", "--program", program);
  }
}
