package dev.assay.run.command;

import dev.assay.internal.words.Spoken;
import java.util.ArrayList;
import java.util.List;

/// What of a program's words could not be understood: the first few and the newest.
final class Complaints {
  private static final int MOST = 5;
  private static final int LONGEST_QUOTE = 200;

  private final List<String> all = new ArrayList<>();

  /// @param line what the program said
  /// @return the complaint as it is shown
  String add(String what, String line) {
    var complaint =
        what + ": " + Spoken.cut(line, LONGEST_QUOTE); // lists are cut: the reason comes first
    if (!all.contains(complaint)) {
      if (all.size() == MOST) {
        all.removeLast();
      }
      all.add(complaint);
    }
    return complaint;
  }

  List<String> all() {
    return List.copyOf(all);
  }
}
