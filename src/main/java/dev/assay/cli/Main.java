package dev.assay.cli;

import dev.assay.problem.Problem;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Entry point of the command line.
@Command(
    name = "assay",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    header = "Finds the best configuration of a model or a kernel, and says what the search cost.",
    description = "Start with: assay init, then assay tune study.yaml.",
    footer = {
      "A checkout has two more:",
      "  bench       Measure what the search costs, beside other tools.",
      "  bundle      Make a copy that needs neither Java nor a network."
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    TerminalLog.choose();
    System.exit(run(new Console(System.out, System.err), args));
  }

  /// Runs one command.
  ///
  /// @return the exit code
  static int run(Console console, String... args) {
    boolean asJson = Arrays.asList(args).contains("--json");
    try {
      var quick = QuickCommands.of(console, args);
      return quick == null ? parsed(console, args) : quick.call();
    } catch (Exception | Error e) { // picocli hands on exceptions only
      console.problem(asProblem(e), asJson);
      return ExitCode.BAD_INPUT;
    }
  }

  /// Runs one command, its words read by the parser.
  static int parsed(Console console, String... args) {
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
      console.problem(asProblem(exception), asJson);
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

  /// Anything but a [Problem] is a defect of Assay; the log has its trace.
  private static Problem asProblem(Throwable exception) {
    if (exception instanceof Problem problem) {
      return problem;
    }
    if (exception instanceof OutOfMemoryError) {
      return new Problem(
          "Memory ran out.",
          exception.getMessage()
              + ", of a heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MB",
          "Give it more: ASSAY_JAVA_OPTIONS=-Xmx8g; or smaller data, fewer trials at once.",
          exception);
    }
    if (exception instanceof StackOverflowError) {
      return new Problem(
          "Something is nested too deeply.",
          "a StackOverflowError" + place(exception),
          "Flatten what was given, or give more room: ASSAY_JAVA_OPTIONS=-Xss64m.",
          exception);
    }
    if (exception instanceof InvalidPathException) {
      return new Problem(
          "The path is none that this system allows.",
          String.valueOf(exception.getMessage()),
          "Choose another path.",
          exception);
    }
    LoggerFactory.getLogger(Main.class).error("unexpected", exception);
    return new Problem(
        "Something went wrong that should not.",
        exception.toString(),
        "Please report it with the lines above.");
  }

  private static String place(Throwable error) {
    var trace = error.getStackTrace();
    return trace.length == 0 ? "" : " in " + trace[0].getClassName();
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
            : java.util.List.<String>of();
    var peers = peersCommand(exception);
    var mend =
        peers != null
            ? "That is: assay " + peers + "."
            : suggestions.isEmpty()
                ? "`" + name + " --help` shows what it takes."
                : "Did you mean " + String.join(" or ", suggestions) + "?";
    return new Problem(
        "The command line was not understood.", String.valueOf(exception.getMessage()), mend);
  }
}
