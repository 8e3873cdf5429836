package dev.assay.mutation;

import java.util.List;

/// One change.
///
/// @param type the name of the class
/// @param method its name and descriptor
/// @param place of the changed element among those of the method's code
/// @param line in its source
record Mutant(String type, String method, int place, int line, String change) {
  String where() {
    return type + "." + method;
  }

  String written() {
    return String.join("\t", type, method, "" + place, "" + line, change);
  }

  static Mutant read(String written) {
    var parts = List.of(written.split("\t"));
    return new Mutant(
        parts.get(0),
        parts.get(1),
        Integer.parseInt(parts.get(2)),
        Integer.parseInt(parts.get(3)),
        parts.get(4));
  }

  @Override
  public String toString() {
    return "%s:%d %s: %s".formatted(type, line, method.replaceAll("\\(.*", ""), change);
  }
}
