package dev.assay.ptx;

import dev.assay.ptx.Program.Function;
import dev.assay.ptx.Program.Memory;
import dev.assay.ptx.Program.Name;
import dev.assay.ptx.Program.Operand;
import dev.assay.ptx.Program.Real;
import dev.assay.ptx.Program.Registers;
import dev.assay.ptx.Program.Variable;
import dev.assay.ptx.Program.Whole;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What the names of a function mean: its registers, parameters and memory, and those of the braces
/// within.
final class Scope {
  private static final Map<String, String> SPECIAL = new HashMap<>();

  static {
    for (var axis : List.of("x", "y", "z")) {
      SPECIAL.put("%tid." + axis, "ptx_now.thread." + axis);
      SPECIAL.put("%ntid." + axis, "ptx_now.block." + axis);
      SPECIAL.put("%ctaid." + axis, "ptx_now.block_index." + axis);
      SPECIAL.put("%nctaid." + axis, "ptx_now.grid." + axis);
    }
  }

  /// Memory that is known by name: C for where it begins.
  private record Place(String c, int bytes, boolean local) {}

  private final List<String> shared;
  private final Deque<Map<String, Type>> registers = new ArrayDeque<>(); // the innermost first
  private final Deque<Map<String, Place>> places = new ArrayDeque<>();
  private final Map<String, Registers> series = new HashMap<>();
  private final Map<Type, TreeSet<String>> used = new EnumMap<>(Type.class);

  Scope(Function function, List<String> shared) {
    this.shared = shared;
    open();
    function.result().ifPresent(r -> place(r, "result", false));
    for (int i = 0; i < function.parameters().size(); i++) {
      place(
          function.parameters().get(i),
          function.entry() ? "arguments[" + i + "]" : "argument" + i,
          false);
    }
  }

  private void place(Variable variable, String c, boolean local) {
    places.element().put(variable.name(), new Place(c, variable.bytes(), local));
  }

  void open() {
    registers.push(new HashMap<>());
    places.push(new HashMap<>());
  }

  void close() {
    registers.pop();
    places.pop();
  }

  /// C for a declaration. Registers of the function itself are declared at its top, so that no jump
  /// passes one.
  String declare(Registers r) {
    if (r.count() > 0) {
      series.put(r.name(), r);
      return "";
    }
    registers.element().put(r.name(), r.type().kept());
    return registers.size() == 1 ? "" : r.type().kept().c + " " + plain(r.name()) + ";\n";
  }

  String declare(Memory memory) {
    var variable = memory.variable();
    var c = "m_" + variable.name().replace('$', '_');
    place(variable, c, memory.local());
    var array = "_Alignas(16) unsigned char " + c + "[" + variable.bytes() + "];";
    return array + (memory.local() ? " PTX_DEPOT(" + c + ", " + variable.bytes() + ")\n" : "\n");
  }

  /// C that declares the registers of the function that were used.
  String registers() {
    var text = new StringBuilder("unsigned char* const shared = ptx_now.shared; (void)shared;\n");
    used.forEach((type, names) ->
        text.append(type.c).append(' ').append(String.join(", ", names)).append(";\n"));
    return text.toString();
  }

  private static String plain(String register) {
    return "v" + register.substring(1);
  }

  static String label(String name) {
    return name.replace("$", "");
  }

  /// Whether it is a register that a program declares.
  static boolean register(String text) {
    return text.startsWith("%") && !SPECIAL.containsKey(text);
  }

  /// The type that a register is kept as.
  Type type(String register, int line) {
    for (var names : registers) {
      var type = names.get(register);
      if (type != null) {
        return type;
      }
    }
    int digits = register.length();
    while (digits > 0 && register.charAt(digits - 1) >= '0' && register.charAt(digits - 1) <= '9') {
      digits--;
    }
    var found = series.get(register.substring(0, digits));
    if (found == null
        || digits == register.length()
        || register.length() - digits > 8
        || Integer.parseInt(register.substring(digits)) >= found.count()) {
      throw new Refused(line, "no such register: " + register);
    }
    return found.type().kept();
  }

  /// A register's name in C.
  String register(String register, int line) {
    var type = type(register, line);
    boolean inner = false;
    for (var names : registers) {
      inner |= names.containsKey(register) && names != registers.getLast();
    }
    if (!inner) {
      used.computeIfAbsent(type, _ -> new TreeSet<>()).add(plain(register));
    }
    return plain(register);
  }

  /// C for an operand as a value of a type, whose width a register must have.
  String value(Operand operand, Type type, int line) {
    if (operand instanceof Name(var text) && register(text)) {
      sameWidth(type(text, line), type, line);
    }
    return lower(operand, type, line);
  }

  private static void sameWidth(Type kept, Type type, int line) {
    if (kept != Type.PRED && type != Type.PRED && kept.bytes != type.bytes) {
      throw new Refused(line, "a register of " + kept.ptx() + " in the place of a " + type.ptx());
    }
  }

  /// The same where a register may be wider: `st` and `cvt` take its lower bits.
  String lower(Operand operand, Type type, int line) {
    return switch (operand) {
      case Name(var text) -> name(text, type, line);
      case Whole(long value) -> whole(value, type, line);
      case Real(var own, long bits) -> real(own, bits, type, line);
      case Program.Address _, Program.Group _ ->
          throw new Refused(line, "expected a value, found memory or a list");
    };
  }

  private String name(String text, Type type, int line) {
    var special = SPECIAL.get(text);
    if (special != null) {
      return cast(special, Type.B32, type, line);
    }
    if (text.startsWith("%")) {
      return cast(register(text, line), type(text, line), type, line);
    }
    if (shared.contains(text)) {
      return cast("0", Type.B64, type, line); // dynamic shared memory begins at 0
    }
    for (var names : places) {
      var place = names.get(text);
      if (place != null && place.local()) {
        return "(uint64_t)" + place.c();
      }
    }
    throw new Refused(line, "no such value: " + text);
  }

  private static String whole(long value, Type type, int line) {
    if (type == Type.PRED) {
      return value == 0 ? "0" : "1";
    }
    if (type.real()) {
      throw new Refused(line, "a whole number (" + value + ") in the place of a " + type.ptx());
    }
    return "(" + type.c + ")0x" + Long.toHexString(value) + "u" + (type.bytes == 8 ? "ll" : "");
  }

  private static String real(Type own, long bits, Type type, int line) {
    if (own.bytes != type.bytes) {
      throw new Refused(line, "a constant of " + own.ptx() + " in the place of a " + type.ptx());
    }
    if (!type.real()) {
      return "(" + type.c + ")0x" + Long.toHexString(bits) + "u" + (type.bytes == 8 ? "ll" : "");
    }
    double value =
        own == Type.F32 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
    if (Double.isFinite(value)) {
      return own == Type.F32
          ? "(" + Float.toHexString((float) value) + "f)"
          : "(" + Double.toHexString(value) + ")";
    }
    return "ptx_as_"
        + own.ptx()
        + "(0x"
        + Long.toHexString(bits)
        + "u"
        + (own == Type.F64 ? "ll)" : ")");
  }

  /// C that reads what is kept as one type as another: of the same bits, or the lower ones.
  private static String cast(String c, Type kept, Type type, int line) {
    if (kept == type.kept()) {
      return type.signed() ? "(" + type.c + ")" + c : c;
    }
    if ((kept == Type.PRED) != (type == Type.PRED)) {
      throw new Refused(line, "a predicate is no " + (kept == Type.PRED ? type : kept).ptx());
    }
    if (type.real() && kept.bytes == type.bytes) {
      return "ptx_as_" + type.ptx() + "(" + c + ")";
    }
    if (kept.real() && kept.bytes == type.bytes) {
      return "(" + type.c + ")ptx_bits_" + kept.ptx() + "(" + c + ")";
    }
    if (kept.real() || type.real() || kept.bytes < type.bytes) {
      throw new Refused(line, "a register of " + kept.ptx() + " in the place of a " + type.ptx());
    }
    return "(" + type.c + ")" + c;
  }

  /// C that puts a value of a type into a register of its width.
  String put(String register, Type type, String c, int line) {
    if (!register.equals("_")) {
      sameWidth(type(register, line), type, line);
    }
    return extend(register, type, c, line);
  }

  /// The same where a register may be wider: `ld` and `cvt` extend by the sign, or by zeros.
  String extend(String register, Type type, String c, int line) {
    if (register.equals("_")) {
      return "(void)(" + c + ");";
    }
    var kept = type(register, line);
    var to = register(register, line);
    if (kept == type.kept()) {
      return to + " = " + c + ";";
    }
    if (kept.real() && kept.bytes == type.bytes && !type.real()) {
      return to + " = ptx_as_" + kept.ptx() + "(" + c + ");";
    }
    if (type.real() && kept.bytes == type.bytes && kept != Type.PRED) {
      return to + " = ptx_bits_" + type.ptx() + "(" + c + ");";
    }
    if (kept.real()
        || type.real()
        || kept == Type.PRED
        || type == Type.PRED
        || kept.bytes < type.bytes) {
      throw new Refused(
          line, "a " + type.ptx() + " into a register of " + kept.ptx() + ": " + register);
    }
    return to + " = (" + type.c + ")(" + c + ");";
  }

  /// C for where memory known by name begins, when so many bytes from an offset on lie within it.
  String parameter(String name, long offset, int bytes, int line) {
    for (var names : places) {
      var place = names.get(name);
      if (place != null) {
        if (offset < 0
            || offset + bytes > place.bytes()
            || offset % bytes != 0 && offset % 16 != 0) {
          throw new Refused(
              line,
              bytes
                  + " bytes at "
                  + offset
                  + " of parameter "
                  + name
                  + ", which has "
                  + place.bytes());
        }
        return place.c() + " + " + offset;
      }
    }
    throw new Refused(line, "no such parameter: " + name);
  }

  /// The name of memory that a call is handed.
  String memory(String name, int line) {
    for (var names : places) {
      var place = names.get(name);
      if (place != null) {
        return place.c();
      }
    }
    throw new Refused(line, "no such parameter: " + name);
  }
}
