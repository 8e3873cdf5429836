package dev.assay.run.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a reader of lines found.
abstract class LineReadersCase {
  /// What was found, in words: `0.5`, `3:0.5` at a step, `?why`, `!remark`.
  static final class Heard implements LineReader.Found {
    final List<String> all = new ArrayList<>();

    @Override
    public void number(@Nullable Long step, double value) {
      all.add(step == null ? "" + value : step + ":" + value);
    }

    @Override
    public void remark(String what) {
      all.add("!" + what);
    }

    @Override
    public void unreadable(String why) {
      all.add("?" + why);
    }

    /// Numbers and the kind of everything else.
    List<String> kinds() {
      return all.stream().map(w -> "?!".indexOf(w.charAt(0)) >= 0 ? w.substring(0, 1) : w).toList();
    }
  }
}
