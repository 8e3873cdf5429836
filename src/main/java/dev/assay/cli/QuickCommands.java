package dev.assay.cli;

import dev.assay.internal.storage.sql.OneLook;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// The commands that only read, and `tune`, in the forms in which they are asked for most. The
/// parser, whose classes are so old that the JVM can keep none of them in its archive, takes longer
/// to start than a command takes that reads. Whatever is not plainly one of these forms is the
/// parser's, with all that it has to say about it.
final class QuickCommands {
  /// The commands that only look.
  static final Set<String> LOOKING = Set.of("list", "best", "show", "trials");

  private QuickCommands() {}

  /// Whether the words ask to look only: what confirms runs trials.
  static boolean looks(String... args) {
    if (args.length == 0 || !LOOKING.contains(args[0])) {
      return false;
    }
    for (var word : args) { // as no stream: it is the first thing that every command does
      if (word.startsWith(BestCommand.CONFIRM)) {
        return false;
      }
    }
    return true;
  }

  /// What the words ask for.
  ///
  /// @return null: the parser is to read them
  static @Nullable Callable<Integer> of(Console console, String... args) {
    var name = args.length == 0 ? "" : args[0];
    if (name.equals("tune")) {
      return tune(
          console,
          Words.of(
              args,
              Set.of("--quiet", "--fresh", "--resume", "--json"),
              Set.of("--trials", "--time", "--seed", "--parallel", "--backend")));
    }
    var looking = looking(console, name, args);
    return looking == null ? null : () -> OneLook.during(looking);
  }

  private static @Nullable Callable<Integer> looking(Console console, String name, String... args) {
    return switch (name) {
      case "list" -> list(console, Words.of(args, Set.of("--names", "--json"), Set.of()));
      case "best" -> best(console, Words.of(args, Set.of("--json"), Set.of()));
      case "show" -> show(console, Words.of(args, Set.of("--json"), Set.of()));
      case "trials" ->
          trials(console, Words.of(args, Set.of("--json"), Set.of("--format", "--top")));
      default -> null;
    };
  }

  private static @Nullable Callable<Integer> tune(Console console, @Nullable Words words) {
    if (words == null || words.plain().size() != 1) {
      return null;
    }
    var parallel = words.options().get("--parallel");
    return parallel != null && number(parallel) == null
        ? null
        : TuneCommand.of(console, Path.of(words.plain().getFirst()), words.options());
  }

  private static @Nullable Callable<Integer> list(Console console, @Nullable Words words) {
    return words == null || !words.plain().isEmpty()
        ? null
        : new ListCommand(console, words.has("--names"), words.has("--json"));
  }

  private static @Nullable Callable<Integer> best(Console console, @Nullable Words words) {
    return words == null || words.plain().size() != 1
        ? null
        : new BestCommand(console, words.plain().getFirst(), words.has("--json"));
  }

  private static @Nullable Callable<Integer> show(Console console, @Nullable Words words) {
    if (words == null || words.plain().isEmpty() || words.plain().size() > 2) {
      return null;
    }
    var trial = words.plain().size() == 2 ? number(words.plain().get(1)) : null;
    return trial == null && words.plain().size() == 2
        ? null
        : new ShowCommand(console, words.plain().getFirst(), trial, words.has("--json"));
  }

  private static @Nullable Callable<Integer> trials(Console console, @Nullable Words words) {
    if (words == null || words.plain().size() != 1) {
      return null;
    }
    var top = words.options().get("--top");
    var most = top == null ? null : number(top);
    if (top != null && most == null) {
      return null;
    }
    var format = words.has("--json") ? "json" : words.options().getOrDefault("--format", "table");
    return new TrialsCommand(console, words.plain().getFirst(), format, most);
  }

  private static @Nullable Integer number(String word) {
    return word.matches("[0-9]{1,9}") ? Integer.valueOf(word) : null;
  }

  /// The words behind a command's name.
  ///
  /// @param options with their values, those of flags empty
  private record Words(List<String> plain, TreeMap<String, String> options) {
    boolean has(String flag) {
      return options.containsKey(flag);
    }

    /// @return null where there is anything else than plain words, flags, options with values, each
    ///   once and written whole
    static @Nullable Words of(String[] args, Set<String> flags, Set<String> valued) {
      var words = new Words(new ArrayList<>(), new TreeMap<>());
      for (int i = 1; i < args.length; i++) {
        var word = args[i];
        if (word.isEmpty() || word.contains("=") || word.contains("\"")) {
          return null;
        } else if (!word.startsWith("-")) {
          words.plain.add(word);
        } else if (flags.contains(word)) {
          if (words.options.put(word, "") != null) {
            return null;
          }
        } else {
          boolean plain = valued.contains(word) && i + 1 < args.length;
          if (!plain || !args[i + 1].matches("[a-z0-9]+")) {
            return null;
          }
          if (words.options.put(word, args[++i]) != null) {
            return null;
          }
        }
      }
      return words;
    }
  }
}
