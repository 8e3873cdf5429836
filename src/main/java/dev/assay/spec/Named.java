package dev.assay.spec;

import dev.assay.problem.Problem;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A sampler or a pruner as the file names it: `gp`, or `{gp: {acquisition: logei}}`. What the name
/// and the options mean is for those to say who know the algorithms.
///
/// @param options by name, each with its place
/// @param place where the name stands
public record Named(String name, Node.Fields options, Place place) {
  /// One that no file named.
  static Named unsaid(String name, Place root) {
    return new Named(name, Node.Fields.empty(root), root);
  }

  /// What a text names that stands in no file: `gp`, or `{gp: {acquisition: logei}}`.
  ///
  /// @param source where the text comes from, for messages: `--samplers`
  /// @throws Problem when the text is neither
  public static Named parse(String text, String source) {
    var place = new Place(source, 0, 0, "");
    var node = NodeReader.read(text, place, true);
    if (node == null) {
      throw new Problem("A name is expected here.", "nothing (" + place + ")", "Write: gp.");
    }
    return read(node, "{gp: {acquisition: logei}}");
  }

  /// @param example how it is written
  static Named read(Node node, String example) {
    if (node instanceof Node.Scalar) {
      return new Named(node.text(), Node.Fields.empty(node.place()), node.place());
    }
    var fields = node.fields(example);
    if (fields.entries().size() != 1) {
      throw node.problem("One name with its options is expected here.", "Write: " + example);
    }
    var entry = fields.entries().entrySet().iterator().next();
    var place = fields.keyPlace(entry.getKey());
    boolean bare = entry.getValue() instanceof Node.Scalar(var value, _, _) && value == null;
    return new Named(
        entry.getKey(), bare ? Node.Fields.empty(place) : entry.getValue().fields(example), place);
  }

  /// Makes the algorithm. A problem of the factory's gets the place of the option that its value
  /// begins with, or else the place of the name.
  ///
  /// @param factory from the name and the plain options
  public <T> T create(BiFunction<String, Map<String, @Nullable Object>, T> factory) {
    try {
      return factory.apply(name, options.plain());
    } catch (Problem problem) {
      throw problem.at(placeOf(problem).toString());
    }
  }

  private Place placeOf(Problem problem) {
    return options.entries().keySet().stream()
        .filter(key -> Place.beginsWith(problem, key))
        .findFirst()
        .map(options::keyPlace)
        .orElse(place);
  }
}
