package dev.assay.spec;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.run.command.CommandRunner;
import dev.assay.run.function.NumericFunction;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns the tree of a study file into a [StudyFile].
final class StudyFileReader {
  private final Path file;
  private final String text;
  private final List<String> overrides;
  private final Place root;
  private final boolean asks;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> was = new LinkedHashMap<>();

  StudyFileReader(Path file, String text, List<String> overrides) {
    this(file, text, overrides, false);
  }

  /// @param asks whether trials may ask for parameters while they run: then a space may be missing
  StudyFileReader(Path file, String text, List<String> overrides, boolean asks) {
    this.file = file;
    this.asks = asks;
    this.text = text;
    this.overrides = List.copyOf(overrides);
    root = new Place(file.toString(), 1, 1, "");
  }

  StudyFile read() {
    boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    var example = "objective, maximize and space, as assay init shows";
    var tree = NodeReader.read(text, root, !json);
    if (tree == null || tree instanceof Node.Scalar(var value, _, _) && value == null) {
      throw new Problem(
          "The study file is empty.", root.source(), "assay init writes a sample to start from.");
    }
    var part = Section.STUDY.of(Overrides.apply(tree.fields(example), overrides));
    var objective = ObjectiveReader.read(part.get("objective"), directory());
    var space = space(part, objective);
    var fixed = fixed(part, space);
    var sampler = algorithm(part, "sampler", "auto", "sampler: {gp: {acquisition: logei}}");
    int parallel = parallel(part, objective, sampler);
    var objectives = objectives(part, objective);
    var budget = BudgetReader.read(part.get("budget"), objective);
    return new StudyFile(
        name(part),
        directory(),
        text,
        overrides,
        objective,
        objectives,
        space,
        Collections.unmodifiableMap(was),
        fixed,
        constraints(part),
        warmStart(part),
        sampler,
        algorithm(part, "pruner", "none", "pruner: {hyperband: {min: 1, max: 27}}"),
        budget.budget(),
        budget.cut(),
        budget.regret(),
        budget.rule(),
        ConfirmReader.read(part.get("confirm"), objectives, sampler, budget.cut()),
        start(part, space.fix(fixed)),
        parallel,
        batch(
            part,
            objective,
            PopulationRules.apply(sampler) ? PopulationRules.size(sampler) : 0,
            parallel),
        part.get("seed") instanceof Node node ? node.whole() : 0,
        part.get("storage") instanceof Node node ? node.text() : null,
        refit(part, objective),
        keep(part),
        CommandReader.resources(part.get("resources")),
        part.get("restarts") instanceof Node node ? node.count(0) : Integer.MAX_VALUE,
        durability(part.get("durability")),
        ShipReader.read(part.get("ship"), directory()),
        LogReader.read(part.get("log"), directory()),
        Collections.unmodifiableMap(places));
  }

  private static boolean refit(Section.Part part, ObjectiveSpec objective) {
    if (!(part.get("refit") instanceof Node node) || !node.truth()) {
      return false;
    }
    if (!(objective instanceof ObjectiveSpec.Train)) {
      throw node.problem("Only what the built-in trainer trains can be refitted.", "Remove refit.");
    }
    return true;
  }

  private Path directory() {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
  }

  private String name(Section.Part part) {
    if (part.get("name") instanceof Node node) {
      return node.text();
    }
    var fileName = String.valueOf(file.getFileName());
    int dot = fileName.lastIndexOf('.');
    return dot > 0 ? fileName.substring(0, dot) : fileName;
  }

  private List<Objective> objectives(Section.Part part, ObjectiveSpec objective) {
    var objectives = new ArrayList<Objective>();
    for (var entry : part.fields().entries().entrySet()) {
      switch (entry.getKey()) {
        case "minimize" -> addObjectives(objectives, entry.getValue(), Direction.MINIMIZE);
        case "maximize" -> addObjectives(objectives, entry.getValue(), Direction.MAXIMIZE);
        default -> {}
      }
    }
    if (objectives.isEmpty() && objective instanceof ObjectiveSpec.Function function) {
      // The literature minimizes them all.
      function.place().locate(() -> NumericFunction.named(function.name())).metrics().stream()
          .map(metric -> new Objective(metric, Direction.MINIMIZE))
          .forEach(objectives::add);
    }
    if (objectives.isEmpty()) {
      throw new Problem(
          "The study does not say what is better.",
          "neither minimize nor maximize (" + root + ")",
          "Add one: maximize: accuracy, or minimize: loss.");
    }
    return List.copyOf(objectives);
  }

  private void addObjectives(List<Objective> objectives, Node node, Direction direction) {
    var metrics = node instanceof Node.Elements(var nodes, _) ? nodes : List.of(node);
    for (var metric : metrics) {
      var name = metric.text();
      if (objectives.stream().anyMatch(o -> o.metric().equals(name))) {
        throw metric.problem("A metric stands twice among the objectives.", "Remove one.");
      }
      objectives.add(new Objective(name, direction));
      places.putIfAbsent(name, metric.place());
    }
  }

  /// The space of the file, or the objective's own where the file has none.
  private SearchSpace space(Section.Part part, ObjectiveSpec objective) {
    var constraints = part.get("constraints");
    if (asks && !part.has("space") && objective instanceof ObjectiveSpec.AskTell) {
      return open(part);
    }
    var own = part.has("space") ? null : objective.ownSpace();
    return own == null
        ? spaceReader(part, objective).build(constraints)
        : SpaceReader.constrained(own, constraints);
  }

  private static SearchSpace open(Section.Part part) {
    for (var key : List.of("constraints", "fix", "warm_start")) {
      if (part.get(key) instanceof Node node) {
        throw node.problem(
            "A study whose trials ask for parameters while they run has no " + key + ".",
            "Declare the space, or leave it out.");
      }
    }
    return SearchSpace.open(List.of());
  }

  private SpaceReader spaceReader(Section.Part part, ObjectiveSpec objective) {
    var example = "space: {learning_rate: {float: [1e-4, 1.0], log: true}}";
    var reader = new SpaceReader(part.require("space", example).fields(example), directory());
    places.putAll(reader.places());
    was.putAll(reader.was());
    if (objective instanceof ObjectiveSpec.Train train) {
      train
          .fixed()
          .forEach((name, value) -> {
            if (places.putIfAbsent(name, value.place()) != null) {
              throw new Problem(
                  "A parameter cannot be fixed and searched at once.",
                  name + " (" + value.place() + ")",
                  "Remove it from fixed or from space.");
            }
          });
    }
    return reader;
  }

  private static Map<String, @Nullable Object> fixed(Section.Part part, SearchSpace space) {
    if (!(part.get("fix") instanceof Node node)) {
      return Map.of();
    }
    var fields = node.fields("fix: {momentum: 0.9}");
    for (var name : fields.entries().keySet()) {
      fields.keyPlace(name).locate(() -> space.requireIndex(name));
    }
    node.place().locate(() -> space.fix(fields.plain()));
    return fields.plain();
  }

  private static List<OutcomeConstraint> constraints(Section.Part part) {
    if (!(part.get("subject_to") instanceof Node node)) {
      return List.of();
    }
    return texts(node).stream()
        .map(text -> text.place().locate(() -> OutcomeConstraint.parse(text.text())))
        .toList();
  }

  private static Map<String, Place> warmStart(Section.Part part) {
    var studies = new LinkedHashMap<String, Place>();
    if (part.get("warm_start") instanceof Node node) {
      texts(node).forEach(text -> studies.put(text.text(), text.place()));
    }
    return Collections.unmodifiableMap(studies);
  }

  /// One text, or a list of them.
  private static List<Node> texts(Node node) {
    return node instanceof Node.Elements(var nodes, _) ? nodes : List.of(node);
  }

  private Named algorithm(Section.Part part, String key, String unsaid, String example) {
    return part.get(key) instanceof Node node
        ? Named.read(node, example)
        : Named.unsaid(unsaid, root);
  }

  /// One at a time if nothing is said; of a population, which the built-in trainer trains side by
  /// side, all.
  private static int parallel(Section.Part part, ObjectiveSpec objective, Named sampler) {
    if (part.get("parallel") instanceof Node node) {
      return node.count(1);
    }
    return objective instanceof ObjectiveSpec.Train && PopulationRules.apply(sampler)
        ? PopulationRules.size(sampler)
        : 1;
  }

  /// An explicit batch asks for batches; otherwise trials whose length nobody knows never wait. The
  /// batch of a population is all of it.
  ///
  /// @param population its members; 0: the study has none
  private static int batch(
      Section.Part part, ObjectiveSpec objective, int population, int parallel) {
    var batch = part.get("batch");
    var schedule = part.get("schedule");
    if (population > 0 && batch == null && (schedule == null || schedule.text().equals("batch"))) {
      return population;
    }
    if (schedule == null) {
      boolean external =
          objective instanceof ObjectiveSpec.Command
              || objective instanceof ObjectiveSpec.Kernel
              || objective instanceof ObjectiveSpec.Table
              || objective instanceof ObjectiveSpec.AskTell;
      return batch != null ? batch.count(1) : external ? 0 : parallel;
    }
    return switch (schedule.text()) {
      case "batch" -> batch != null ? batch.count(1) : parallel;
      case "async" -> {
        if (batch != null) {
          throw batch.problem(
              "An asynchronous study has no batches.", "Leave out batch, or say schedule: batch.");
        }
        yield 0;
      }
      case String other ->
          throw schedule.problem(
              "There is no such schedule.", Nearest.suggest(other, List.of("batch", "async")));
    };
  }

  private static String durability(@Nullable Node node) {
    if (node == null) {
      return "auto";
    }
    var words = List.of("auto", "normal", "full");
    if (!words.contains(node.text())) {
      throw node.problem("There is no such durability.", Nearest.suggest(node.text(), words));
    }
    return node.text();
  }

  private static CommandRunner.Keep keep(Section.Part part) {
    if (!(part.get("keep") instanceof Node node)) {
      return CommandRunner.Keep.ALL;
    }
    var example = "keep: {best: 3}";
    if (node instanceof Node.Scalar(String word, _, _) && word.equals("all")) {
      return CommandRunner.Keep.ALL;
    }
    var best = Section.KEEP.of(node.fields(example)).require("best", example);
    return new CommandRunner.Keep(best.count(1));
  }

  private static List<Map<String, @Nullable Object>> start(Section.Part part, SearchSpace space) {
    if (!(part.get("start") instanceof Node node)) {
      return List.of();
    }
    var example = "start: [{learning_rate: 0.01, hidden: 64}]";
    var start = new ArrayList<Map<String, @Nullable Object>>();
    for (var element : node.elements(example).nodes()) {
      var values = element.fields(example).plain();
      if (!space.isOpen()) { // otherwise only the trial will tell what there is
        element.place().locate(() -> space.configuration(values));
      }
      start.add(values);
    }
    return List.copyOf(start);
  }
}
