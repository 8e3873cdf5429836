package dev.assay.spec;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.run.table.CandidateTable;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Constraint;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import dev.assay.space.SpaceBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads `space:` and `constraints:`.
final class SpaceReader {
  /// The key whose text names a file of configurations; with a map it is a parameter.
  private static final String ROWS = "rows";

  private static final String EXAMPLE = "hidden: {int: [16, 256], log: true}";

  private record Entry(Parameter parameter, Place place) {}

  /// A value that a `when:` names.
  private record Wanted(String parent, Node value) {}

  private final List<Entry> entries = new ArrayList<>();

  /// What parameters were before there was a choice, by name.
  private final Map<String, @Nullable Object> was = new LinkedHashMap<>();

  private final Map<String, Distribution> distributions = new LinkedHashMap<>();
  private final List<Wanted> wanted = new ArrayList<>();

  private final Node.Fields space;

  /// The rows that are searched, where the space is a list.
  private final @Nullable CandidateTable candidates;

  /// @param directory where files of rows are looked for
  SpaceReader(Node.Fields space, Path directory) {
    this.space = space;
    var rows = space.entries().get(ROWS) instanceof Node.Scalar file ? file : null;
    parameters(space, Condition.ALWAYS, rows);
    if (rows == null) {
      candidates = null;
      checkConditions();
    } else {
      candidates = candidates(rows, directory);
    }
  }

  /// The parameters of the file's columns take the place of those that describe some of them.
  private CandidateTable candidates(Node rows, Path directory) {
    var described = new LinkedHashMap<String, Parameter>();
    for (var entry : entries) {
      if (!entry.parameter().condition().isAlways()) {
        throw new Problem(
            "A parameter of listed rows always exists.",
            entry.parameter().name() + " (" + entry.place() + ")",
            "Remove its condition.");
      }
      described.put(entry.parameter().name(), entry.parameter());
    }
    var file = rows.text();
    var table =
        rows.place().locate(() -> CandidateTable.read(directory.resolve(file), file, described));
    var places = places();
    entries.clear();
    for (var parameter : table.parameters()) {
      entries.add(new Entry(parameter, places.getOrDefault(parameter.name(), rows.place())));
    }
    return table;
  }

  /// What parameters were before there was a choice, by name.
  Map<String, @Nullable Object> was() {
    return Collections.unmodifiableMap(was);
  }

  /// In the order in which they stand.
  List<Parameter> parameters() {
    return entries.stream().map(Entry::parameter).toList();
  }

  /// Where each parameter stands first, by name.
  Map<String, Place> places() {
    var places = new LinkedHashMap<String, Place>();
    entries.forEach(entry -> places.putIfAbsent(entry.parameter().name(), entry.place()));
    return places;
  }

  /// @param other what is no parameter among them, or null
  private void parameters(Node.Fields fields, Condition condition, @Nullable Node other) {
    for (var entry : fields.entries().entrySet()) {
      if (other != null && entry.getValue() == other) {
        continue;
      }
      var name = entry.getKey();
      var place = fields.keyPlace(name);
      if (name.isBlank()) {
        throw new Problem("A parameter needs a name.", "\"\" (" + place + ")", "Name it.");
      }
      parameter(name, described(name, entry.getValue()), place, condition);
    }
  }

  /// What stands behind a parameter's name: a map, where other tools have lists and values.
  private static Node.Fields described(String name, Node node) {
    if (node instanceof Node.Fields fields) {
      return fields; // as nearly always: the switch below takes its time, once
    }
    return switch (node) {
      case Node.Fields fields -> fields;
      case Node.Elements list ->
          throw list.problem(
              "A parameter says what kind of values it has.",
              "Write " + name + ": " + PeerWords.listed(list.plain()) + ".");
      case Node.Scalar(var value, _, _) when value == null -> node.fields(EXAMPLE);
      case Node.Scalar(String text, _, _) when text.matches(".*[(\\[.].*") -> node.fields(EXAMPLE);
      case Node.Scalar(var _, var written, _) ->
          throw node.problem(
              "A parameter says which values it has.", PeerWords.word(name, written));
    };
  }

  private void parameter(String name, Node.Fields fields, Place place, Condition outer) {
    var kinds = List.of("float", "int", "choice");
    var kind = kinds.stream().filter(fields.entries()::containsKey).findFirst();
    if (kind.isEmpty()) {
      for (var key : fields.entries().keySet()) {
        if (!Section.FLOAT.keys().contains(key) && !Section.CHOICE.keys().contains(key)) {
          throw Section.unknown(key, fields, kinds);
        }
      }
      throw fields.problem(
          "A parameter is one of float, int and choice.", "Write it like this: " + EXAMPLE);
    }
    switch (kind.get()) {
      case "float" -> floating(name, Section.FLOAT.of(fields), place, outer);
      case "int" -> whole(name, Section.INT.of(fields), place, outer);
      default -> choice(name, Section.CHOICE.of(fields), place, outer);
    }
  }

  private void floating(String name, Section.Part part, Place place, Condition outer) {
    var node = part.require("float", "float: [0.0, 1.0]");
    var bounds = bounds(node, "float: [0.0, 1.0]");
    double low = bounds.getFirst().number();
    double high = bounds.getLast().number();
    boolean log = log(part);
    double step = part.get("step") instanceof Node given ? given.number() : 0;
    if (part.get("step") instanceof Node given && step == 0) {
      throw given.problem("The step of a float range must be positive.", "Give a step above 0.");
    }
    var range = node.place().locate(() -> new FloatRange(low, high, log, step));
    add(name, range, part, place, outer);
  }

  private void whole(String name, Section.Part part, Place place, Condition outer) {
    var node = part.require("int", "int: [1, 8]");
    var bounds = bounds(node, "int: [1, 8]");
    long low = bounds.getFirst().whole();
    long high = bounds.getLast().whole();
    boolean log = log(part);
    long step = part.get("step") instanceof Node given ? given.whole() : 1;
    var range = node.place().locate(() -> new IntRange(low, high, log, step));
    add(name, range, part, place, outer);
  }

  private static List<Node> bounds(Node node, String example) {
    var bounds = node.elements(example).nodes();
    if (bounds.size() != 2) {
      throw node.problem("A range has a low and a high bound.", "Write it like this: " + example);
    }
    return bounds;
  }

  private static boolean log(Section.Part part) {
    return part.get("log") instanceof Node log && log.truth();
  }

  private void choice(String name, Section.Part part, Place place, Condition outer) {
    var node = part.require("choice", "choice: [relu, tanh]");
    boolean ordered = part.get("ordered") instanceof Node given && given.truth();
    if (node instanceof Node.Fields options) {
      List<@Nullable Object> names = List.copyOf(options.entries().keySet());
      var choice = node.place().locate(() -> new Choice(names, ordered));
      var condition = add(name, choice, part, place, outer);
      options
          .entries()
          .forEach((option, nested) -> {
            boolean bare = nested instanceof Node.Scalar(var value, _, _) && value == null;
            if (!bare) {
              parameters(
                  nested.fields("choice: {sgd: {nesterov: {choice: [true, false]}}, adam: {}}"),
                  condition.and(Condition.when(name, option)),
                  null);
            }
          });
      return;
    }
    var values = node.elements("choice: [relu, tanh]").plain();
    add(name, node.place().locate(() -> new Choice(values, ordered)), part, place, outer);
  }

  /// @return when the parameter exists
  private Condition add(
      String name, Distribution distribution, Section.Part part, Place place, Condition outer) {
    var condition = outer;
    if (part.get("when") instanceof Node when) {
      condition = outer.and(when(when));
    }
    Object initial = null;
    if (part.get("default") instanceof Node given) {
      initial = given.plain();
      if (initial == null || Double.isNaN(distribution.code(initial))) {
        throw given.problem(
            "The default is not one of the parameter's values.",
            "It is a " + distribution.describe() + ".");
      }
    }
    if (part.get("was") instanceof Node given) {
      if (Double.isNaN(distribution.code(given.plain()))) {
        throw given.problem(
            "What the parameter was is not one of its values.",
            "It is a " + distribution.describe() + ".");
      }
      was.put(name, given.plain());
    }
    var prior =
        part.get("prior") instanceof Node given ? PriorReader.read(given, distribution) : null;
    entries.add(new Entry(new Parameter(name, distribution, initial, condition, prior), place));
    distributions.putIfAbsent(name, distribution);
    return condition;
  }

  private Condition when(Node node) {
    var example = "when: {optimizer: [sgd, adam]}";
    var fields = node.fields(example);
    if (fields.entries().isEmpty()) {
      throw node.problem("A condition names a parameter.", "Write it like this: " + example);
    }
    var condition = Condition.ALWAYS;
    for (var entry : fields.entries().entrySet()) {
      var parent = entry.getKey();
      var values =
          entry.getValue() instanceof Node.Elements(var nodes, _)
              ? nodes
              : List.of(entry.getValue());
      if (values.isEmpty()) {
        throw entry.getValue().problem("A condition without values never holds.", "List them.");
      }
      var plain = new ArrayList<@Nullable Object>();
      for (var value : values) {
        plain.add(value.plain());
        wanted.add(new Wanted(parent, value));
      }
      condition = condition.and(new Condition.In(parent, Collections.unmodifiableList(plain)));
    }
    return condition;
  }

  /// The space checks its conditions too, but cannot say where they stand.
  private void checkConditions() {
    for (var want : wanted) {
      var distribution = distributions.get(want.parent());
      if (distribution == null) {
        throw new Problem(
            "A condition names an unknown parameter.",
            want.parent() + " (" + want.value().place() + ")",
            Nearest.suggest(want.parent(), distributions.keySet()));
      }
      if (distribution instanceof FloatRange) {
        throw new Problem(
            "A condition needs a choice or an integer.",
            want.parent() + " (" + want.value().place() + ")",
            "Put the limit into a constraint instead.");
      }
      if (Double.isNaN(distribution.code(want.value().plain()))) {
        throw want.value()
            .problem(
                "A condition names a value that " + want.parent() + " cannot take.",
                mend(distribution, want.value()));
      }
    }
  }

  private static String mend(Distribution distribution, Node value) {
    if (distribution instanceof Choice(var options, _)
        && options.stream().allMatch(String.class::isInstance)
        && value instanceof Node.Scalar(_, var text, _)) {
      return Nearest.suggest(text, options.stream().map(String::valueOf).toList());
    }
    return "It is a " + distribution.describe() + ".";
  }

  SearchSpace build(@Nullable Node constraints) {
    var builder = SearchSpace.builder();
    for (var entry : entries) {
      entry.place().locate(() -> builder.add(entry.parameter()));
    }
    if (candidates != null) {
      builder.listed(candidates.name(), candidates.rows());
    }
    if (constraints == null) {
      return space.place().locate(builder::build);
    }
    return constrained(parameters(), builder, constraints);
  }

  /// A space that no file wrote, with the file's constraints.
  static SearchSpace constrained(SearchSpace space, @Nullable Node constraints) {
    if (constraints == null) {
      return space;
    }
    var builder = SearchSpace.builder();
    space.parameters().forEach(builder::add);
    for (var constraint : space.constraints()) {
      switch (constraint) {
        case Constraint.Written written -> builder.where(written.name());
        case Constraint.Listed listed -> builder.where(listed);
        case Constraint.Checked checked -> builder.where(checked);
      }
    }
    return constrained(space.parameters(), builder, constraints);
  }

  private static SearchSpace constrained(
      List<Parameter> parameters, SpaceBuilder builder, Node constraints) {
    var nodes =
        constraints instanceof Node.Elements(var several, _) ? several : List.of(constraints);
    for (var node : nodes) {
      // Alone first: what is wrong with this one gets its place.
      var alone = SearchSpace.builder();
      parameters.forEach(alone::add);
      var text = node.text();
      if (nodes.size() > 1) {
        node.place().locate(() -> alone.where(text).build());
      }
      builder.where(text);
    }
    return (nodes.size() == 1 ? nodes.getFirst() : constraints).place().locate(builder::build);
  }
}
