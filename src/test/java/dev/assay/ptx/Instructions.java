package dev.assay.ptx;

import dev.assay.ptx.Opcodes.Form;
import dev.assay.ptx.Program.Address;
import dev.assay.ptx.Program.Group;
import dev.assay.ptx.Program.Instruction;
import dev.assay.ptx.Program.Name;
import dev.assay.ptx.Program.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes instructions of one function as lines of C.
final class Instructions {
  private static final List<String> SPACES = List.of("global", "shared", "local", "param");

  private final Scope scope;

  Instructions(Scope scope) {
    this.scope = scope;
  }

  /// One line, whatever the instruction.
  String line(Instruction i) {
    var c = statement(i);
    if (i.guard().isPresent()) {
      var guard = i.guard().get();
      var predicate = scope.value(new Name(guard.register()), Type.PRED, i.line());
      c = "if (" + (guard.negated() ? "!" : "") + predicate + ") { " + c + " }";
    }
    return c + "\n";
  }

  /// Whether bits go from a register of numbers to one of integers or back, which machines do not
  /// tell apart.
  private boolean renames(Instruction i) {
    return i.operands().size() == 2
        && i.operands().stream().allMatch(o -> o instanceof Name(var text) && scope.register(text))
        && scope.type(((Name) operand(i, 0)).text(), i.line()).real()
            != scope.type(((Name) operand(i, 1)).text(), i.line()).real();
  }

  Kind kind(Instruction i) {
    var form = Opcodes.form(i.opcode());
    if (form.isPresent()) {
      return i.opcode().startsWith("mov.b") && renames(i) ? Kind.RENAME : form.get().kind();
    }
    var words = List.of(i.opcode().split("\\."));
    return switch (words.getFirst()) {
      case "ld", "st" ->
          switch (space(words)) {
            case "shared" -> Kind.SHARED;
            case "local" -> Kind.LOCAL;
            case "param" -> Kind.PARAM;
            default -> Kind.GLOBAL;
          };
      case "atom" -> Kind.ATOMIC;
      case "shfl" -> Kind.SHUFFLE;
      case "mma" ->
          words.contains("tf32")
              ? Kind.TF32_TENSOR
              : words.contains("bf16") ? Kind.BF16_TENSOR : Kind.F64_TENSOR;
      case "bar" -> Kind.BARRIER;
      case "call" -> Kind.CALL;
      default -> Kind.BRANCH;
    };
  }

  private static Refused unknown(Instruction i) {
    return new Refused(i.line(), "opcode " + i.opcode() + " is not known");
  }

  private static Refused operands(Instruction i) {
    return new Refused(i.line(), "operands that " + i.opcode() + " does not have");
  }

  private static Operand operand(Instruction i, int index) {
    if (index >= i.operands().size()) {
      throw operands(i);
    }
    return i.operands().get(index);
  }

  private static String name(Instruction i, int index) {
    if (operand(i, index) instanceof Name(var text)) {
      return text;
    }
    throw operands(i);
  }

  private static void count(Instruction i, int least, int most) {
    if (i.operands().size() < least || i.operands().size() > most) {
      throw operands(i);
    }
  }

  private String statement(Instruction i) {
    var form = Opcodes.form(i.opcode());
    if (form.isPresent()) {
      return i.opcode().startsWith("mov.b") && groups(i) ? packed(i) : computed(i, form.get());
    }
    var words = List.of(i.opcode().split("\\."));
    return switch (words.getFirst()) {
      case "ld", "st" -> memory(i, words);
      case "atom" -> atomic(i, words);
      case "shfl" -> shuffle(i, words);
      case "mma" -> product(i);
      case "bar" -> barrier(i);
      case "bra" -> branch(i);
      case "call" -> call(i);
      case "ret" -> {
        if (!i.opcode().equals("ret") && !i.opcode().equals("ret.uni")) {
          throw unknown(i);
        }
        count(i, 0, 0);
        yield "return;";
      }
      default -> throw unknown(i);
    };
  }

  private String computed(Instruction i, Form form) {
    int n = form.from().size();
    count(i, n + 1, n + 1);
    var c = form.c();
    boolean converts = form.kind() == Kind.CONVERT;
    for (int k = 0; k < n; k++) {
      var type = form.from().get(k);
      var operand = operand(i, k + 1);
      var value =
          converts ? scope.lower(operand, type, i.line()) : scope.value(operand, type, i.line());
      c = c.replace("$" + k, value);
    }
    if (form.rounds()) {
      c = "PTX_ROUNDED_" + form.to().name() + "(" + c + ")";
    }
    // In C what is narrower than int is calculated as int.
    if (form.to().bytes < 4 && form.to() != Type.PRED) {
      c = "(" + form.to().c + ")(" + c + ")";
    }
    return converts
        ? scope.extend(name(i, 0), form.to(), c, i.line())
        : scope.put(name(i, 0), form.to(), c, i.line());
  }

  // mov between one register and two halves

  private static boolean groups(Instruction i) {
    return i.operands().stream().anyMatch(Group.class::isInstance);
  }

  private String packed(Instruction i) {
    count(i, 2, 2);
    var type = Type.of(i.opcode().substring(4)).orElseThrow(() -> unknown(i));
    if (type.bytes < 4) {
      throw unknown(i);
    }
    var half = type.bytes == 8 ? Type.B32 : Type.B16;
    int bits = 8 * half.bytes;
    if (operand(i, 0) instanceof Group(var parts) && parts.size() == 2) {
      var whole = scope.value(operand(i, 1), type, i.line());
      var to = new ArrayList<String>();
      for (int k = 0; k < 2; k++) {
        if (!(parts.get(k) instanceof Name(var register))) {
          throw operands(i);
        }
        to.add(scope.put(register, half, "(" + half.c + ")(whole >> " + k * bits + ")", i.line()));
      }
      return "{ " + type.c + " whole = " + whole + "; " + String.join(" ", to) + " }";
    }
    if (operand(i, 1) instanceof Group(var parts) && parts.size() == 2) {
      var low = scope.value(parts.get(0), half, i.line());
      var high = scope.value(parts.get(1), half, i.line());
      var c = "(" + type.c + ")" + high + " << " + bits + " | " + low;
      return scope.put(name(i, 0), type, c, i.line());
    }
    throw operands(i);
  }

  // Memory

  private static String space(List<String> words) {
    return words.size() > 1 && SPACES.contains(words.get(1)) ? words.get(1) : "generic";
  }

  private String memory(Instruction i, List<String> words) {
    count(i, 2, 2);
    var space = space(words);
    boolean load = words.getFirst().equals("ld");
    var rest = words.subList(space.equals("generic") ? 1 : 2, words.size());
    if (load && space.equals("global") && rest.indexOf("nc") == 0) {
      rest = rest.subList(1, rest.size()); // through the cache of what no kernel writes meanwhile
    }
    int lanes =
        rest.size() == 2 && rest.getFirst().matches("v[24]") ? rest.getFirst().charAt(1) - '0' : 1;
    var type = rest.isEmpty() ? Type.PRED : Type.of(rest.getLast()).orElse(Type.PRED);
    if (type == Type.PRED || rest.size() != (lanes > 1 ? 2 : 1)) {
      throw unknown(i);
    }
    var values =
        operand(i, load ? 0 : 1) instanceof Group(var members)
            ? members
            : List.of(operand(i, load ? 0 : 1));
    if (values.size() != lanes) {
      throw operands(i);
    }
    var where =
        address(i, operand(i, load ? 1 : 0), space, lanes * type.bytes, load ? "READ" : "WRITE");
    if (lanes == 1) {
      return access(i, load, type, where, values.getFirst());
    }
    var text = new StringBuilder("{ unsigned char* at = " + where + ";");
    for (int k = 0; k < lanes; k++) {
      text.append(' ').append(access(i, load, type, "at + " + k * type.bytes, values.get(k)));
    }
    return text + " }";
  }

  private String access(Instruction i, boolean load, Type type, String where, Operand value) {
    var cell = "*(" + type.c + "*)(" + where + ")";
    if (!load) {
      return cell + " = " + scope.lower(value, type, i.line()) + ";";
    }
    if (!(value instanceof Name(var register))) {
      throw operands(i);
    }
    return scope.extend(register, type, cell, i.line());
  }

  /// C for where an access goes: checked, counted or plain, as the module is compiled.
  private String address(Instruction i, Operand operand, String space, int bytes, String access) {
    if (!(operand instanceof Address(var base, long offset))) {
      throw operands(i);
    }
    if (space.equals("param")) {
      return scope.parameter(base, offset, bytes, i.line());
    }
    var type = space.equals("shared") ? Type.U32 : Type.U64;
    var own = base.startsWith("%") ? scope.type(base, i.line()) : Type.B64;
    // Shared addresses come in registers of 32 or of 64 bits.
    var c = scope.value(new Name(base), own == Type.B64 ? Type.U64 : type, i.line());
    return "PTX_%s(%s, %d, PTX_%s, %d)"
        .formatted(
            space.toUpperCase(Locale.ROOT),
            offset == 0 ? c : c + " + " + offset,
            bytes,
            access,
            i.line());
  }

  private String atomic(Instruction i, List<String> words) {
    if (!i.opcode().matches("atom\\.(global|shared)\\.add\\.u32")) {
      throw unknown(i);
    }
    count(i, 3, 3);
    var where = address(i, operand(i, 1), words.get(1), 4, "ATOMIC");
    var c = "ptx_add_u32(" + where + ", " + scope.value(operand(i, 2), Type.U32, i.line()) + ")";
    return scope.put(name(i, 0), Type.U32, c, i.line());
  }

  // What threads do together

  private String shuffle(Instruction i, List<String> words) {
    if (!i.opcode().matches("shfl\\.sync\\.(idx|bfly|up|down)\\.b32")) {
      throw unknown(i);
    }
    count(i, 5, 5);
    var to = operand(i, 0) instanceof Group(var pair) ? pair : List.of(operand(i, 0));
    var numbers = new ArrayList<String>();
    for (int k = 1; k < 5; k++) {
      numbers.add(scope.value(operand(i, k), Type.B32, i.line()));
    }
    var call =
        "ptx_shuffle(PTX_%s, %s, &in, %d)"
            .formatted(words.get(2).toUpperCase(Locale.ROOT), String.join(", ", numbers), i.line());
    if (!(to.getFirst() instanceof Name(var register))) {
      throw operands(i);
    }
    var c =
        "{ _Bool in; uint32_t got = "
            + call
            + "; "
            + scope.put(register, Type.B32, "got", i.line());
    if (to.size() > 1 && to.get(1) instanceof Name(var in)) {
      c += " " + scope.put(in, Type.PRED, "in", i.line());
    }
    return c + " }";
  }

  /// A product of matrices that a warp makes.
  private String product(Instruction i) {
    count(i, 4, 4);
    return switch (i.opcode()) {
      case "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64" ->
          "{ double sums[2] = {%s}; ptx_mma_f64(%s, %s, sums, %d); %s }"
              .formatted(
                  members(i, 3, 2, Type.F64),
                  members(i, 1, 1, Type.F64),
                  members(i, 2, 1, Type.F64),
                  i.line(),
                  sums(i, 2, Type.F64));
      case "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32" -> rounded(i, "ptx_mma_tf32");
      case "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32" -> rounded(i, "ptx_mma_bf16");
      default -> throw unknown(i);
    };
  }

  private String rounded(Instruction i, String function) {
    return "{ float sums[4] = {%s}; uint32_t a[4] = {%s}, b[2] = {%s}; %s(a, b, sums, %d); %s }"
        .formatted(
            members(i, 3, 4, Type.F32),
            members(i, 1, 4, Type.B32),
            members(i, 2, 2, Type.B32),
            function,
            i.line(),
            sums(i, 4, Type.F32));
  }

  private List<Operand> group(Instruction i, int index, int size) {
    if (!(operand(i, index) instanceof Group(var members)) || members.size() != size) {
      throw operands(i);
    }
    return members;
  }

  private String members(Instruction i, int index, int size, Type type) {
    return group(i, index, size).stream()
        .map(member -> scope.value(member, type, i.line()))
        .collect(Collectors.joining(", "));
  }

  private String sums(Instruction i, int size, Type type) {
    var to = new StringBuilder();
    int k = 0;
    for (var member : group(i, 0, size)) {
      if (!(member instanceof Name(var register))) {
        throw operands(i);
      }
      to.append(scope.put(register, type, "sums[" + k++ + "]", i.line())).append(' ');
    }
    return to.toString().strip();
  }

  private String barrier(Instruction i) {
    if (i.opcode().equals("bar.sync") && i.operands().equals(List.of(new Program.Whole(0)))) {
      return "ptx_block_barrier(" + i.line() + ");";
    }
    if (i.opcode().equals("bar.warp.sync")) {
      count(i, 1, 1);
      return "ptx_warp_barrier("
          + scope.value(operand(i, 0), Type.B32, i.line())
          + ", "
          + i.line()
          + ");";
    }
    throw unknown(i);
  }

  // Control

  private String branch(Instruction i) {
    if (!i.opcode().equals("bra") && !i.opcode().equals("bra.uni")) {
      throw unknown(i);
    }
    count(i, 1, 1);
    return "goto " + Scope.label(name(i, 0)) + ";";
  }

  private String call(Instruction i) {
    if (!i.opcode().equals("call.uni") && !i.opcode().equals("call")) {
      throw unknown(i);
    }
    count(i, 1, 3);
    var function = "";
    var handed = new ArrayList<String>();
    for (var operand : i.operands()) {
      switch (operand) {
        case Name(var text) -> function = text;
        case Group(var members) -> {
          for (var member : members) {
            if (!(member instanceof Name(var memory))) {
              throw operands(i);
            }
            handed.add(scope.memory(memory, i.line()));
          }
        }
        case Program.Whole _, Program.Real _, Address _ -> throw operands(i);
      }
    }
    return "f_" + function + "(" + String.join(", ", handed) + ");";
  }
}
