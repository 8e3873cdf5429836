package dev.assay.cli;

import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import dev.assay.serve.AskTellService;
import dev.assay.serve.StdioServer;
import dev.assay.spec.Assembly;
import dev.assay.spec.StudyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lets a program in any language ask for trials and tell their outcomes.
@Command(name = "serve", description = "Ask and tell for programs in any language.")
final class ServeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "the study file")
  private Path file = Path.of("");

  @Option(names = "--stdio", description = "one JSON request a line on stdin, answers on stdout")
  private boolean stdio;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "change the study file")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--storage", paramLabel = "URL", description = "sqlite:PATH, or memory:")
  private @Nullable String storage;

  @Override
  public Integer call() throws IOException {
    if (!stdio) {
      throw new Problem(
          "Only standard input and output are served in this version.",
          "assay serve " + file,
          "Add --stdio.");
    }
    var spec = StudyFile.read(file, settings);
    var location = StudyLocation.of(spec.name(), storage == null ? spec.storage() : storage);
    // No batch rule: a client that tells late must never make another wait.
    try (var opened = location.open();
        var study =
            new Assembly(spec)
                .study(opened, Map.of("ask and tell", true), new BackendSelector().gpEngine("auto"))
                .batch(0)
                .openOrCreate()) {
      StdioServer.serve(new AskTellService(study, spec.budget()), System.in, System.out);
    }
    return ExitCode.DONE;
  }
}
