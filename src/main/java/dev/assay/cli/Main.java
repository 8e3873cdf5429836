package dev.assay.cli;

import dev.assay.problem.Problem;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

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
  /// For the parser.
  Main() {}

  public static void main(String[] args) {
    boolean looks = QuickCommands.looks(args);
    if (looks) {
      HeadStart.looking();
    }
    TerminalLog.choose();
    int code = run(new Console(System.out, System.err), args);
    if (looks) {
      // Nothing is left to be done, and `exit` would look through all jars for who logs it.
      System.out.flush();
      System.err.flush();
      Runtime.getRuntime().halt(code);
    }
    System.exit(code);
  }

  /// Runs one command.
  ///
  /// @return the exit code
  static int run(Console console, String... args) {
    boolean asJson = Arrays.asList(args).contains("--json");
    try {
      var quick = QuickCommands.of(console, args);
      return quick == null ? Parsed.run(console, args) : quick.call();
    } catch (Exception | Error e) { // picocli hands on exceptions only
      console.problem(asProblem(e), asJson);
      return ExitCode.BAD_INPUT;
    }
  }

  /// Anything but a [Problem] is a defect of Assay; the log has its trace.
  static Problem asProblem(Throwable exception) {
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
}
