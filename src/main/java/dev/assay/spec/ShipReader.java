package dev.assay.spec;

import dev.assay.problem.Problem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `ship:`.
final class ShipReader {
  private static final String FILES = "[train.py, data/]";
  private static final String EXAMPLE = "ship: " + FILES;

  private ShipReader() {}

  /// @param directory what relative paths are relative to
  static @Nullable Shipment read(@Nullable Node node, Path directory) {
    if (node == null) {
      return null;
    }
    if (node instanceof Node.Fields fields) {
      var part = Section.SHIP.of(fields);
      var files = names(part.require("files", "files: " + FILES));
      var to = part.get("to") instanceof Node place ? directory.resolve(path(place)) : null;
      return new Shipment(files, to, node.place().toString());
    }
    return new Shipment(names(node), null, node.place().toString());
  }

  private static List<String> names(Node node) {
    if (!(node instanceof Node.Elements(var nodes, _)) || nodes.isEmpty()) {
      throw node.problem("A list of files and directories is expected.", "Write it: " + EXAMPLE);
    }
    var names = new ArrayList<String>();
    for (var one : nodes) {
      var path = path(one);
      if (path.isAbsolute() || path.normalize().startsWith("..")) {
        throw one.problem(
            "Only what lies in the study file's directory travels with it.",
            "Copy it there, or name it by an absolute path that every machine has.");
      }
      names.add(one.text());
    }
    return names;
  }

  private static Path path(Node node) {
    try {
      return Path.of(node.text());
    } catch (InvalidPathException e) {
      Problem problem =
          node.problem("The path is none that this system allows.", "Choose another path.");
      throw problem;
    }
  }
}
