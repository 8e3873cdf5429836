package dev.assay.spec;

import java.util.stream.Stream;

/// Study files with one thing wrong each: what the reader and the schema are held against.
final class BadFiles {
  /// @param value where the problem is: file, line, key; or line and column
  /// @param mend a part of the mend
  /// @param schema whether a schema can see it too
  record Bad(String name, String text, String value, String mend, boolean schema) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final String GOOD =
      """
      objective: {train: mlp, data: digits, cv: 5, fixed: {epochs: 3}}
      maximize: accuracy
      space:
        learning_rate: {float: [1e-4, 1.0], log: true, default: 0.01}
        hidden: {int: [16, 256], log: true}
        optimizer:
          choice:
            sgd: {momentum: {float: [0, 0.9]}}
            adam: {}
        warmup: {int: [0, 5], when: {optimizer: [sgd, adam]}}
      constraints: ["warmup <= hidden"]
      sampler: random
      budget: {trials: 10, time: 5m}
      parallel: 2
      seed: 42
      """;

  private BadFiles() {}

  private static Bad bad(String name, String right, String wrong, String value, String mend) {
    return new Bad(name, replaced(right, wrong), value, mend, true);
  }

  /// One that only the reader sees: it takes more than the shape of the file.
  private static Bad meant(String name, String right, String wrong, String value, String mend) {
    return new Bad(name, replaced(right, wrong), value, mend, false);
  }

  private static Bad server(String address, String mend) {
    return new Bad(
        "a server at " + address,
        replaced("seed: 42", "log: {mlflow: '" + address + "'}"),
        "log.mlflow",
        mend,
        !address.matches("\\s*https?://.*"));
  }

  private static String replaced(String right, String wrong) {
    if (!GOOD.contains(right)) {
      throw new IllegalArgumentException(right);
    }
    return GOOD.replace(right, wrong);
  }

  static Stream<Bad> all() {
    return Stream.of(
            keys(), types(), spellings(), space(), priors(), conditions(), confirmation(), rest())
        .flatMap(bads -> bads);
  }

  private static Stream<Bad> keys() {
    return Stream.of(
        bad("unknown key", "sampler:", "smapler:", "line 12, smapler", "\"sampler\""),
        bad("unknown key of the objective", "cv: 5", "cvs: 5", "line 1, objective.cvs", "\"cv\""),
        bad("unknown key of the budget", "trials:", "trails:", "line 13, budget.trails", "trials"),
        bad(
            "unknown key of a parameter",
            "log: true, default",
            "logg: true, default",
            "line 4, space.learning_rate.logg",
            "\"log\""),
        bad("a parameter of no kind", "{int: [16", "{itn: [16", "space.hidden.itn", "\"int\""),
        bad("two kinds of objective", "data:", "function: branin, data:", "line 1", "Keep one"),
        bad("no kind of objective", "train: mlp, ", "", "objective", "train: mlp"),
        bad("no data", ", data: digits", "", "data (", "data: digits"),
        bad("no space", "space:", "name: x\nfoo:", "foo", "Known: "),
        bad("no objective", "maximize: accuracy\n", "", "neither minimize", "maximize: accuracy"),
        bad("cv and holdout", "cv: 5", "cv: 5, holdout: 0.2", "objective.holdout", "Keep one"));
  }

  private static Stream<Bad> types() {
    return Stream.of(
        bad("a number as metric", "accuracy", "7", "7 (study.yaml, line 2", "quotes: \"7\""),
        bad("a text as seed", "seed: 42", "seed: today", "\"today\" (study.yaml, line 15", "8"),
        bad("a fraction as seed", "seed: 42", "seed: 4.2", "4.2 (study.yaml, line 15, seed", "8"),
        bad("no workers", "parallel: 2", "parallel: 0", "0 (study.yaml, line 14", "from 1"),
        bad("no name", "seed: 42", "name: ''", "\"\" (study.yaml, line 15, name", "Fill it in"),
        bad("no trials", "trials: 10", "trials: 0", "line 13, budget.trials", "from 1"),
        bad(
            "a bare list",
            "{int: [16, 256], log: true}",
            "[a, b]",
            "[a, b]",
            "hidden: {choice: [a, b]}"),
        bad(
            "bare bounds",
            "{int: [16, 256], log: true}",
            "[16, 256]",
            "hidden",
            "{int: [16, 256]}"),
        bad("a bare value", "{int: [16, 256], log: true}", "64", "64", "hidden: {choice: [64"),
        bad("failures of a word", "time: 5m", "failures: many", "budget.failures", "none"),
        bad("failures below none", "time: 5m", "failures: -1", "budget.failures", "from 0"),
        bad("failures of a part", "time: 5m", "failures: 0.5", "budget.failures", "8"),
        bad("a time without unit", "5m", "5", "line 13, budget.time", "5s, 5m"),
        bad("no time", "5m", "soon", "line 13, budget.time", "30m"),
        bad("one fold", "cv: 5", "cv: 1", "line 1, objective.cv", "from 2"),
        bad("all held out", "cv: 5", "holdout: 1.0", "line 1, objective.holdout", "0.2"),
        bad("a text as log", "[16, 256], log: true", "[16, 256], log: yes", "hidden.log", "true"),
        bad("a list as space", "sampler: random", "space2: []", "line 12, space2", "\"space\""),
        bad("a fixed list", "epochs: 3", "epochs: [3, 4]", "fixed.epochs", "move it to space"),
        bad("a number as sampler", "sampler: random", "sampler: 3", "line 12, sampler", "\"3\""),
        bad("a list of samplers", "sampler: random", "sampler: [a]", "line 12, sampler", "gp"),
        bad("no schedule", "seed: 42", "schedule: asink", "line 15, schedule", "\"async\""),
        meant("both batch and async", "seed: 42", "batch: 2\nschedule: async", "line 15", "out"));
  }

  /// Numbers and truths as other versions of YAML and other languages spell them.
  private static Stream<Bad> spellings() {
    return Stream.of(
        bad("trials not finite", "trials: 10", "trials: .inf", "budget.trials", "leave out"),
        bad("a time not finite", "5m", ".inf", ".inf (study.yaml, line 13", "Leave out the key"),
        bad("a time of nothing", "5m", "", "budget.time", "leave out the key"),
        bad("a target not a number", "time: 5m", "target: .nan", "budget.target", "leave out"),
        bad("a seed not a number", "seed: 42", "seed: .nan", "seed", "leave out"),
        bad("a seed of nothing", "seed: 42", "seed: null", "seed", "leave out the key"),
        meant("a seed too large", "42", "99999999999999999999", "line 15, seed", "smaller"),
        bad("a seed in quotes", "seed: 42", "seed: '42'", "seed", "without quotes: 42."),
        bad("a seed in binary", "seed: 42", "seed: 0b101010", "seed", "decimal: 42."),
        bad("underscores", "[16, 256]", "[16, 1_024]", "hidden.int[1]", "underscores: 1024."),
        bad("grouped thousands", "[16, 256]", "[16, '1,024']", "hidden.int[1]", "commas: 1024."),
        bad("a bound in quotes", "[1e-4, 1.0]", "['1e-4', 1]", "float[0]", "quotes: 1e-4."),
        bad("a bound not finite", "[1e-4, 1.0]", "[1e-4, .inf]", "float[1]", "leave out"),
        bad("a step not finite", "256], log: true", "256], step: .inf", "hidden.step", "leave"),
        meant("a step too wide", "256], log: true", "256], step: 900", "step 900", "smaller step"),
        bad("off as truth", "256], log: true", "256], log: off", "hidden.log", "Write false"),
        bad("a truth of nothing", "256], log: true", "256], log: ", "hidden.log", "leave out"),
        bad("no name at all", "seed: 42", "name: null", "nothing (study.yaml", "leave out"),
        meant("an option not a number", "{}", "{b: {choice: [.nan, 1]}}", "NaN", "\"nan\""),
        meant("an option not finite", "{}", "{b: {choice: [[1, -.inf]]}}", "Infinity", "\"-inf\""),
        meant("a power", "warmup <= hidden", "warmup ** 2 <= hidden", "column 8: **", "x * x"),
        meant(
            "arithmetic of outcomes",
            "seed: 42",
            "subject_to: a ** 2 <= 4",
            "a ** 2",
            "of its own"));
  }

  private static Stream<Bad> space() {
    return Stream.of(
        bad("an empty range", "[16, 256]", "[16]", "line 5, space.hidden.int", "int: [1, 8]"),
        bad("a fraction as bound", "[16, 256]", "[1.5, 9]", "space.hidden.int[0]", "like 8"),
        bad("a text as bound", "[1e-4, 1.0]", "[low, 1]", "learning_rate.float[0]", "1e-4"),
        bad("no options", "{}", "{beta2: {choice: []}}", "beta2", "List its options"),
        bad(
            "an option twice",
            "{}",
            "{beta2: {choice: [1, 1]}}",
            "space.optimizer.choice.adam.beta2.choice",
            "Remove one"),
        meant("swapped bounds", "[16, 256]", "[256, 16]", "line 5, space.hidden.int", "swap"),
        meant("a log range at zero", "[1e-4, 1.0]", "[0, 1.0]", "learning_rate.float", "above 0"),
        meant(
            "a default outside",
            "default: 0.01",
            "default: 2.0",
            "line 4, space.learning_rate.default",
            "It is a float [1e-4, 1] log."),
        meant("a name twice", "adam: {}", "adam: {hidden: {int: [1, 2]}}", "hidden", "Rename"),
        meant("fixed and searched", "epochs: 3", "hidden: 3", "objective.fixed.hidden", "fixed"),
        new Bad("an empty space", "minimize: x\nspace: {}\n", "line 2, space", "", true));
  }

  /// @param prior of a logarithmic range
  private static Bad badPrior(
      String name, String prior, String value, String mend, boolean schema) {
    return new Bad(name, replaced("default: 0.01}", "prior: " + prior + "}"), value, mend, schema);
  }

  /// @param parameter with a prior, as it stands in a file
  private static Bad badPriorOf(
      String name, String parameter, String value, String mend, boolean schema) {
    return new Bad(
        name,
        replaced("{int: [0, 5], when: {optimizer: [sgd, adam]}}", parameter),
        value,
        mend,
        schema);
  }

  private static Stream<Bad> priors() {
    var at = "line 4, space.learning_rate.prior";
    var spread = at + ".spread";
    var warmup = "line 10, space.warmup.prior";
    return Stream.of(
        badPrior("a prior that is a number", "0.01", at, "spread: 3x", true),
        badPrior("a prior of nothing", "{}", at, "spread", true),
        badPrior("a prior without a spread", "{around: 0.01}", at, "spread: 3x", true),
        badPrior("a prior around nothing", "{spread: 3x}", at, "around: 1e-3", true),
        badPrior("a key of a prior", "{around: 0.01, spred: 3x}", "spred", "spread", true),
        badPrior("a prior around a text", "{around: few, spread: 3x}", at, "1e-4", true),
        badPrior("a prior around no number", "{around: .nan, spread: 3x}", at, "", true),
        badPrior("a prior outside", "{around: 2, spread: 3x}", at, "from 1e-4 to 1", false),
        badPrior("a distance by logarithm", "{around: 0.01, spread: 3}", at, "spread: 3x", false),
        badPrior("a factor of one", "{around: 0.01, spread: 1x}", spread, "differ: 3x", false),
        badPrior("a factor below", "{around: 0.01, spread: 0.5x}", spread, "differ: 3x", false),
        badPrior("a factor of -3", "{around: 0.01, spread: -3x}", spread, "differ: 3x", false),
        badPrior("a factor of nothing", "{around: 0.01, spread: x}", spread, "spread: 3x", true),
        badPrior("a spread in words", "{around: 0.01, spread: wide}", spread, "spread: 3x", true),
        badPrior("an endless factor", "{around: 0.01, spread: 1e999x}", spread, "3x", false),
        badPrior("weights of a range", "[1, 2]", at, "spread: 3x", true),
        badPriorOf(
            "a factor of a linear range",
            "{int: [0, 5], prior: {around: 2, spread: 3x}}",
            warmup,
            "make the range log",
            false),
        badPriorOf(
            "a spread of zero",
            "{int: [0, 5], prior: {around: 2, spread: 0}}",
            warmup + ".spread",
            "differ",
            true),
        badPriorOf(
            "a negative spread",
            "{float: [0, 5], prior: {around: 2, spread: -1}}",
            warmup + ".spread",
            "differ",
            true),
        badPriorOf(
            "a spread that is no number",
            "{float: [0, 5], prior: {around: 2, spread: .nan}}",
            warmup + ".spread",
            "",
            true),
        badPriorOf(
            "a prior of a constant",
            "{int: [3, 3], prior: {around: 3, spread: 1}}",
            warmup,
            "Remove the prior",
            false),
        badPriorOf(
            "a prior of the only option",
            "{choice: [a], prior: {a: 1}}",
            warmup,
            "Remove the prior",
            false),
        badPriorOf(
            "a weight of no option",
            "{choice: [cosine, step], prior: {cosin: 2}}",
            warmup + ".cosin",
            "\"cosine\"",
            false),
        badPriorOf(
            "a value as weight",
            "{choice: [1, 2], prior: {around: 1}}",
            warmup + ".around",
            "adam: 3",
            false),
        badPriorOf("no weight", "{choice: [a, b], prior: {}}", warmup, "adam: 3", true),
        badPriorOf("all weights 0", "{choice: [a, b], prior: [0, 0]}", warmup, "Give", false),
        badPriorOf("named weights 0", "{choice: [a, b], prior: {a: 0, b: 0}}", warmup, "", false),
        badPriorOf(
            "a negative weight", "{choice: [a, b], prior: {a: -1}}", warmup + ".a", "0", true),
        badPriorOf(
            "too few weights", "{choice: [a, b, c], prior: [1, 2]}", warmup, "3 weights", false),
        badPriorOf(
            "a weight of two options",
            "{choice: [1, \"1\"], prior: {1: 2}}",
            warmup,
            "list of weights",
            false));
  }

  private static Stream<Bad> conditions() {
    return Stream.of(
        bad("a condition on nothing", "when: {optimizer: [sgd, adam]}", "when: {}", "when", "sgd"),
        bad("a condition of no values", "[sgd, adam]", "[]", "warmup.when.optimizer", "List"),
        meant(
            "a condition on no parameter",
            "{optimizer: [sgd, adam]}",
            "{optimiser: sgd}",
            "optimiser (study.yaml, line 10, space.warmup.when.optimiser",
            "\"optimizer\""),
        meant(
            "a condition on no option",
            "[sgd, adam]",
            "[sdg, adam]",
            "\"sdg\" (study.yaml, line 10, space.warmup.when.optimizer[0]",
            "\"sgd\""),
        meant("a condition on a float", "{optimizer: [sgd, adam]}", "{learning_rate: 0.1}", "", ""),
        meant(
            "a circle",
            "when: {optimizer: [sgd, adam]}}",
            "when: {cool: 1}}\n  cool: {int: [0, 5], when: {warmup: 1}}",
            "",
            ""),
        bad("no default", "default: 0.01", "default: ", "line 4", "It is a float [1e-4, 1] log."));
  }

  private static Stream<Bad> confirmation() {
    var seed = "seed: 42";
    return Stream.of(
        bad("no confirmation", seed, "confirm: 0", "0 (study.yaml, line 15, confirm)", "from 1"),
        bad("less than none", seed, "confirm: -3", "-3 (study.yaml, line 15, confirm)", "from 1"),
        bad("half a confirmation", seed, "confirm: 2.5", "2.5 (study.yaml, line 15", "8"),
        bad("a text to confirm", seed, "confirm: often", "\"often\" (study.yaml, line 15", "8"),
        bad("a truth to confirm", seed, "confirm: true", "line 15, confirm", "8"),
        bad("a list to confirm", seed, "confirm: [5]", "line 15, confirm", "8"),
        bad("no runs", seed, "confirm: {finalists: 2}", "line 15, confirm", "runs: 5"),
        bad("no finalist", seed, "confirm: {runs: 2, finalists: 0}", "confirm.finalists", "from 1"),
        bad("more to confirm", seed, "confirm: {runs: 2, times: 1}", "confirm.times", "runs"),
        meant(
            "finalists of several objectives",
            "maximize: accuracy",
            "maximize: [accuracy, speed]\nconfirm: 3",
            "3 (study.yaml, line 3, confirm)",
            "subject_to"),
        meant(
            "a population to confirm",
            "sampler: random",
            "sampler: pbt\nconfirm: 3",
            "3 (study.yaml, line 13, confirm)",
            "another seed"),
        meant(
            "time that is cut before",
            "time: 5m}",
            "time: {limit: 5m, cut: true}}\nconfirm: 3",
            "3 (study.yaml, line 14, confirm)",
            "--confirm 3"));
  }

  private static Stream<Bad> rest() {
    return Stream.of(
        meant(
            "a constraint that nothing satisfies",
            "warmup <= hidden",
            "hidden < 16",
            "hidden < 16",
            "loosen"),
        meant(
            "a constraint on no parameter",
            "warmup <= hidden",
            "warmup <= hiden",
            "line 11, constraints",
            "\"hidden\""),
        meant("a broken constraint", "warmup <= hidden", "warmup <= (", "line 11", ""),
        meant("no such start", "seed: 42", "start: [{hidden: 1}]", "line 15, start[0]", ""),
        bad("nothing to ship", "seed: 42", "ship: []", "ship", "train.py"),
        bad("one file to ship", "seed: 42", "ship: train.py", "ship", "train.py"),
        bad("ship without files", "seed: 42", "ship: {to: /shared}", "ship", "files"),
        meant("a file elsewhere", "seed: 42", "ship: [/etc/hosts]", "ship[0]", "absolute path"),
        meant("a file above", "seed: 42", "ship: [a/../../b]", "ship[0]", "Copy it"),
        bad("no GPU's name", "seed: 42", "resources: {gpus: [0, cuda:1]}", "gpus[1]", "MIG-..."),
        bad("no GPU's number", "seed: 42", "resources: {gpus: [-1]}", "gpus[0]", "from 0"),
        bad("a limit of no time", "5m", "{limit: soon}", "line 13, budget.time.limit", "30m"),
        bad("a cut of nothing", "5m", "{cut: true}", "budget.time", "limit"),
        bad("a cut not of yes or no", "5m", "{limit: 5s, cut: 3}", "budget.time.cut", "true"),
        bad("nothing to log to", "seed: 42", "log: {}", "line 15, log", "tensorboard"),
        bad("no tracker", "seed: 42", "log: {wandb: x}", "line 15, log.wandb", "Known"),
        bad("a log of no map", "seed: 42", "log: runs", "line 15, log", "tensorboard: runs"),
        bad("no server", "seed: 42", "log: {mlflow: ./mlruns}", "log.mlflow", "http://localhost"),
        server("http://", "http://loc"),
        server("localhost:5000", "http://loc"),
        server("//localhost:5000", "http://loc"),
        server("ftp://localhost", "http://loc"),
        server("http://local host", "http://loc"),
        server("http://127.0.0.1:", "http://loc"),
        server("http://127.0.0.1:port", "http://loc"),
        server("http://127.0.0.1:0", "http://loc"),
        server("http://127.0.0.1:65536", "http://loc"),
        server("http://me:secret@localhost:5000", "MLFLOW_TRACKING_PASSWORD"),
        server("http://localhost:5000/?x=1", "Leave out"),
        server("http://localhost:5000/#runs", "Leave out"),
        bad("a start of no map", "seed: 42", "start: [7]", "line 15, start[0]", "hidden: 64"));
  }
}
