package dev.assay.cli;

import dev.assay.internal.storage.sql.StorageUrl;
import dev.assay.internal.words.Passwords;
import dev.assay.problem.Problem;
import dev.assay.remote.Uplink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Starts workers, or says how a cluster starts them.
@Command(
    name = "workers",
    description =
        "Print what starts workers on a cluster, for Slurm or Kubernetes; or start them by ssh.")
final class WorkersCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "URL",
      description = "what assay work is to be given: of the storage, or of who owns the study")
  private String url = "";

  @Option(names = "--slurm", description = "print a job array for sbatch")
  private boolean slurm;

  @Option(names = "--k8s", description = "print an indexed Job for kubectl apply -f -")
  private boolean kubernetes;

  @Option(
      names = "--ssh",
      paramLabel = "HOSTS",
      split = ",",
      description = "start a worker on each of them, and end them all with this command")
  private List<String> hosts = new ArrayList<>();

  @Mixin private final WorkerWishes wishes = new WorkerWishes();

  WorkersCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (Stream.of(slurm, kubernetes, !hosts.isEmpty()).filter(chosen -> chosen).count() != 1) {
      throw new Problem(
          "Workers are started by Slurm, Kubernetes or ssh.",
          "assay workers " + url,
          "Say --slurm, --k8s or --ssh host1,host2.");
    }
    if (!Uplink.isAddress(url) && !StorageUrl.isUrl(url)) {
      throw new Problem(
          "A worker is told where the study is kept, or who owns it.",
          url,
          "Write postgresql://USER@HOST/DB#NAME, or http://HOST:PORT.");
    }
    if (!Passwords.masked(url).equals(url)) {
      throw new Problem(
          "Others would read the password.",
          Passwords.masked(url),
          "Leave it out: PGPASSWORD or ~/.pgpass give it on the machines of the workers.");
    }
    wishes.check();
    if (slurm) {
      WorkerScripts.slurm(url, wishes).lines().forEach(console::line);
      return ExitCode.DONE;
    }
    if (kubernetes) {
      WorkerScripts.kubernetes(url, wishes).lines().forEach(console::line);
      return ExitCode.DONE;
    }
    return new SshWorkers(console, hosts, WorkerScripts.work(url, wishes), token()).run();
  }

  private static @Nullable String token() {
    return System.getenv("ASSAY_TOKEN");
  }
}
