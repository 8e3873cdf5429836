package dev.assay.study.free;

import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.space.Scale;
import dev.assay.space.SearchSpace;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A configuration that an objective makes while it runs, by asking for one parameter after the
/// other. Belongs to one thread.
///
/// ```java
/// int layers = x.suggestInt("layers", 1, 4);
/// for (int i = 0; i < layers; i++) {
///   int width = x.suggestInt("width" + i, 8, 256, Scale.LOG);
/// }
/// ```
///
/// Asking again gives the same value. A name means one distribution throughout the study: asking
/// for it with another one is a [Problem].
public final class FreeConfiguration {
  /// The note that has the values of a trial that a person put in line.
  public static final String START = "start";

  /// What the parameters of a study's trials are.
  public interface Parameters {
    /// @throws Problem when the name means something else already
    void register(String name, Distribution distribution);

    /// A unit value for a parameter that the sampler did not propose: uniform, and the same
    /// whenever and wherever the trial runs.
    double draw(int trial, String name);
  }

  private record Answer(Distribution distribution, double code) {
    @Nullable Object value() {
      return distribution.value(code);
    }
  }

  private final Parameters study;
  private final TrialRecord trial;
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  public FreeConfiguration(Parameters study, TrialRecord trial) {
    this.study = study;
    this.trial = trial;
  }

  /// A whole number from low to high, both included.
  public int suggestInt(String name, int low, int high) {
    return suggestInt(name, low, high, Scale.LINEAR);
  }

  public int suggestInt(String name, int low, int high, Scale scale) {
    return number(name, new IntRange(low, high, scale == Scale.LOG, 1)).intValue();
  }

  /// @param step the distance of neighbouring values, counted from low
  public int suggestInt(String name, int low, int high, int step) {
    return number(name, new IntRange(low, high, false, step)).intValue();
  }

  /// A real number from low to high, both included.
  public double suggestFloat(String name, double low, double high) {
    return suggestFloat(name, low, high, Scale.LINEAR);
  }

  public double suggestFloat(String name, double low, double high, Scale scale) {
    return number(name, new FloatRange(low, high, scale == Scale.LOG, 0)).doubleValue();
  }

  /// @param step the distance of neighbouring values, counted from low
  public double suggestFloat(String name, double low, double high, double step) {
    return number(name, new FloatRange(low, high, false, step)).doubleValue();
  }

  /// One of several options: texts, numbers, truths, or constants of an enum, which are stored by
  /// name.
  @SafeVarargs
  public final <T> T suggestCategorical(String name, T... options) {
    var values = new ArrayList<@Nullable Object>(options.length);
    for (var option : options) {
      values.add(option instanceof Enum<?> constant ? constant.name() : option);
    }
    return options[(int) answer(name, new Choice(values, false)).code()];
  }

  /// A value of any distribution: a Double, a Long, or an option.
  public @Nullable Object suggest(String name, Distribution distribution) {
    return answer(name, distribution).value();
  }

  private Number number(String name, Distribution distribution) {
    return (Number) Objects.requireNonNull(answer(name, distribution).value());
  }

  private Answer answer(String name, Distribution distribution) {
    if (name.isBlank()) {
      throw new Problem("A parameter needs a name.", "\"" + name + "\"", "Name it.");
    }
    study.register(name, distribution);
    return answers.computeIfAbsent(name, _ -> new Answer(distribution, code(name, distribution)));
  }

  private double code(String name, Distribution distribution) {
    double proposed = code(trial.configuration(), name);
    if (trial.state().isFinished()) {
      if (!Double.isNaN(proposed)) {
        return proposed;
      }
      throw new Problem(
          "The trial did not ask for this parameter.",
          name + ", trial " + trial.number() + ": " + trial.configuration(),
          "Ask for what it asked for.");
    }
    if (trial.notes().get(START) instanceof Map<?, ?> start && start.containsKey(name)) {
      double code = distribution.code(start.get(name));
      if (Double.isNaN(code)) {
        throw new Problem(
            "The value is not one that the parameter can take.",
            name + " = " + start.get(name) + ", trial " + trial.number(),
            "It is a " + distribution.describe() + ".");
      }
      return code;
    }
    if (!Double.isNaN(proposed)) {
      return proposed;
    }
    return distribution.fromUnit(study.draw(trial.number(), name));
  }

  private static double code(Configuration configuration, String name) {
    var space = configuration.space();
    return space.has(name) ? configuration.code(space.requireIndex(name)) : Double.NaN;
  }

  /// What was asked for: so far, or by the trial while it ran.
  public Configuration asked() {
    if (trial.state().isFinished()) {
      return trial.configuration();
    }
    List<Parameter> parameters = new ArrayList<>(answers.size());
    var values = new LinkedHashMap<String, @Nullable Object>();
    answers.forEach((name, answer) -> {
      parameters.add(new Parameter(name, answer.distribution()));
      values.put(name, answer.value());
    });
    return SearchSpace.open(parameters).read(values);
  }

  @Override
  public String toString() {
    return asked().toString();
  }
}
