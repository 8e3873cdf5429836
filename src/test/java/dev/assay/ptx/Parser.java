package dev.assay.ptx;

import dev.assay.ptx.Lexer.Token;
import dev.assay.ptx.Program.Address;
import dev.assay.ptx.Program.Function;
import dev.assay.ptx.Program.Group;
import dev.assay.ptx.Program.Guard;
import dev.assay.ptx.Program.Instruction;
import dev.assay.ptx.Program.Label;
import dev.assay.ptx.Program.Memory;
import dev.assay.ptx.Program.Name;
import dev.assay.ptx.Program.Operand;
import dev.assay.ptx.Program.Real;
import dev.assay.ptx.Program.Registers;
import dev.assay.ptx.Program.Source;
import dev.assay.ptx.Program.Statement;
import dev.assay.ptx.Program.Variable;
import dev.assay.ptx.Program.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a PTX module; what a module of ours does not contain is refused.
final class Parser extends TokenReader {
  /// The newest version of the ISA that the translator was written by.
  private static final double NEWEST = 9.0;

  private final List<String> shared = new ArrayList<>();
  private final Map<Integer, String> files = new HashMap<>();
  private final Map<Source, Source> callers = new HashMap<>(); // of what was put into others

  private Parser(String text) {
    super(text);
  }

  static Program parse(String text) {
    return new Parser(text).program();
  }

  // Modules

  private Program program() {
    var functions = new ArrayList<Function>();
    version();
    while (!peek().text().isEmpty()) {
      var token = next();
      switch (token.text()) {
        case ".target" -> {
          word();
          while (take(",")) {
            word();
          }
        }
        case ".address_size" -> {
          if (whole() != 64) {
            throw new Refused(token.line(), "addresses of 64 bits are known, not others");
          }
        }
        case ".extern" -> externalShared();
        case ".file" -> file();
        case ".section" -> section();
        case ".visible", ".weak" -> {}
        case ".entry" -> functions.add(function(true, token.line()));
        case ".func" -> functions.add(function(false, token.line()));
        default -> throw unknown(token, "directive");
      }
    }
    return new Program(shared, files, functions);
  }

  private void version() {
    var token = peek();
    if (!take(".version")) {
      throw new Refused(token.line(), "PTX begins with .version, this with '" + token.text() + "'");
    }
    var number = next();
    double version;
    try {
      version = Double.parseDouble(number.text());
    } catch (NumberFormatException e) {
      throw new Refused(number.line(), "expected a version, found '" + number.text() + "'");
    }
    if (version > NEWEST) {
      throw new Refused(
          number.line(),
          "PTX ISA " + number.text() + " is newer than " + NEWEST + ", the last known");
    }
  }

  private void externalShared() {
    expect(".shared");
    var variable = variable();
    if (variable.bytes() != 0) {
      throw new Refused(peek().line(), "shared memory of a fixed size is not known");
    }
    expect(";");
    shared.add(variable.name());
  }

  /// `.file 1 "fit.cu"`, with a time and a size after it or not.
  private void file() {
    int number = size();
    var name = next().text().replace("\"", "");
    files.put(number, name.substring(name.lastIndexOf('/') + 1));
    while (take(",")) {
      whole();
    }
  }

  /// What debuggers read.
  private void section() {
    while (!take("{")) {
      next();
    }
    while (!take("}")) {
      next();
    }
  }

  /// `.align 16 .b8 name[8]`: the last of its words is the name.
  private Variable variable() {
    int each = 0;
    for (; ; ) {
      var token = next();
      if (token.is(".align")) {
        whole();
      } else if (token.text().startsWith(".")) {
        var type = Type.of(token.text().substring(1));
        if (type.isPresent()) {
          each = type.get().bytes;
        } else if (!List.of(".param", ".ptr", ".global", ".local").contains(token.text())) {
          throw unknown(token, "property of a variable");
        }
      } else if (token.word() && each > 0) {
        int count = 1;
        if (take("[")) {
          count = peek("]") ? 0 : size();
          expect("]");
        }
        return new Variable(token.text(), each * count);
      } else {
        throw new Refused(token.line(), "expected a variable, found '" + token.text() + "'");
      }
    }
  }

  private List<Variable> variables() {
    var all = new ArrayList<Variable>();
    if (take("(")) {
      while (!take(")")) {
        all.add(variable());
        if (!peek(")")) {
          expect(",");
        }
      }
    }
    return all;
  }

  private Function function(boolean entry, int line) {
    var results = variables();
    if (results.size() > 1) {
      throw new Refused(line, "more than one result is not known");
    }
    var name = word();
    var parameters = variables();
    while (peek().text().startsWith(".")) {
      var token = next();
      if (!List.of(".maxntid", ".minnctapersm", ".reqntid", ".maxnreg", ".noreturn")
          .contains(token.text())) {
        throw unknown(token, "directive");
      }
      while (peek().number() || peek(",")) {
        next();
      }
    }
    Optional<List<Statement>> body = Optional.empty();
    if (!take(";")) {
      expect("{");
      body = Optional.of(statements());
    }
    return new Function(name, entry, results.stream().findFirst(), parameters, body, line);
  }

  // Statements

  private List<Statement> statements() {
    var all = new ArrayList<Statement>();
    int depth = 1;
    while (depth > 0) {
      var token = next();
      if (token.is("{")) {
        depth++;
        all.add(new Program.Open());
      } else if (token.is("}")) {
        depth--;
        if (depth > 0) {
          all.add(new Program.Close());
        }
      } else if (token.text().startsWith(".")) {
        directive(token, all);
      } else if (peek(":")) {
        next();
        all.add(new Label(token.text(), token.line()));
      } else {
        all.add(instruction(token));
      }
    }
    return all;
  }

  private void directive(Token token, List<Statement> all) {
    switch (token.text()) {
      case ".reg" -> registers(all);
      case ".local" -> all.add(new Memory(true, variable()));
      case ".param" -> all.add(new Memory(false, variable()));
      case ".pragma" -> next();
      case ".loc" -> {
        all.add(source());
        return; // has no semicolon
      }
      default -> throw unknown(token, "directive");
    }
    expect(";");
  }

  /// `.loc 2 419 10, function_name $L__info_string0, inlined_at 1 31 26`: the place that code was
  /// put into tells more than where it comes from.
  private Source source() {
    var own = new Source(size(), size());
    var place = own;
    size();
    while (take(",")) {
      if (take("inlined_at")) {
        place = new Source(size(), size());
        place = callers.getOrDefault(place, place);
        callers.put(own, place);
        size();
      } else {
        expect("function_name");
        word();
        if (take("+")) {
          size();
        }
      }
    }
    return place;
  }

  private void registers(List<Statement> all) {
    var token = next();
    var type = Type.of(token.text().replaceFirst("^\\.", ""));
    if (type.isEmpty()) {
      throw unknown(token, "type");
    }
    do {
      var name = word();
      int count = 0;
      if (take("<")) {
        count = size();
        expect(">");
      }
      all.add(new Registers(type.get(), name, count));
    } while (take(","));
  }

  private Instruction instruction(Token first) {
    var token = first;
    Optional<Guard> guard = Optional.empty();
    if (token.is("@")) {
      guard = Optional.of(new Guard(take("!"), word()));
      token = next();
    }
    if (!token.word()) {
      throw new Refused(token.line(), "expected an instruction, found '" + token.text() + "'");
    }
    var operands = new ArrayList<Operand>();
    while (!take(";")) {
      operands.add(operand());
      if (!peek(";")) {
        expect(",");
      }
    }
    return new Instruction(token.line(), guard, token.text(), operands);
  }

  private Operand operand() {
    if (peek("{")) {
      return group("{", "}");
    }
    if (peek("(")) {
      return group("(", ")");
    }
    if (take("[")) {
      var base = word();
      long offset = take("+") || peek().number() ? whole() : 0;
      expect("]");
      return new Address(base, offset);
    }
    if (peek().number()) {
      return number();
    }
    var name = new Name(word());
    return take("|") ? new Group(List.of(name, new Name(word()))) : name;
  }

  private Group group(String open, String close) {
    expect(open);
    var members = new ArrayList<Operand>();
    while (!take(close)) {
      members.add(operand());
      if (!peek(close)) {
        expect(",");
      }
    }
    return new Group(members);
  }

  private Operand number() {
    var text = peek().text();
    if (text.matches("0[fF][0-9a-fA-F]{8}")) {
      next();
      return new Real(Type.F32, Long.parseLong(text.substring(2), 16));
    }
    if (text.matches("0[dD][0-9a-fA-F]{16}")) {
      next();
      return new Real(Type.F64, Long.parseUnsignedLong(text.substring(2), 16));
    }
    return new Whole(whole());
  }
}
