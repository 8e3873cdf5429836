package dev.assay.ptx;

import dev.assay.ptx.Lexer.Token;
import java.util.List;

/// Words and numbers of a PTX module, one after the other.
abstract class TokenReader {
  private final List<Token> tokens;
  private int at;

  TokenReader(String text) {
    tokens = Lexer.tokens(text);
  }

  Token peek() {
    return tokens.get(at);
  }

  boolean peek(String text) {
    return peek().is(text);
  }

  Token next() {
    var token = tokens.get(at);
    if (token.text().isEmpty()) {
      throw new Refused(token.line(), "the text ends in the middle");
    }
    at++;
    return token;
  }

  boolean take(String text) {
    if (peek(text)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(String text) {
    var token = next();
    if (!token.is(text)) {
      throw new Refused(token.line(), "expected '" + text + "', found '" + token.text() + "'");
    }
  }

  String word() {
    var token = next();
    if (!token.word()) {
      throw new Refused(token.line(), "expected a name, found '" + token.text() + "'");
    }
    return token.text();
  }

  long whole() {
    var token = next();
    try {
      return Long.decode(token.text());
    } catch (NumberFormatException e) {
      var digits = token.text().startsWith("0x") ? token.text().substring(2) : "";
      try {
        return Long.parseUnsignedLong(digits, 16);
      } catch (NumberFormatException f) {
        throw new Refused(token.line(), "expected a whole number, found '" + token.text() + "'");
      }
    }
  }

  int size() {
    int line = peek().line();
    long size = whole();
    if (size < 0 || size > 1 << 24) {
      throw new Refused(line, "a size of " + size);
    }
    return (int) size;
  }

  static Refused unknown(Token token, String what) {
    return new Refused(token.line(), what + " is not known: " + token.text());
  }
}
