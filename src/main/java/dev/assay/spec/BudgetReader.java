package dev.assay.spec;

import dev.assay.internal.sampler.gp.RegretRule;
import dev.assay.trial.Budget;
import dev.assay.trial.FailureLimit;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads `budget:`.
final class BudgetReader {
  private static final String TIME = "budget: {time: {limit: 30m, cut: true}}";

  private static final String RULE = "rule: {regret: {within: 0.01}}";

  private BudgetReader() {}

  /// @param cut whether trials under way are ended when the time is used
  /// @param rule a stopping rule by its name, checked where it is made
  record Limits(Budget budget, boolean cut, @Nullable RegretRule regret, @Nullable Named rule) {}

  static Limits read(@Nullable Node node, ObjectiveSpec objective) {
    if (node == null) {
      return new Limits(Budget.UNLIMITED.failing(unsaid(objective)), false, null, null);
    }
    if (node instanceof Node.Scalar(Long trials, _, _)) {
      throw node.problem("A map is expected here.", "Write budget: {trials: " + trials + "}.");
    }
    var part = Section.BUDGET.of(node.fields("budget: {trials: 200, time: 30m}"));
    var time = part.get("time");
    return new Limits(
        new Budget(
            part.get("trials") instanceof Node trials ? (Integer) trials.count(1) : null,
            time == null ? null : time(time),
            part.get("target") instanceof Node target ? (Double) target.number() : null,
            part.get("no_improvement") instanceof Node patience
                ? (Integer) patience.count(1)
                : null,
            part.get("failures") instanceof Node failures ? failures(failures) : unsaid(objective)),
        time instanceof Node.Fields fields && cut(fields, objective),
        part.get("regret") instanceof Node regret ? regret(regret) : null,
        part.get("rule") instanceof Node rule ? Named.read(rule, RULE) : null);
  }

  /// A program that never works is not run a thousand times. What fails in a table was recorded so,
  /// and whoever asks and tells sees failures as they come.
  private static FailureLimit unsaid(ObjectiveSpec objective) {
    return switch (objective) {
      case ObjectiveSpec.Train _,
          ObjectiveSpec.Command _,
          ObjectiveSpec.Kernel _,
          ObjectiveSpec.Function _ ->
          new FailureLimit.Alike();
      case ObjectiveSpec.Table _, ObjectiveSpec.AskTell _ -> new FailureLimit.None();
    };
  }

  private static FailureLimit failures(Node node) {
    if (node instanceof Node.Scalar(String word, _, _)) {
      if (!word.equals("none")) {
        throw node.problem(
            "The limit of failures is a whole number or none.",
            "Write failures: 10, or failures: none.");
      }
      return new FailureLimit.None();
    }
    int count = node.count(0);
    return count == 0 ? new FailureLimit.None() : new FailureLimit.Any(count);
  }

  private static Duration time(Node node) {
    var said =
        node instanceof Node.Fields fields ? Section.TIME.of(fields).require("limit", TIME) : node;
    var time = Durations.read(said);
    return said.place()
        .locate(() -> Objects.requireNonNull(new Budget(null, time, null, null).time()));
  }

  private static boolean cut(Node.Fields fields, ObjectiveSpec objective) {
    if (!(Section.TIME.of(fields).get("cut") instanceof Node node) || !node.truth()) {
      return false;
    }
    return switch (objective) {
      case ObjectiveSpec.Train _,
          ObjectiveSpec.Command _,
          ObjectiveSpec.Kernel _,
          ObjectiveSpec.Function _ ->
          true;
      case ObjectiveSpec.Table _ ->
          throw node.problem(
              "A recorded trial is told as a whole: there is nothing to cut.", "Remove cut.");
      case ObjectiveSpec.AskTell _ ->
          throw node.problem(
              "Trials of clients cannot be cut.", "Remove cut; a lease takes them back: --lease.");
    };
  }

  private static RegretRule regret(Node node) {
    if (node instanceof Node.Scalar(String word, _, _)) {
      if (!word.equals("noise")) {
        throw node.problem("The regret is noise or a number.", "Write regret: noise.");
      }
      return new RegretRule(null);
    }
    double within = node.number();
    return node.place().locate(() -> new RegretRule(within));
  }
}
