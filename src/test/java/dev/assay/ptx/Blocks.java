package dev.assay.ptx;

/// The basic blocks of a module: where each begins, and how many instructions of each kind it has.
final class Blocks {
  private final StringBuilder table = new StringBuilder();
  private int count;
  private boolean open;
  private String function = "";
  private int line;
  private int[] kinds = new int[Kind.values().length];

  /// Begins a block with the next instruction, which ends the last.
  void open(String function, int line) {
    close();
    this.function = function;
    this.line = line;
  }

  /// An instruction follows in the C.
  void instruction(Kind kind, StringBuilder c) {
    if (!open) {
      c.append("PTX_BLOCK(").append(count).append(")\n");
      open = true;
    }
    kinds[kind.ordinal()]++;
  }

  void close() {
    if (!open) {
      return;
    }
    table.append("{\"").append(function).append("\", ").append(line).append(", {");
    for (int n : kinds) {
      table.append(n).append(',');
    }
    table.append("}},\n");
    kinds = new int[kinds.length];
    count++;
    open = false;
  }

  int count() {
    return count;
  }

  String table() {
    return table.toString();
  }
}
