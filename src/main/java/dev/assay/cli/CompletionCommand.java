package dev.assay.cli;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints what lets a shell complete commands, options and the names of studies.
@Command(
    name = "completion",
    description = "Print a script that lets bash, zsh or fish complete assay's words.",
    footer = {
      "bash:  source <(assay completion bash)     in ~/.bashrc",
      "zsh:   source <(assay completion zsh)      in ~/.zshrc, behind compinit",
      "fish:  assay completion fish | source      in ~/.config/fish/config.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
  private String shell = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!ShellCompletion.SHELLS.contains(shell)) {
      throw new Problem(
          "There is no script for that shell.",
          shell,
          Nearest.suggest(shell, ShellCompletion.SHELLS));
    }
    console.text(new ShellCompletion(spec.root().commandLine()).script(shell));
    return ExitCode.DONE;
  }
}
