package dev.assay.ptx;

import java.util.List;
import java.util.Optional;

/// A PTX module as it was read.
///
/// @param shared names of arrays in dynamic shared memory, all of which begin where it begins
/// @param files sources that `.loc` speaks of, by number
record Program(
    List<String> shared, java.util.Map<Integer, String> files, List<Function> functions) {

  /// @param result what a function returns: an array of bytes
  /// @param body empty where the function is only declared
  record Function(
      String name,
      boolean entry,
      Optional<Variable> result,
      List<Variable> parameters,
      Optional<List<Statement>> body,
      int line) {}

  /// Memory with a name.
  record Variable(String name, int bytes) {}

  sealed interface Statement {}

  record Label(String name, int line) implements Statement {}

  /// @param count 0 for one register of just this name, else name0 to name(count - 1)
  record Registers(Type type, String name, int count) implements Statement {}

  /// An array of a thread (`.local`), or what a call is handed (`.param`).
  record Memory(boolean local, Variable variable) implements Statement {}

  record Open() implements Statement {}

  record Close() implements Statement {}

  /// `.loc`: what follows comes from there.
  record Source(int file, int line) implements Statement {}

  /// @param guard the predicate that it depends on
  record Instruction(int line, Optional<Guard> guard, String opcode, List<Operand> operands)
      implements Statement {}

  record Guard(boolean negated, String register) {}

  sealed interface Operand {}

  /// A register, label, function or memory.
  record Name(String text) implements Operand {}

  record Whole(long value) implements Operand {}

  record Real(Type type, long bits) implements Operand {}

  record Address(String base, long offset) implements Operand {}

  /// `{a, b}`, `(a, b)`, or `a|b`.
  record Group(List<Operand> members) implements Operand {}
}
