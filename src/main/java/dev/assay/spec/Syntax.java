package dev.assay.spec;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import tools.jackson.core.JacksonException;

/// What parsers say about a text that is not valid, as a [Problem] with line and column.
final class Syntax {
  private Syntax() {}

  static Problem json(RuntimeException e, Place root) {
    return problem(
        "JSON", message(e), place(e, root), "Check quotes, commas and brackets there.", e);
  }

  static Problem yaml(RuntimeException e, String text, Place root) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof MarkedYamlEngineException marked
          && marked.getProblemMark().isPresent()) {
        var mark = marked.getProblemMark().get();
        var place = place(root, mark.getLine() + 1, mark.getColumn() + 1);
        return problem("YAML", marked.getProblem(), place, mend(marked.getProblem()), e);
      }
      if (cause instanceof ReaderException unreadable) {
        var before = text.substring(0, Math.min(text.length(), unreadable.getPosition()));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return problem(
            "YAML",
            "it has a character that no text may have",
            place(root, line, column),
            "Remove the character; inside a text write it as an escape, like \"\\u0007\".",
            e);
      }
    }
    var message = message(e);
    return problem("YAML", message, place(e, root), mend(message), e);
  }

  private static String message(RuntimeException e) {
    return e instanceof JacksonException said
        ? Spoken.ofParser(said.getOriginalMessage())
        : e.toString();
  }

  private static Problem problem(
      String language, String message, String place, String mend, RuntimeException cause) {
    var said = message.strip().lines().findFirst().orElse("it cannot be read");
    return new Problem("This is not valid " + language + ": " + sentence(said), place, mend, cause);
  }

  /// A bare token at the end, as in `but got :`, is put in quotes.
  private static String sentence(String said) {
    var text = said.replaceAll("but got ([^\\w\\s'<]+)$", "but got '$1'");
    return text.endsWith(".") ? text : text + ".";
  }

  private static String place(RuntimeException e, Place root) {
    return e instanceof JacksonException said && said.getLocation() != null
        ? place(root, said.getLocation().getLineNr(), said.getLocation().getColumnNr())
        : root.toString();
  }

  private static String place(Place root, int line, int column) {
    return root.line() == 0
        ? root + ", column " + column
        : root.source() + ", line " + line + ", column " + column;
  }

  private static String mend(String message) {
    if (message.contains("TAB")) {
      return "Indent with spaces, not with tabs.";
    }
    if (message.contains("mapping values")) {
      return "Check the indentation; a text with a colon in it needs quotes.";
    }
    if (message.contains("cannot start any token")) {
      return "Put a text that starts with such a character in quotes.";
    }
    return "Check indentation, quotes and brackets there.";
  }
}
