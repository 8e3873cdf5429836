package dev.assay.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the options out of what a program prints for `--help`, as argparse, click and most others
/// write it.
final class ProgramHelp {
  private static final Pattern OPTION =
      Pattern.compile("^\\s+(?:-\\w(?: [^,\\s]+)?, +)?--([A-Za-z][\\w.-]*)(.*)$");
  private static final Pattern DEFAULT =
      Pattern.compile(
          "(?i)[(\\[][^)\\]]*?\\bdefaults?(?: is| to)?[:= ]+([^)\\];]+)|\\bdefaults? (?:is|to):?"
              + " +(\\S+[\\w])");
  private static final Pattern CHOICES =
      Pattern.compile("^[ =]?[{\\[]([^\\s{}\\[\\]]*[,|][^{}\\[\\]]*)[}\\]]");
  private static final Pattern VALUE = Pattern.compile("^(?:=| )<?([A-Za-z][\\w.-]*(?: RANGE)?)>?");

  /// As click writes it: `1<=x<=8`, `x>=1`.
  private static final Pattern RANGE =
      Pattern.compile("\\b([-+\\d.e]+)<=?x(?:<=?([-+\\d.e]+))?|\\bx>=?([-+\\d.e]+)");

  private ProgramHelp() {}

  static List<ProgramOption> read(String text) {
    var options = new ArrayList<ProgramOption>();
    String name = null;
    var said = new StringBuilder();
    for (var line : (text + "\n").lines().toList()) {
      var found = OPTION.matcher(line);
      if (found.matches()) {
        add(options, name, said.toString());
        name = found.group(1);
        said = new StringBuilder(found.group(2));
      } else if (line.isBlank() || !line.startsWith("   ")) {
        add(options, name, said.toString());
        name = null;
      } else {
        said.append(said.toString().endsWith("-") ? "" : "  ").append(line.strip());
      }
    }
    add(options, name, said.toString());
    return options;
  }

  private static void add(List<ProgramOption> options, @Nullable String name, String said) {
    if (name == null
        || name.equals("help")
        || name.equals("version")
        || options.stream().anyMatch(option -> option.name().equals(name))) {
      return;
    }
    var given = DEFAULT.matcher(said);
    var words =
        given.find() ? (given.group(1) == null ? given.group(2) : given.group(1)).strip() : null;
    var initial =
        words == null || words.equals("None") ? null : value(words.replaceAll("^['\"]|['\"]$", ""));
    var listed = CHOICES.matcher(said);
    List<Object> choices =
        listed.find()
            ? java.util.Arrays.stream(listed.group(1).split("[,|]"))
                .map(String::strip)
                .map(ProgramHelp::value)
                .toList()
            : List.of();
    var range = RANGE.matcher(said);
    boolean bounded = range.find();
    var value = VALUE.matcher(said);
    var placeholder = value.find() ? value.group(1) : "";
    var help =
        said.contains("  ")
            ? said.substring(said.indexOf("  ")).strip().replaceAll("\\s+", " ")
            : "";
    boolean isSwitch = placeholder.isEmpty() && choices.isEmpty();
    options.add(
        new ProgramOption(
            name,
            isSwitch ? ProgramOption.Kind.SWITCH : kind(placeholder, initial),
            initial,
            choices,
            bounded ? number(range.group(1) == null ? range.group(3) : range.group(1)) : null,
            bounded ? number(range.group(2)) : null,
            said.contains("[required]"),
            help));
  }

  private static ProgramOption.Kind kind(String placeholder, @Nullable Object initial) {
    var upper = placeholder.toUpperCase(java.util.Locale.ROOT);
    if (initial instanceof Double || upper.startsWith("FLOAT") || upper.equals("DOUBLE")) {
      return ProgramOption.Kind.REAL;
    }
    return initial instanceof Long || upper.matches("INT(EGER)?( RANGE)?|UINT|LONG|N|NUM")
        ? ProgramOption.Kind.WHOLE
        : ProgramOption.Kind.TEXT;
  }

  private static @Nullable Number number(@Nullable String text) {
    return text != null && value(text) instanceof Number number ? number : null;
  }

  /// A whole number, a real one, or the text itself.
  static Object value(String text) {
    if (text.matches("[-+]?[0-9]{1,18}")) {
      return Long.valueOf(text);
    }
    return text.matches("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
        ? (Object) Double.valueOf(text)
        : text;
  }
}
