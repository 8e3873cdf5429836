package dev.assay.ptx;

import dev.assay.ptx.Program.Function;
import dev.assay.ptx.Program.Instruction;
import dev.assay.ptx.Program.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// Writes a module as C: a function for each function, a line for each instruction, labels for
/// labels. Registers are locals, `.param` and `.local` memory arrays of bytes. What the names of
/// the C mean is in `kernels/standin/ptx.h`.
final class Emitter {
  private final Program program;
  private final StringBuilder functions = new StringBuilder();
  private final StringBuilder entries = new StringBuilder();
  private final Blocks blocks = new Blocks();
  private final TreeMap<Integer, String> sources =
      new TreeMap<>(); // of instructions, by their line

  private Emitter(Program program) {
    this.program = program;
  }

  static String c(Program program) {
    return new Emitter(program).module();
  }

  private String module() {
    var declared = new StringBuilder();
    for (var function : program.functions()) {
      if (function.body().isPresent()) {
        functions.append(function(function, function.body().get()));
      } else {
        declared.append(signature(function)).append(";\n");
      }
    }
    return String.format(
        Locale.ROOT,
        """
        #include "ptx.h"
        static unsigned char reached[%d];
        %s
        %s
        static const struct ptx_block blocks[] = {
        %s};
        static const struct ptx_source sources[] = {
        %s{0, 0}};
        static const struct ptx_entry entries[] = {
        %s{0}};
        PTX_EXPORT const struct ptx_module ptx_module = {PTX_ABI, entries, blocks, %d, reached, sources};
        """,
        blocks.count() + 1,
        declared,
        functions,
        blocks.table(),
        sourceTable(),
        entries,
        blocks.count());
  }

  private String sourceTable() {
    var text = new StringBuilder();
    sources.forEach((line, source) -> text.append("{" + line + ", \"" + source + "\"},\n"));
    return text.toString();
  }

  private static String signature(Function function) {
    var list = new ArrayList<String>();
    if (function.entry()) {
      list.add("unsigned char** arguments");
    } else {
      function.result().ifPresent(_ -> list.add("unsigned char* result"));
      for (int i = 0; i < function.parameters().size(); i++) {
        list.add("unsigned char* argument" + i);
      }
    }
    return "static void f_" + function.name() + "(" + String.join(", ", list) + ")";
  }

  private String function(Function function, List<Statement> body) {
    var scope = new Scope(function, program.shared());
    var writer = new Instructions(scope);
    var text = new StringBuilder();
    blocks.open(function.name(), function.line());
    var source = "";
    for (var statement : body) {
      switch (statement) {
        case Program.Registers r -> text.append(scope.declare(r));
        case Program.Memory m -> text.append(scope.declare(m));
        case Program.Source s ->
            source = program.files().getOrDefault(s.file(), "?") + ":" + s.line();
        case Program.Open _ -> {
          scope.open();
          text.append("{\n");
        }
        case Program.Close _ -> {
          scope.close();
          text.append("}\n");
        }
        case Program.Label label -> {
          text.append(Scope.label(label.name())).append(":;\n");
          blocks.open(function.name(), label.line());
        }
        case Instruction i -> {
          blocks.instruction(writer.kind(i), text);
          text.append(writer.line(i));
          if (!source.isEmpty()) {
            sources.put(i.line(), source);
          }
          if (endsBlock(i)) {
            blocks.open(function.name(), i.line() + 1);
          }
        }
      }
    }
    blocks.close();
    if (function.entry()) {
      entries.append(entry(function));
    }
    return signature(function) + " {\n" + scope.registers() + text + "}\n\n";
  }

  private static boolean endsBlock(Instruction i) {
    return i.opcode().startsWith("bra") || i.opcode().startsWith("call");
  }

  private static String entry(Function function) {
    var widths = new ArrayList<String>();
    function.parameters().forEach(p -> widths.add(Integer.toString(p.bytes())));
    return "{\"%s\", %d, (const unsigned[]){%s}, f_%s},\n"
        .formatted(
            function.name(),
            widths.size(),
            widths.isEmpty() ? "0" : String.join(", ", widths),
            function.name());
  }
}
