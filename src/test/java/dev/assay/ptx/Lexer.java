package dev.assay.ptx;

import java.util.ArrayList;
import java.util.List;

/// Words, numbers and signs of a PTX text.
final class Lexer {
  /// @param text a word with its dots (`fma.rn.f64`, `%rd4`), a number as written
  ///   (`0d3FF0000000000000`, `-8`), a string with its quotes, or one sign; empty at the text's end
  /// @param line from 1
  record Token(String text, int line) {
    boolean is(String what) {
      return text.equals(what);
    }

    boolean word() {
      return !text.isEmpty() && wordStart(text.charAt(0));
    }

    boolean number() {
      return !text.isEmpty()
          && (digit(text.charAt(0)) || text.length() > 1 && text.charAt(0) == '-');
    }
  }

  private final String text;
  private int at;
  private int line = 1;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) {
    var lexer = new Lexer(text);
    var all = new ArrayList<Token>();
    for (lexer.space(); lexer.at < text.length(); lexer.space()) {
      all.add(new Token(lexer.next(), lexer.line));
    }
    all.add(new Token("", lexer.line));
    return all;
  }

  private static boolean wordStart(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c == '_'
        || c == '$'
        || c == '%'
        || c == '.';
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
  }

  private void space() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '/' && peek(1) == '/') {
        at = endOf("\n", at) - 1;
      } else if (c == '/' && peek(1) == '*') {
        int end = text.indexOf("*/", at);
        if (end < 0) {
          throw new Refused(line, "the comment has no end");
        }
        line += (int) text.substring(at, end).chars().filter(n -> n == '\n').count();
        at = end + 2;
      } else if (c == '\n' || c == ' ' || c == '\t' || c == '\r') {
        line += c == '\n' ? 1 : 0;
        at++;
      } else {
        return;
      }
    }
  }

  private int endOf(String what, int from) {
    int end = text.indexOf(what, from);
    return end < 0 ? text.length() + 1 : end + 1;
  }

  private String next() {
    int start = at;
    char c = text.charAt(at++);
    if (c == '"') {
      at = endOf("\"", at);
      if (at > text.length()) {
        throw new Refused(line, "the string has no end");
      }
    } else if (wordStart(c) || digit(c) || c == '-' && digit(peek(0))) {
      while (at < text.length() && (wordStart(text.charAt(at)) || digit(text.charAt(at)))) {
        at++;
      }
    } else if ("@!{}()[]<>,;:+|=".indexOf(c) < 0) {
      throw new Refused(
          line,
          "a sign that PTX does not have here: '"
              + (c < ' ' || c > '~' ? "\\u%04x".formatted((int) c) : c)
              + "'");
    }
    return text.substring(start, at);
  }
}
