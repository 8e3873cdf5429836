package dev.assay.run.command;

import dev.assay.internal.words.NumberText;
import dev.assay.internal.words.Spoken;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON as programs print it: bare words, such as `nan` of a C program's `%g` or the `True` of
/// Python, and single quotes, which Python prints of a dict, are read for what they say. Numbers
/// come as texts, as they were written.
final class ProgramJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                  .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
                  .build())
          .build();

  private static final Set<String> WORDS = Set.of("true", "false", "null");

  private static final int LONGEST_SHOWN = 40;

  private static final Pattern DIGITS = Pattern.compile("[-+]?[0-9]+");

  private final String text;
  private final StringBuilder written = new StringBuilder();

  /// The brackets that are open.
  private final StringBuilder open = new StringBuilder();

  private int at;

  /// The last bare word, and where it ended.
  private String word = "";

  private int wordEnd = -1;

  private ProgramJson(String text, int start) {
    this.text = text;
    this.at = start;
  }

  /// A value and where it ended.
  record Part(JsonNode value, int end) {}

  /// A whole text.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  static JsonNode parse(String text) {
    var reader = new ProgramJson(text, 0);
    reader.skipSpaces();
    if (reader.at == text.length()) {
      throw new IllegalArgumentException("it is empty");
    }
    int start = reader.at;
    reader.value();
    int end = reader.at;
    reader.skipSpaces();
    if (reader.at < text.length()) {
      boolean word = isBare(text.charAt(start));
      throw new IllegalArgumentException(
          "it is no valid JSON: it "
              + (word ? "begins with " : "goes on behind its end with ")
              + (word ? shown(text.substring(start, end)) : shown(text.substring(reader.at))));
    }
    return reader.tree();
  }

  /// The object that begins at a place of a text, whatever comes after it.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  static Part object(String text, int start) {
    var reader = new ProgramJson(text, start);
    reader.value();
    return new Part(reader.tree(), reader.at);
  }

  private static String shown(String part) {
    return Spoken.cut(part, LONGEST_SHOWN);
  }

  private void skipSpaces() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  /// To the end of the object, list or word that begins here.
  private void value() {
    do {
      if (at >= text.length()) {
        char bracket = open.charAt(open.length() - 1);
        throw new IllegalArgumentException(
            "it is no valid JSON: its closing " + (bracket == '{' ? '}' : ']') + " is missing");
      }
      step();
    } while (!open.isEmpty());
  }

  private JsonNode tree() {
    try {
      return MAPPER.readTree(written.toString());
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "it is no valid JSON: " + Spoken.ofParser(e.getOriginalMessage()), e);
    }
  }

  private void step() {
    char c = text.charAt(at);
    if (c == '"' || c == '\'') {
      quoted(c);
    } else if (isBare(c)) {
      bare();
    } else {
      if (c == '{' || c == '[') {
        open.append(c);
      } else if ((c == '}' || c == ']') && !open.isEmpty()) {
        open.setLength(open.length() - 1);
      }
      written.append(c);
      at++;
    }
  }

  private void quoted(char quote) {
    int from = at++;
    while (at < text.length() && text.charAt(at) != quote) {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(at + 1, text.length());
    written.append(text, from, at);
  }

  private static boolean isBare(char c) {
    return !Character.isWhitespace(c) && "{}[],:\"'".indexOf(c) < 0;
  }

  private void bare() {
    int from = at;
    while (at < text.length() && isBare(text.charAt(at))) {
      at++;
    }
    var next = text.substring(from, at);
    // In an object a key comes behind a comma: these are the two halves of one number.
    if (wordEnd > 0
        && wordEnd == from - 1
        && text.charAt(wordEnd) == ','
        && DIGITS.matcher(word).matches()
        && Character.isDigit(next.charAt(0))
        && isInObject()) {
      double _ = NumberText.parse(word + "," + next); // says why where it is none
      throw new IllegalArgumentException(
          "JSON has no commas in numbers, as in " + word + "," + next);
    }
    word = next;
    wordEnd = at;
    if (WORDS.contains(next)) {
      written.append(next);
    } else {
      written.append(JsonMapper.shared().writeValueAsString(next));
    }
  }

  private boolean isInObject() {
    return !open.isEmpty() && open.charAt(open.length() - 1) == '{';
  }
}
