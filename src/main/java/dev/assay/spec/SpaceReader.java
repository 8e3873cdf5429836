package dev.assay.spec;

import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads `space:` and `constraints:`.
final class SpaceReader {
  static final List<String> RANGE_KEYS =
      List.of("float", "int", "choice", "log", "step", "ordered", "default", "when");

  private final SearchSpace.Builder builder = SearchSpace.builder();
  private final Map<String, Place> places = new HashMap<>();

  private SpaceReader() {}

  static SearchSpace read(Node space, @Nullable Node constraints) {
    var reader = new SpaceReader();
    reader.parameters(space, Condition.ALWAYS);
    if (constraints != null) {
      for (var item : constraints.items("a list of texts")) {
        reader.builder.where(item.text());
      }
    }
    try {
      return reader.builder.build();
    } catch (Problem problem) {
      throw problem.at(reader.placeOf(problem, space, constraints).toString());
    }
  }

  /// A problem found when all is known together: its place is the parameter or constraint that it
  /// speaks of.
  private Place placeOf(Problem problem, Node space, @Nullable Node constraints) {
    if (constraints instanceof Node.Items(_, var items)) {
      for (var item : items) {
        if (problem.value().contains(item.text())) {
          return item.place();
        }
      }
    }
    for (var entry : places.entrySet()) {
      if (problem.value().contains("when of " + entry.getKey())) {
        return entry.getValue();
      }
    }
    return space.place();
  }

  private void parameters(Node node, Condition inherited) {
    node.fields("name: {float: [low, high]}")
        .forEach((name, definition) -> parameter(name, definition, inherited));
  }

  private void parameter(String name, Node definition, Condition inherited) {
    var section = Section.of(definition, "{float: [1e-4, 1.0], log: true}", RANGE_KEYS);
    places.putIfAbsent(name, definition.place());
    var nested = new ArrayList<Map.Entry<String, Node>>();
    var distribution = located(definition, () -> distribution(section, nested));
    var condition = inherited.and(section.get("when", SpaceReader::when, Condition.ALWAYS));
    var initial = section.get("default");
    located(
        initial == null ? definition : initial,
        () ->
            builder.add(
                new Parameter(
                    name, distribution, initial == null ? null : initial.plain(), condition)));
    for (var option : nested) {
      parameters(option.getValue(), inherited.and(Condition.when(name, option.getKey())));
    }
  }

  private static <T> T located(Node node, Supplier<T> action) {
    try {
      return action.get();
    } catch (Problem problem) {
      throw problem.value().contains(node.place().source())
          ? problem
          : problem.at(node.place().toString());
    }
  }

  private static Distribution distribution(Section section, List<Map.Entry<String, Node>> nested) {
    var kinds =
        List.of("float", "int", "choice").stream().filter(k -> section.get(k) != null).toList();
    if (kinds.size() != 1) {
      throw section
          .node()
          .problem(
              "A parameter needs exactly one of float, int and choice.",
              "Write {float: [1e-4, 1.0]}, {int: [1, 8]} or {choice: [a, b]}.");
    }
    var kind = kinds.getFirst();
    refuseForeign(section, kind);
    boolean log = section.get("log", Node::truth, false);
    var body = java.util.Objects.requireNonNull(section.get(kind));
    return switch (kind) {
      case "float" -> {
        var bounds = bounds(body);
        yield new FloatRange(
            bounds.get(0).number(), bounds.get(1).number(), log, step(section, 0.0));
      }
      case "int" -> {
        var bounds = bounds(body);
        yield new IntRange(
            bounds.get(0).whole(),
            bounds.get(1).whole(),
            log,
            section.get("step", Node::whole, 1L));
      }
      default -> choice(body, section.get("ordered", Node::truth, false), nested);
    };
  }

  private static double step(Section section, double otherwise) {
    var step = section.get("step");
    if (step == null) {
      return otherwise;
    }
    if (step.number() <= 0) {
      throw step.problem("A step must be positive.", "Leave it out for a continuous range.");
    }
    return step.number();
  }

  private static void refuseForeign(Section section, String kind) {
    var foreign = kind.equals("choice") ? List.of("log", "step") : List.of("ordered");
    for (var key : foreign) {
      var value = section.get(key);
      if (value != null) {
        throw value.problem(
            "This key does not go with " + kind + ".",
            kind.equals("choice") ? "Only ranges have log and step." : "Only a choice is ordered.");
      }
    }
  }

  private static List<Node> bounds(Node body) {
    var bounds = body.items("[low, high]");
    if (bounds.size() != 2) {
      throw body.problem("A range has two bounds.", "Write [low, high].");
    }
    return bounds;
  }

  /// A list of values, or a map from option to the parameters that exist only under it.
  private static Choice choice(Node body, boolean ordered, List<Map.Entry<String, Node>> nested) {
    if (body instanceof Node.Fields(_, var options)) {
      for (var option : options.entrySet()) {
        boolean empty = option.getValue() instanceof Node.Scalar(_, var value) && value == null;
        if (!empty) {
          nested.add(option);
        }
      }
      return new Choice(List.copyOf(options.keySet()), ordered);
    }
    var values = new ArrayList<@Nullable Object>();
    body.items("[a, b, c], or {a: {parameters under a}, b: {}}")
        .forEach(i -> values.add(i.plain()));
    return new Choice(values, ordered);
  }

  /// `{parent: value}` or `{parent: [values]}`; several parents must all agree.
  private static Condition when(Node node) {
    Condition condition = Condition.ALWAYS;
    for (var entry : node.fields("{optimizer: [sgd, adam]}").entrySet()) {
      var values = new ArrayList<@Nullable Object>();
      if (entry.getValue() instanceof Node.Items(_, var items)) {
        items.forEach(item -> values.add(item.plain()));
      } else {
        values.add(entry.getValue().plain());
      }
      condition = condition.and(new Condition.In(entry.getKey(), values));
    }
    return condition;
  }
}
