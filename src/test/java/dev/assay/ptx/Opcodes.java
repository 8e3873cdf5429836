package dev.assay.ptx;

import static dev.assay.ptx.Type.F32;
import static dev.assay.ptx.Type.F64;
import static dev.assay.ptx.Type.PRED;
import static dev.assay.ptx.Type.S64;
import static dev.assay.ptx.Type.U32;
import static dev.assay.ptx.Type.U64;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every form of every opcode that computes a value from values, with the C that does so. Memory,
/// control and what threads do together is the [Emitter]'s.
///
/// In the C, `$0`, `$1`, `$2` are the operands after the destination, each of the form's type for
/// it.
public final class Opcodes {
  /// @param from types of the operands
  /// @param rounds whether the result is rounded, so that one that is not a number is the device's
  ///   own
  public record Form(Kind kind, Type to, List<Type> from, String c, boolean rounds) {}

  private static final List<Type> SIGNED = List.of(Type.S16, Type.S32, S64);
  private static final List<Type> UNSIGNED = List.of(Type.U16, U32, U64);
  private static final List<Type> BITS = List.of(Type.B16, Type.B32, Type.B64);
  private static final List<Type> REAL = List.of(F32, F64);
  private static final Map<String, Form> TABLE = new HashMap<>();

  private Opcodes() {}

  /// By the opcode as written: `fma.rn.f64`.
  public static Optional<Form> form(String opcode) {
    return Optional.ofNullable(TABLE.get(opcode));
  }

  /// All that are known.
  public static Map<String, Form> all() {
    return Collections.unmodifiableMap(TABLE);
  }

  static {
    moves();
    for (var type : SIGNED) {
      whole(type);
      signed(type);
    }
    for (var type : UNSIGNED) {
      whole(type);
    }
    for (var type : BITS) {
      bits(type);
    }
    reals();
    singles();
    predicates();
    comparisons();
    conversions();
  }

  private static void add(Kind kind, String opcode, Type to, String c, Type... from) {
    TABLE.put(opcode, new Form(kind, to, List.of(from), c, false));
  }

  private static void moves() {
    for (var type : Type.values()) {
      if (type.bytes > 1 || type == PRED) {
        add(Kind.MOVE, "mov." + type.ptx(), type, "$0", type);
        add(Kind.PREDICATE, "selp." + type.ptx(), type, "$2 ? $0 : $1", type, type, PRED);
      }
    }
    TABLE.remove("selp.pred");
    for (var space : List.of("global", "local")) {
      add(Kind.MOVE, "cvta." + space + ".u64", U64, "$0", U64);
      add(Kind.MOVE, "cvta.to." + space + ".u64", U64, "$0", U64);
    }
    add(Kind.MOVE, "cvta.shared.u64", U64, "$0 + (uint64_t)shared", U64);
    add(Kind.MOVE, "cvta.to.shared.u64", U64, "$0 - (uint64_t)shared", U64);
  }

  // Whole numbers: they wrap, so they are added and multiplied without a sign.

  private static void whole(Type t) {
    var name = "." + t.ptx();
    var kept = t.kept();
    add(Kind.INTEGER, "add" + name, t, "$0 + $1", kept, kept);
    add(Kind.INTEGER, "sub" + name, t, "$0 - $1", kept, kept);
    add(Kind.INTEGER, "mul.lo" + name, t, "$0 * $1", kept, kept);
    add(Kind.INTEGER, "mad.lo" + name, t, "$0 * $1 + $2", kept, kept, kept);
    add(Kind.INTEGER, "min" + name, t, "$0 < $1 ? $0 : $1", t, t);
    add(Kind.INTEGER, "max" + name, t, "$0 > $1 ? $0 : $1", t, t);
    add(Kind.INTEGER, "div" + name, t, "ptx_div_" + t.ptx() + "($0, $1)", t, t);
    add(Kind.INTEGER, "rem" + name, t, "ptx_rem_" + t.ptx() + "($0, $1)", t, t);
    if (t.bytes < 8) {
      var wide = t.wide();
      add(Kind.INTEGER, "mul.wide" + name, wide, "(" + wide.c + ")$0 * $1", t, t);
      add(Kind.INTEGER, "mad.wide" + name, wide, "(" + wide.c + ")$0 * $1 + $2", t, t, wide);
      add(Kind.INTEGER, "mul.hi" + name, t, "(" + wide.c + ")$0 * $1 >> " + 8 * t.bytes, t, t);
    } else {
      var wide = t.signed() ? "__int128" : "unsigned __int128";
      add(Kind.INTEGER, "mul.hi" + name, t, "(" + wide + ")$0 * $1 >> 64", t, t);
    }
    add(Kind.INTEGER, "shr" + name, t, "ptx_shr_" + t.ptx() + "($0, $1)", t, U32);
  }

  private static void signed(Type t) {
    add(Kind.INTEGER, "neg." + t.ptx(), t, "0 - $0", t.kept());
    add(Kind.INTEGER, "abs." + t.ptx(), t, "$0 < 0 ? 0 - (" + t.kept().c + ")$0 : $0", t);
  }

  private static void bits(Type t) {
    if (t == Type.B32) {
      add(Kind.INTEGER, "prmt.b32", t, "ptx_prmt_b32($0, $1, $2)", t, t, t);
    }
    var name = "." + t.ptx();
    add(Kind.INTEGER, "and" + name, t, "$0 & $1", t, t);
    add(Kind.INTEGER, "or" + name, t, "$0 | $1", t, t);
    add(Kind.INTEGER, "xor" + name, t, "$0 ^ $1", t, t);
    add(Kind.INTEGER, "not" + name, t, "~$0", t);
    add(Kind.INTEGER, "shl" + name, t, "ptx_shl_" + t.ptx() + "($0, $1)", t, U32);
    add(Kind.INTEGER, "shr" + name, t, "ptx_shr_" + t.ptx().replace('b', 'u') + "($0, $1)", t, U32);
    if (t.bytes >= 4) {
      add(Kind.INTEGER, "bfi" + name, t, "ptx_bfi_" + t.ptx() + "($0, $1, $2, $3)", t, t, U32, U32);
      add(Kind.INTEGER, "brev" + name, t, "ptx_brev_" + t.ptx() + "($0)", t);
    }
  }

  // Numbers: IEEE 754, rounded to nearest where nothing else is said, never contracted.

  private static void real(Kind kind, String opcode, Type type, String c, int operands) {
    TABLE.put(opcode, new Form(kind, type, Collections.nCopies(operands, type), c, true));
  }

  private static void reals() {
    for (var t : REAL) {
      var kind = t == F32 ? Kind.F32 : Kind.F64;
      var special = t == F32 ? Kind.SPECIAL : Kind.SPECIAL_F64;
      var name = "." + t.ptx();
      for (var how : List.of("", ".rn")) {
        real(kind, "add" + how + name, t, "$0 + $1", 2);
        real(kind, "sub" + how + name, t, "$0 - $1", 2);
        real(kind, "mul" + how + name, t, "$0 * $1", 2);
      }
      real(
          t == F32 ? Kind.F32_FMA : Kind.F64_FMA,
          "fma.rn" + name,
          t,
          "ptx_fma" + name(t) + "($0, $1, $2)",
          3);
      real(special, "div.rn" + name, t, "$0 / $1", 2);
      real(special, "sqrt.rn" + name, t, "ptx_sqrt" + name(t) + "($0)", 1);
      real(special, "rcp.rn" + name, t, "1 / $0", 1);
      real(Kind.APPROXIMATE, "rcp.approx.ftz" + name, t, "ptx_rcp_approx" + name(t) + "($0)", 1);
      real(kind, "min" + name, t, "ptx_min" + name(t) + "($0, $1)", 2);
      real(kind, "max" + name, t, "ptx_max" + name(t) + "($0, $1)", 2);
      add(kind, "neg" + name, t, "-$0", t);
      add(kind, "abs" + name, t, "ptx_abs" + name(t) + "($0)", t);
      // The sign is that of the first operand: the other way round than in C.
      add(kind, "copysign" + name, t, "ptx_copysign" + name(t) + "($1, $0)", t, t);
    }
    real(Kind.APPROXIMATE, "rsqrt.approx.ftz.f64", F64, "ptx_rsqrt_approx_f64($0)", 1);
  }

  private static String name(Type type) {
    return "_" + type.ptx();
  }

  private static void singles() {
    real(Kind.F32_FMA, "fma.rm.f32", F32, "ptx_fma_rm_f32($0, $1, $2)", 3);
    real(
        Kind.F32_FMA,
        "fma.rn.ftz.f32",
        F32,
        "ptx_flushed_f32(ptx_fma_f32("
            + "ptx_flushed_f32($0), ptx_flushed_f32($1), ptx_flushed_f32($2)))",
        3);
    real(
        Kind.F32,
        "mul.rn.ftz.f32",
        F32,
        "ptx_flushed_f32(ptx_flushed_f32($0) * ptx_flushed_f32($1))",
        2);
    real(Kind.F32, "add.rz.f32", F32, "ptx_add_rz_f32($0, $1)", 2);
    real(Kind.APPROXIMATE, "ex2.approx.ftz.f32", F32, "ptx_ex2_approx_f32($0)", 1);
    real(Kind.APPROXIMATE, "sqrt.approx.ftz.f32", F32, "ptx_sqrt_approx_f32($0)", 1);
  }

  private static void predicates() {
    add(Kind.PREDICATE, "and.pred", PRED, "$0 & $1", PRED, PRED);
    add(Kind.PREDICATE, "or.pred", PRED, "$0 | $1", PRED, PRED);
    add(Kind.PREDICATE, "xor.pred", PRED, "$0 ^ $1", PRED, PRED);
    add(Kind.PREDICATE, "not.pred", PRED, "!$0", PRED);
  }

  // Comparisons: those of numbers without a u are false where an operand is not a number, ne as
  // well.

  private static void compare(String how, Type type, String c) {
    add(Kind.PREDICATE, "setp." + how + "." + type.ptx(), PRED, c, type, type);
  }

  private static void comparisons() {
    var signs = Map.of("eq", "==", "ne", "!=", "lt", "<", "le", "<=", "gt", ">", "ge", ">=");
    var inverse = Map.of("lt", ">=", "le", ">", "gt", "<=", "ge", "<");
    for (var types : List.of(SIGNED, UNSIGNED)) {
      types.forEach(t -> signs.forEach((how, sign) -> compare(how, t, "$0 " + sign + " $1")));
    }
    var unsigned = Map.of("lo", "<", "ls", "<=", "hi", ">", "hs", ">=");
    UNSIGNED.forEach(t -> unsigned.forEach((how, sign) -> compare(how, t, "$0 " + sign + " $1")));
    for (var t : BITS) {
      compare("eq", t, "$0 == $1");
      compare("ne", t, "$0 != $1");
    }
    for (var t : REAL) {
      signs.forEach((how, sign) -> compare(how, t, "$0 " + sign + " $1"));
      inverse.forEach((how, sign) -> compare(how + "u", t, "!($0 " + sign + " $1)"));
      compare("ne", t, "$0 < $1 || $0 > $1");
      compare("neu", t, "$0 != $1");
      compare("equ", t, "!($0 < $1 || $0 > $1)");
      compare("num", t, "!__builtin_isunordered($0, $1)");
      compare("nan", t, "__builtin_isunordered($0, $1)");
    }
  }

  private static void conversion(String how, Type to, Type from, String c) {
    add(Kind.CONVERT, "cvt." + how + to.ptx() + "." + from.ptx(), to, c, from);
  }

  private static void conversions() {
    var numbers =
        java.util.Arrays.stream(Type.values())
            .filter(t -> !t.real() && !t.kept().equals(t))
            .toList();
    for (var from : numbers) {
      for (var to : numbers) {
        conversion("", to, from, "(" + to.c + ")$0");
      }
      for (var to : REAL) {
        conversion("rn.", to, from, "(" + to.c + ")$0");
      }
    }
    for (var from : REAL) {
      for (var to : List.of(Type.S32, U32, S64, U64)) {
        conversion("rzi.", to, from, "ptx_rzi_" + to.ptx() + "_" + from.ptx() + "($0)");
      }
    }
    conversion("", F64, F32, "(double)$0");
    TABLE.put("cvt.rn.f32.f64", new Form(Kind.CONVERT, F32, List.of(F64), "(float)$0", true));
    conversion("sat.", F32, F32, "ptx_sat_f32($0)");
    add(Kind.ROUND_TF32, "cvt.rna.tf32.f32", Type.B32, "ptx_rna_tf32_f32($0)", F32);
    add(Kind.CONVERT, "cvt.rn.bf16x2.f32", Type.B32, "ptx_rn_bf16x2_f32($0, $1)", F32, F32);
  }
}
