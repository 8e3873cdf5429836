package dev.assay.run.table;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// A walk along a JSON text in memory that makes objects of what is asked for only.
///
/// Files of recorded kernels are mostly arrays of single runs that nobody reads: a loop over bytes
/// passes them a good deal sooner than a parser that is still being compiled. What Python writes
/// beside JSON, `NaN` and `Infinity`, are numbers.
final class JsonBytes {
  /// The text ends, or goes on in another way than JSON does.
  static final class Cut extends Exception {
    private static final long serialVersionUID = 1;

    /// @param reason half a sentence, with the byte's position
    Cut(String reason) {
      super(reason);
    }
  }

  private static final int BYTE_ORDER_MARK = 3;

  private final byte[] text;
  private int at;

  /// Values by their letters: of a column they are few.
  private final Map<String, Object> known = new HashMap<>();

  /// @param text UTF-8; kept, not copied
  JsonBytes(byte[] text) {
    this.text = text;
    boolean marked =
        text.length >= BYTE_ORDER_MARK
            && text[0] == (byte) 0xEF
            && text[1] == (byte) 0xBB
            && text[2] == (byte) 0xBF;
    at = marked ? BYTE_ORDER_MARK : 0;
  }

  /// Where the walk stands.
  int position() {
    return at;
  }

  private Cut cut(String reason) {
    return new Cut(reason + " at byte " + at);
  }

  /// The next byte that is no white space, which stays.
  int peek() throws Cut {
    while (at < text.length) {
      byte c = text[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
    }
    throw cut("it ends");
  }

  /// Passes the bracket that opens an object or an array.
  void open(char bracket) throws Cut {
    if (peek() != bracket) {
      throw cut("no " + bracket);
    }
    at++;
  }

  /// Goes to the next member of an object or an array.
  ///
  /// @param first whether none was read yet
  /// @return false behind the closing bracket
  boolean next(char close, boolean first) throws Cut {
    int c = peek();
    if (c == close) {
      at++;
      return false;
    }
    if (!first) {
      if (c != ',') {
        throw cut("no comma and no " + close);
      }
      at++;
    }
    return true;
  }

  /// The name of an object's member; the walk stands before its value.
  String name() throws Cut {
    var name = string();
    open(':');
    return name;
  }

  private String string() throws Cut {
    if (peek() != '"') {
      throw cut("no text in quotes");
    }
    int start = at;
    boolean plain = passString();
    return plain
        ? new String(text, start + 1, at - start - 2, StandardCharsets.UTF_8)
        : unescaped(start + 1, at - 1);
  }

  /// @return whether it has no escapes
  private boolean passString() throws Cut {
    boolean plain = true;
    for (int i = at + 1; i < text.length; i++) {
      byte c = text[i];
      if (c == '"') {
        at = i + 1;
        return plain;
      }
      if (c == '\\') {
        plain = false;
        i++;
      }
    }
    throw cut("it ends within a text");
  }

  private String unescaped(int from, int to) throws Cut {
    var letters = new StringBuilder();
    var raw = new String(text, from, to - from, StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        letters.append(c);
        continue;
      }
      char escape = raw.charAt(++i);
      switch (escape) {
        case 'b' -> letters.append('\b');
        case 'f' -> letters.append('\f');
        case 'n' -> letters.append('\n');
        case 'r' -> letters.append('\r');
        case 't' -> letters.append('\t');
        case '"', '\\', '/' -> letters.append(escape);
        case 'u' -> {
          var digits = raw.substring(i + 1, Math.min(raw.length(), i + 5));
          if (!digits.matches("[0-9a-fA-F]{4}")) {
            throw cut("no four digits behind \\u");
          }
          letters.append((char) Integer.parseInt(digits, 16));
          i += 4;
        }
        default -> throw cut("there is no escape \\" + escape);
      }
    }
    return letters.toString();
  }

  /// Passes a value.
  void skip() throws Cut {
    switch (peek()) {
      case '"' -> passString();
      case '{', '[' -> skipNested();
      default -> passWord();
    }
  }

  private void skipNested() throws Cut {
    int depth = 0;
    while (at < text.length) {
      switch (text[at]) {
        case '"' -> {
          passString();
          continue;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      at++;
      if (depth == 0) {
        return;
      }
    }
    throw cut("it ends");
  }

  private void passWord() throws Cut {
    int start = at;
    while (at < text.length && isOfWord(text[at])) {
      at++;
    }
    if (at == start) {
      throw cut("no value");
    }
    if (at == text.length) {
      throw cut("it ends"); // more digits might have followed
    }
  }

  private static boolean isOfWord(byte c) {
    return c >= '0' && c <= '9'
        || c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c == '-'
        || c == '+'
        || c == '.';
  }

  /// A value that is neither an object nor an array: a String, a Boolean or a Number; `"null"` for
  /// null. For values that come again and again.
  Object scalar() throws Cut {
    if (peek() == '"') {
      return string();
    }
    var word = word();
    var value = known.get(word);
    if (value == null) {
      value = value(word);
      known.put(word, value);
    }
    return value;
  }

  /// The letters of a number, `true`, `false` or `null`.
  String word() throws Cut {
    peek();
    int start = at;
    passWord();
    return new String(text, start, at - start, StandardCharsets.ISO_8859_1);
  }

  private Object value(String word) throws Cut {
    switch (word) {
      case "null" -> {
        return word;
      }
      case "true" -> {
        return true;
      }
      case "false" -> {
        return false;
      }
      default -> {}
    }
    try {
      return number(word);
    } catch (NumberFormatException e) {
      throw cut("\"" + word + "\" is no value");
    }
  }

  /// As a JSON library has it: an Integer, a Long, a BigInteger or a Double.
  ///
  /// @throws NumberFormatException for what is none
  static Number number(String word) {
    if (!word.matches("-?[0-9]+")) {
      return Double.valueOf(word);
    }
    var whole = new BigInteger(word);
    if (whole.bitLength() < Integer.SIZE) {
      return whole.intValue();
    }
    return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
  }
}
