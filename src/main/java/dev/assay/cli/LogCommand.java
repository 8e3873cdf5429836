package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.run.Machine;
import dev.assay.run.command.CommandRunner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints what a trial's program printed.
@Command(name = "log", description = "Print what a trial's program printed, and why it failed.")
final class LogCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 200;
  private static final int BUFFER = 1 << 16;

  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Parameters(index = "1", paramLabel = "TRIAL", description = "a trial's number")
  private int trial;

  @Option(names = "--follow", description = "go on while the trial runs")
  private boolean follow;

  @Option(names = "--tail", paramLabel = "BYTES", description = "the last of it only")
  private long tail = Long.MAX_VALUE;

  LogCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var named = study.find();
    var record = TrialArgument.of(named.view(), trial);
    var log = CommandRunner.log(named.trials(), trial);
    if (Files.isRegularFile(log)) {
      print(log, named);
    } else if (record.detail().isEmpty()) {
      if (record.attributes().get(Whereabouts.MACHINE) instanceof Map<?, ?> machine
          && !Machine.host().equals(machine.get("host"))) {
        throw new Problem(
            "The trial ran on another machine, and so its log is there.",
            "trial "
                + trial
                + " on "
                + machine.get("host")
                + ", "
                + record.attributes().get("directory"),
            "Look there; or let all machines keep trials on a shared disk: ASSAY_STUDIES.");
      }
      throw new Problem(
          "The trial has no log.",
          log.toString(),
          "Only programs have one; those of trials that are not kept are removed, see keep:.");
    }
    if (!record.detail().isEmpty()) {
      console.note("Trial " + trial + " " + record.state().word() + ": " + record.detail().strip());
    }
    return ExitCode.DONE;
  }

  private void print(Path log, NamedStudy named) throws IOException, InterruptedException {
    try (var in = Files.newInputStream(log)) {
      in.skipNBytes(Math.max(0, Files.size(log) - Math.max(0, tail)));
      copy(in);
      while (follow && !hasEnded(named)) {
        Thread.sleep(LOOK_MILLIS);
        copy(in);
      }
      copy(in);
    }
  }

  private boolean hasEnded(NamedStudy named) {
    return named.standings().isEmpty()
        || TrialArgument.of(named.view(), trial).state().isFinished();
  }

  private void copy(InputStream in) throws IOException {
    var buffer = new byte[BUFFER];
    for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
      console.bytes(buffer, count);
    }
  }
}
