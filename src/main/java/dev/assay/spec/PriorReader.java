package dev.assay.spec;

import dev.assay.internal.words.NumberText;
import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Prior;
import java.util.ArrayList;
import java.util.Collections;
import java.util.stream.IntStream;

/// Reads the `prior:` of a parameter.
final class PriorReader {
  private static final String AROUND = "around";
  private static final String SPREAD = "spread";
  private static final String WEIGHTS = "prior: {adam: 3, sgd: 1}";

  private PriorReader() {}

  /// @throws Problem where the parameter cannot have it
  static Prior read(Node node, Distribution distribution) {
    var prior =
        switch (distribution) {
          case Choice choice -> weights(node, choice);
          case FloatRange range -> around(node, range.log());
          case IntRange range -> around(node, range.log());
        };
    return node.place()
        .locate(() -> {
          prior.requireFits(distribution);
          return prior;
        });
  }

  private static Prior around(Node node, boolean log) {
    var example = "prior: {around: " + (log ? "1e-3, spread: 3x}" : "0.5, spread: 0.1}");
    var part = Section.PRIOR.of(node.fields(example));
    var spread = part.require(SPREAD, example);
    double value = part.require(AROUND, example).number();
    if (spread instanceof Node.Scalar(String text, _, _)) {
      var factor = Prior.parseFactor(text.strip());
      if (factor.isPresent()) {
        return spread.place().locate(() -> Prior.within(value, factor.getAsDouble()));
      }
      throw spread.problem(
          "The spread of a prior is a number, or a factor.",
          "Write it like this: spread: " + (log ? "3x" : "0.1"));
    }
    double distance = spread.number();
    return spread.place().locate(() -> Prior.around(value, distance));
  }

  private static Prior weights(Node node, Choice choice) {
    int options = choice.options().size();
    if (node instanceof Node.Elements(var nodes, _)) {
      if (nodes.size() != options) {
        throw node.problem(
            "A prior has one weight for each option.",
            "Give " + options + " weights, in the order of the options.");
      }
      return node.place()
          .locate(() -> new Prior.Weights(nodes.stream().map(Node::number).toList()));
    }
    var fields = node.fields(WEIGHTS);
    if (fields.entries().isEmpty()) {
      throw node.problem("A prior names an option.", "Write it like this: " + WEIGHTS);
    }
    var weights = new ArrayList<>(Collections.nCopies(options, 1.0));
    for (var entry : fields.entries().entrySet()) {
      var key = entry.getKey();
      int option = fields.keyPlace(key).locate(() -> option(key, choice));
      double weight = entry.getValue().number();
      if (weight < 0) {
        throw entry
            .getValue()
            .problem("A weight is at least 0.", "Give 0 to what is not expected.");
      }
      weights.set(option, weight);
    }
    return node.place().locate(() -> new Prior.Weights(weights));
  }

  private static int option(String key, Choice choice) {
    var found =
        IntStream.range(0, choice.options().size())
            .filter(k -> isNamed(key, choice.options().get(k)))
            .toArray();
    if (found.length > 1) {
      throw new Problem(
          "Two options have that name.",
          key,
          "Give a list of weights, in the order of the options.");
    }
    if (found.length == 0 && (key.equals(AROUND) || key.equals(SPREAD))) {
      throw new Problem(
          "The prior of a choice has weights.", key, "Write it like this: " + WEIGHTS);
    }
    if (found.length == 0) {
      throw Prior.unknown(key, choice);
    }
    return found[0];
  }

  private static boolean isNamed(String key, @org.jspecify.annotations.Nullable Object option) {
    if (option instanceof Number number) {
      var named = NumberText.find(key);
      return named.isPresent() && named.getAsDouble() == number.doubleValue();
    }
    return String.valueOf(option).equals(key);
  }
}
