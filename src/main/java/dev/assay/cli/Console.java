package dev.assay.cli;

import dev.assay.problem.Problem;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where commands print: results to stdout, everything else to stderr.
final class Console {
  private final PrintStream out;
  private final PrintStream err;

  Console(PrintStream out, PrintStream err) {
    this.out = utf8(out);
    this.err = utf8(err);
  }

  private static PrintStream utf8(PrintStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  void line(String text) {
    out.println(text);
  }

  /// A text that has its line ends already.
  void text(String text) {
    out.print(text);
    out.flush();
  }

  /// Output of another program, as it is.
  void bytes(byte[] bytes, int count) {
    out.write(bytes, 0, count);
    out.flush();
  }

  /// A hint or a warning for a person.
  void note(String text) {
    err.println(text);
  }

  /// Much output, which goes out in large pieces.
  void whole(Consumer<PrintStream> writer) {
    writer.accept(out);
    out.flush();
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  /// The one JSON document of a command.
  void json(Object document) {
    out.println(Json.MAPPER.writeValueAsString(document));
  }

  /// How [#json(Object)] lays out a document.
  static ObjectWriter jsonLayout() {
    return Json.MAPPER.writer();
  }

  /// Made when something is printed as JSON: most commands print none.
  private static final class Json {
    static final JsonMapper MAPPER =
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  }

  /// A problem in its three parts and, where JSON was asked for, as the command's document.
  void problem(Problem problem, boolean asJson) {
    err.println("error: " + problem.what());
    err.println("  " + problem.value());
    err.println("  " + problem.mend());
    if (asJson) {
      var parts = new LinkedHashMap<String, @Nullable Object>();
      parts.put("what", problem.what());
      parts.put("value", problem.value());
      parts.put("mend", problem.mend());
      json(Map.of("error", parts));
    }
  }

  /// Whether a person looks at stderr: then progress is drawn in place.
  static boolean isTerminal() {
    var console = System.console();
    return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
  }
}
