package dev.assay.cli;

import dev.assay.problem.Problem;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Commands whose words the parser reads. Apart from [Main], so that the parser's classes, and the
/// jar that they are in, are looked for only where it is asked.
final class Parsed {
  private Parsed() {}

  /// Runs one command.
  static int run(Console console, String... args) {
    boolean asJson = Arrays.asList(args).contains("--json");
    var commandLine = new CommandLine(new Main(), new Commands(console));
    // Only the one that is meant, where that is known: the parser takes its time for each.
    var name = args.length == 0 || args[0].equals("completion") ? "" : args[0];
    Commands.ALL.forEach((known, type) -> {
      if (known.equals(name) || !Commands.ALL.containsKey(name)) {
        commandLine.addSubcommand(known, type);
      }
    });
    for (var command : commandLine.getSubcommands().values()) {
      command.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
    }
    commandLine.setOut(new PrintWriter(console.out(), true));
    commandLine.setExecutionExceptionHandler((exception, _, _) -> {
      console.problem(Main.asProblem(exception), asJson);
      return ExitCode.BAD_INPUT;
    });
    commandLine.setParameterExceptionHandler((exception, _) -> {
      console.problem(usageProblem(exception), asJson);
      return ExitCode.BAD_INPUT;
    });
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExpandAtFiles(false); // a note to @someone is no file of arguments
    if (args.length == 0) {
      commandLine.usage(console.err());
      return ExitCode.BAD_INPUT;
    }
    return commandLine.execute(args);
  }

  /// What other tools have other words for.
  private static final Map<String, String> PEERS_COMMANDS =
      Map.ofEntries(
          Map.entry("ls", "list"),
          Map.entry("studies", "list"),
          Map.entry("rm", "delete STUDY"),
          Map.entry("remove", "delete STUDY"),
          Map.entry("delete-study", "delete STUDY"),
          Map.entry("mv", "rename STUDY NAME"),
          Map.entry("cp", "copy STUDY NAME"),
          Map.entry("status", "show STUDY"),
          Map.entry("info", "show STUDY"),
          Map.entry("describe", "show STUDY"),
          Map.entry("logs", "log STUDY TRIAL"),
          Map.entry("top", "watch STUDY"),
          Map.entry("run", "tune FILE"),
          Map.entry("optimize", "tune FILE"),
          Map.entry("study", "tune FILE"),
          Map.entry("create-study", "tune FILE"),
          Map.entry("search", "tune FILE"),
          Map.entry("best-trial", "best STUDY"),
          Map.entry("best-trials", "best STUDY"),
          Map.entry("result", "best STUDY"),
          Map.entry("results", "trials STUDY"),
          Map.entry("ask", "serve FILE"),
          Map.entry("tell", "serve FILE"),
          Map.entry("ui", "dashboard"),
          Map.entry("kill", "stop STUDY"),
          Map.entry("add", "enqueue STUDY NAME=VALUE"),
          Map.entry("retry", "rerun STUDY TRIAL"),
          Map.entry("new", "init"),
          Map.entry("version", "--version"),
          Map.entry("help", "--help"));

  /// What other tools call options of ours, without dashes and what joins words.
  private static final Map<String, String> PEERS_OPTIONS =
      Map.ofEntries(
          Map.entry("n", "--trials"),
          Map.entry("ntrials", "--trials"),
          Map.entry("maxtrials", "--trials"),
          Map.entry("maxevals", "--trials"),
          Map.entry("niter", "--trials"),
          Map.entry("numsamples", "--trials"),
          Map.entry("budget", "--trials"),
          Map.entry("j", "--parallel"),
          Map.entry("jobs", "--parallel"),
          Map.entry("njobs", "--parallel"),
          Map.entry("workers", "--parallel"),
          Map.entry("maxconcurrent", "--parallel"),
          Map.entry("timeout", "--time"),
          Map.entry("maxtime", "--time"),
          Map.entry("randomstate", "--seed"),
          Map.entry("db", "--storage"),
          Map.entry("restart", "--fresh"),
          Map.entry("overwrite", "--fresh"),
          Map.entry("continue", "--resume"),
          Map.entry("q", "--quiet"),
          Map.entry("f", "--format"),
          Map.entry("limit", "--top"),
          Map.entry("o", "--to"),
          Map.entry("output", "--to"));

  /// The option of this command that other tools call otherwise.
  private static @Nullable String peersOption(UnmatchedArgumentException exception) {
    for (var argument : exception.getUnmatched()) {
      var word = argument.replaceFirst("=.*", "");
      var option =
          word.startsWith("-")
              ? PEERS_OPTIONS.get(word.replaceAll("[-_]", "").toLowerCase(Locale.ROOT))
              : null;
      if (option != null
          && exception.getCommandLine().getCommandSpec().findOption(option) != null) {
        return option;
      }
    }
    return null;
  }

  private static @Nullable String peersCommand(ParameterException exception) {
    return exception instanceof UnmatchedArgumentException unmatched
            && exception.getCommandLine().getParent() == null
            && !unmatched.getUnmatched().isEmpty()
        ? PEERS_COMMANDS.get(unmatched.getUnmatched().getFirst())
        : null;
  }

  private static Problem usageProblem(ParameterException exception) {
    var name = exception.getCommandLine().getCommandSpec().qualifiedName();
    var suggestions =
        exception instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.<String>of();
    var peers = peersCommand(exception);
    var option =
        exception instanceof UnmatchedArgumentException unmatched ? peersOption(unmatched) : null;
    var mend =
        option != null
            ? "That is " + option + " here."
            : peers != null
                ? "That is: assay " + peers + "."
                : suggestions.isEmpty()
                    ? "`" + name + " --help` shows what it takes."
                    : "Did you mean " + String.join(" or ", suggestions) + "?";
    return new Problem(
        "The command line was not understood.", String.valueOf(exception.getMessage()), mend);
  }
}
