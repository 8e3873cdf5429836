package dev.assay.cli;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private final Console console;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
  private String shell = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!SHELLS.contains(shell)) {
      throw new Problem(
          "There is no script for that shell.", shell, Nearest.suggest(shell, SHELLS));
    }
    var root = spec.root().commandLine();
    console.text(shell.equals("fish") ? fish(root) : AutoComplete.bash("assay", root));
    return ExitCode.DONE;
  }

  /// For fish, which picocli does not know. Names of studies are those of the directories.
  private static String fish(CommandLine root) {
    var script = new StringBuilder("complete -c assay -f\n");
    root.getSubcommands()
        .forEach((name, command) -> {
          var usage = command.getCommandSpec().usageMessage();
          script.append(
              "complete -c assay -n __fish_use_subcommand -a %s -d %s\n"
                  .formatted(name, quoted(String.join(" ", usage.description()))));
          var within = "complete -c assay -n '__fish_seen_subcommand_from " + name + "'";
          for (var option : command.getCommandSpec().options()) {
            script.append(within).append(words(option)).append('\n');
          }
          boolean takesStudy =
              command.getCommandSpec().positionalParameters().stream()
                  .anyMatch(positional -> positional.paramLabel().equals("STUDY"));
          script.append(
              within
                  + (takesStudy
                      ? " -a '(path basename results/studies/* 2>/dev/null)'\n"
                      : " -F\n"));
        });
    return script.toString();
  }

  private static String words(OptionSpec option) {
    var words = new StringBuilder();
    for (var name : option.names()) {
      words.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    return words
        + (option.arity().max() > 0 ? " -r" : "")
        + " -d "
        + quoted(String.join(" ", option.description()));
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
