package dev.assay.run.kernel;

import dev.assay.internal.words.Nearest;
import dev.assay.kernel.Argument;
import dev.assay.kernel.Clocks;
import dev.assay.kernel.Job;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.KernelSource;
import dev.assay.kernel.Launch;
import dev.assay.problem.Problem;
import dev.assay.run.kernel.KernelSettings.ArgumentSpec;
import dev.assay.run.kernel.KernelSettings.Define;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Formula;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes of a configuration the job that a worker does, and of what it measured the values.
final class KernelPlan {
  static final String TIME = "time_ms";
  static final String COMPILE = "compile_ms";

  /// Joules of a run, with what the device takes anyway.
  static final String ENERGY = "energy_j";

  /// The parameter of the context that names a device.
  static final String DEVICE = "device";

  private static final Pattern NAMES_ENERGY = Pattern.compile("\\b" + ENERGY + "\\b");

  private static final Pattern MACRO = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final KernelSettings settings;
  private final Path base;
  private final SearchSpace space;
  private final KernelFormulas formulas;
  private final String text;
  private final @Nullable String reference; // its text

  /// @param base the study file's directory
  /// @throws Problem for a formula or a file that is wrong
  KernelPlan(KernelSettings settings, Path base, SearchSpace space) {
    this.settings = settings;
    this.base = base.toAbsolutePath().normalize();
    this.space = space;
    formulas = new KernelFormulas(space, settings.constants());
    text = read(settings.file());
    var verify = settings.verify();
    reference = verify == null || verify.kernel() == null ? null : read(verify.kernel());
    checkNames();
    checkContext();
    checkFormulas();
  }

  private String read(String file) {
    try {
      return Files.readString(base.resolve(file));
    } catch (IOException e) {
      throw new Problem(
          "The kernel's file cannot be read.",
          file + " in " + base + ": " + e.getClass().getSimpleName(),
          "Give a text file that is there, relative to the study file.",
          e);
    }
  }

  /// The kernel's source.
  String text() {
    return text;
  }

  private void checkNames() {
    for (var parameter : space.parameters()) {
      if (settings.constants().containsKey(parameter.name())) {
        throw new Problem(
            "A constant cannot be a parameter too.",
            parameter.name(),
            "Remove it from constants or from space.");
      }
      if (settings.define() == Define.ALL && !MACRO.matcher(parameter.name()).matches()) {
        throw new Problem(
            "A parameter that becomes a macro needs a macro's name.",
            parameter.name(),
            "Use letters, digits and _, or write define: placeholders.");
      }
    }
  }

  private void checkContext() {
    var names = space.parameters().stream().map(Parameter::name).toList();
    if (isDeviceGiven() && !settings.device().isEmpty()) {
      throw new Problem(
          "The device is given twice.",
          "device: " + settings.device() + ", and device in context",
          "Leave out one of them.");
    }
    for (var name : settings.context()) {
      if (!names.contains(name)) {
        throw new Problem("There is no such parameter.", name, Nearest.suggest(name, names));
      }
      var parameter = space.parameters().get(space.requireIndex(name));
      if (!(parameter.distribution() instanceof Choice) || !parameter.condition().isAlways()) {
        throw new Problem(
            "What is given has a list of values, and always exists.",
            name,
            "Make it a choice without a condition: " + name + ": {choice: [256, 512]}.");
      }
    }
  }

  private boolean isDeviceGiven() {
    return settings.context().contains(DEVICE);
  }

  /// The devices that kernels run on: numbers, or parts of names; empty: the first.
  List<String> devices() {
    return isDeviceGiven()
            && space.parameters().get(space.requireIndex(DEVICE)).distribution()
                instanceof Choice(var options, _)
        ? options.stream().map(KernelPlan::word).toList()
        : List.of(settings.device());
  }

  /// Which of [#devices] a configuration runs on.
  String device(Configuration configuration) {
    return isDeviceGiven() ? word(configuration.get(DEVICE)) : settings.device();
  }

  private void checkFormulas() {
    settings.block().forEach(formulas::of);
    settings.grid().forEach(formulas::of);
    if (settings.shared() instanceof String shared) {
      formulas.of(shared);
    }
    settings.clocks().values().forEach(formulas::of);
    for (var argument : settings.arguments()) {
      if (argument.size() instanceof String size) {
        formulas.of(size);
      }
      if (argument.value() instanceof String value) {
        formulas.of(value);
      }
    }
    if (settings.verify() instanceof KernelSettings.VerifySpec verify) {
      verify.block().forEach(formulas::of);
      verify.grid().forEach(formulas::of);
      if (verify.shared() instanceof String shared) {
        formulas.of(shared);
      }
    }
    var placeholder = new HashMap<>(settings.constants());
    placeholder.put(TIME, 1.0);
    placeholder.put(COMPILE, 1.0);
    placeholder.put(ENERGY, 1.0);
    var later = new KernelFormulas(space, placeholder);
    settings.metrics().values().forEach(later::of);
  }

  /// @throws Problem for an objective that is no value of a kernel
  void checkObjectives(List<Objective> objectives) {
    var known = new ArrayList<>(List.of(TIME, COMPILE, ENERGY));
    known.addAll(settings.metrics().keySet());
    for (var objective : objectives) {
      if (!known.contains(objective.metric())) {
        throw new Problem(
            "A kernel has no such value.",
            objective.metric(),
            Nearest.suggest(objective.metric(), known)
                + " A formula makes others: metrics: {gflops: 2 * m * n * k / (time_ms * 1e6)}.");
      }
    }
  }

  /// @param hopeless as in [Job]
  /// @throws KernelFailure where the configuration gives no launch
  Job job(Configuration configuration, List<Objective> objectives, double hopeless)
      throws KernelFailure {
    var launch =
        new Launch(
            formulas.wholes("grid", settings.grid(), configuration),
            formulas.wholes("block", settings.block(), configuration),
            settings.shared() instanceof String shared
                ? formulas.whole("shared", shared, configuration, 0)
                : 0);
    var arguments = new ArrayList<Argument>();
    for (var argument : settings.arguments()) {
      arguments.add(argument(argument, configuration));
    }
    return new Job(
        source(configuration),
        arguments,
        launch,
        base.toString(),
        verify(configuration),
        settings.measurement(),
        clocks(configuration),
        wantsEnergy(objectives),
        hopeless);
  }

  private Clocks clocks(Configuration configuration) throws KernelFailure {
    return new Clocks(
        clock(Clocks.GRAPHICS, configuration),
        clock(Clocks.MEMORY, configuration),
        clock(Clocks.POWER, configuration));
  }

  private long clock(String name, Configuration configuration) throws KernelFailure {
    return settings.clocks().get(name) instanceof String formula
        ? formulas.whole(name, formula, configuration, 1)
        : 0;
  }

  private boolean wantsEnergy(List<Objective> objectives) {
    return objectives.stream()
        .map(Objective::metric)
        .anyMatch(
            metric -> NAMES_ENERGY.matcher(settings.metrics().getOrDefault(metric, metric)).find());
  }

  private Argument argument(ArgumentSpec spec, Configuration configuration) throws KernelFailure {
    long count =
        spec.size() instanceof String size
            ? formulas.whole("the size of " + spec.name(), size, configuration, 1)
            : 1;
    double value =
        spec.value() instanceof String formula ? formulas.of(formula).value(configuration) : 0;
    return new Argument(spec.kind(), spec.type(), spec.name(), count, value, spec.fill());
  }

  private KernelSource source(Configuration configuration) {
    var values = texts(settings.constants());
    configuration
        .values()
        .forEach((name, value) -> {
          if (!isDeviceGiven() || !name.equals(DEVICE)) {
            values.put(name, word(value));
          }
        });
    var file = base.resolve(settings.file()).toString();
    if (settings.define() == Define.ALL) {
      return new KernelSource(file, text, settings.function(), values, settings.options());
    }
    var filled = text;
    for (var entry : values.entrySet()) {
      filled = filled.replace("{" + entry.getKey() + "}", entry.getValue());
    }
    return new KernelSource(file, filled, settings.function(), Map.of(), settings.options());
  }

  private static Map<String, String> texts(Map<String, Double> constants) {
    var texts = new LinkedHashMap<String, String>();
    constants.forEach((name, value) -> texts.put(name, word(value)));
    return texts;
  }

  /// A value as C has it: whole numbers without a point, truths as 1 and 0.
  static String word(@Nullable Object value) {
    return switch (value) {
      case Boolean truth -> truth ? "1" : "0";
      case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p53 ->
          Long.toString((long) (double) number);
      case null, default -> String.valueOf(value);
    };
  }

  private Job.@Nullable Verify verify(Configuration configuration) throws KernelFailure {
    var verify = settings.verify();
    if (verify == null) {
      return null;
    }
    var launch =
        verify.kernel() == null
            ? null
            : new Launch(
                formulas.wholes("the reference's grid", verify.grid(), configuration),
                formulas.wholes("the reference's block", verify.block(), configuration),
                verify.shared() instanceof String shared
                    ? formulas.whole("the reference's shared", shared, configuration, 0)
                    : 0);
    return new Job.Verify(
        reference(verify, configuration),
        launch,
        verify.file(),
        verify.command(),
        verify.argument(),
        verify.tolerance());
  }

  /// Compiled with what is given: constants, and the values of the context.
  private @Nullable KernelSource reference(
      KernelSettings.VerifySpec verify, Configuration configuration) {
    if (reference == null || verify.kernel() == null) {
      return null;
    }
    var values = texts(settings.constants());
    for (var name : settings.context()) {
      if (!name.equals(DEVICE)) {
        values.put(name, word(configuration.get(name)));
      }
    }
    return new KernelSource(
        base.resolve(verify.kernel()).toString(),
        reference,
        verify.function(),
        values,
        settings.options());
  }

  /// What is given of a configuration; empty where nothing is.
  List<Object> context(Configuration configuration) {
    return settings.context().stream()
        .<Object>map(name -> String.valueOf(configuration.get(name)))
        .toList();
  }

  /// The objectives' values.
  ///
  /// @param milliseconds median time
  /// @param joules of a run; NaN where they were not wanted
  double[] values(
      Configuration configuration,
      List<Objective> objectives,
      double milliseconds,
      double compileMilliseconds,
      double joules) {
    var known = new HashMap<>(settings.constants());
    known.put(TIME, milliseconds);
    known.put(COMPILE, compileMilliseconds);
    if (!Double.isNaN(joules)) {
      known.put(ENERGY, joules);
    }
    return objectives.stream()
        .mapToDouble(objective -> {
          var formula = settings.metrics().getOrDefault(objective.metric(), objective.metric());
          return Formula.parse(formula, space, known).value(configuration);
        })
        .toArray();
  }
}
