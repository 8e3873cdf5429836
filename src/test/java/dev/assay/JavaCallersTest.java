package dev.assay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.assay.internal.engine.Box;
import dev.assay.internal.sampler.gp.GpSampler;
import dev.assay.internal.surrogate.SurrogateSettings;
import dev.assay.problem.Problem;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.run.gpu.GpuResources;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Java callers get the checks that study files get: every public constructor that takes a word or
/// a number refuses, with a [Problem], those that cannot be meant.
class JavaCallersTest {
  /// Where the words and numbers of a study end up.
  private static final List<String> PACKAGES =
      List.of(
          "sampler",
          "pruner",
          "internal.sampler",
          "internal.pruner",
          "internal.engine",
          "internal.surrogate",
          "train",
          "run",
          "trial",
          "storage",
          "study");

  /// What Assay computed, read or measured, and passes on: nobody's settings. A new class goes here
  /// only if it is such a one; else it gets one of [JavaSamples].
  private static final Set<String> RESULTS =
      Set.of(
          "internal.sampler.gp.RegretRule$Estimate",
          "internal.sampler.gp.Repetitions", // counts of what was seen
          "internal.surrogate.FittedModels",
          "internal.surrogate.FittedModels$Weighted",
          "internal.engine.GpSession$Candidate",
          "internal.engine.GpSession$Fit",
          "internal.surrogate.NoiseHypothesis$Belief",
          "internal.surrogate.Suggestion",
          "internal.surrogate.SurrogateMemory",
          "run.BuildInfo",
          "run.table.CandidateTable", // rows as read, checked in RowsTest
          "run.control.ControlCommand$Discard", // the number of a trial that was discarded
          "run.table.TableRunner", // words checked in TableRunnerTest; needs a file
          "run.command.EnvironmentValue$Written", // any text, the empty one too
          "run.command.FoundValues",
          "run.kernel.KernelSettings", // formulas and words, checked as they are read:
          // KernelFileTest
          "run.kernel.KernelSettings$ArgumentSpec",
          "run.kernel.KernelSettings$VerifySpec",
          "run.gpu.Gpu",
          "run.gpu.GpuLeases",
          "run.gpu.GpuLeases$Lease",
          "run.gpu.GpuMonitor$Occupant",
          "run.gpu.GpuMonitor$Sample",
          "trial.History", // made by a study
          "trial.History$Pending",
          "trial.Options", // the reader of options itself
          "trial.Outcome$Failed",
          "storage.Overhead",
          "storage.StoredStudy$Sketch",
          "internal.sampler.gp.SuccessChance",
          "internal.sampler.gp.SuccessChance$Along",
          "internal.sampler.prior.Axis", // of a space, for samplers
          "internal.sampler.seen.Merit", // of a trial, for samplers
          "study.Confirmed",
          "study.Confirmed$Gain",
          "trial.Recommendation",
          "study.Result$Expected",
          "trial.Report", // values are whatever was measured
          "storage.Runner",
          "storage.StudyDefinition",
          "storage.StudyDefinition$Difference",
          "trial.TrialRecord",
          "train.DropoutMask",
          "train.FoldResult",
          "train.LaneCheckpoint",
          "train.LaneReport",
          "train.ColumnReading",
          "train.NewRows",
          "train.TrainRequest", // a seed: any number
          "train.TrainedModel",
          "train.TrainedModel$Stage");

  /// What cannot be meant in place of a value: no number, no such word, far out of range.
  private static List<Object> wrong(Object value) {
    boolean free = value instanceof JavaSamples.Any;
    var plain = value instanceof JavaSamples.Any(var inner) ? inner : value;
    if (plain == JavaSamples.NULL) {
      return List.of();
    }
    return switch (plain) {
      case Double _ ->
          free
              ? List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)
              : List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -7.5);
      case Integer _ -> free ? List.of() : List.of(-7, Integer.MIN_VALUE);
      case Long _ -> free ? List.of() : List.of(-7L, Long.MIN_VALUE);
      case String _ -> free ? List.of("", " ") : List.of("", "averge");
      case Duration _ -> List.of(Duration.ofSeconds(-1));
      case double[] array -> {
        var bad = array.clone();
        bad[0] = Double.NaN;
        yield free ? List.of() : List.of((Object) bad);
      }
      default -> List.of();
    };
  }

  private static @Nullable Object[] plain(List<Object> arguments) {
    var plain = new @Nullable Object[arguments.size()];
    for (int i = 0; i < plain.length; i++) {
      var argument =
          arguments.get(i) instanceof JavaSamples.Any(var inner) ? inner : arguments.get(i);
      plain[i] = argument == JavaSamples.NULL ? null : argument;
    }
    return plain;
  }

  private static Constructor<?> constructor(JavaSamples.Sample sample) {
    return Arrays.stream(sample.type().getDeclaredConstructors())
        .filter(constructor -> constructor.getParameterCount() == sample.arguments().size())
        .filter(constructor -> Modifier.isPublic(constructor.getModifiers()))
        .findFirst()
        .orElseThrow();
  }

  private static void construct(Constructor<?> constructor, @Nullable Object[] arguments)
      throws Throwable {
    try {
      constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.assay.JavaSamples#samples")
  void whatCannotBeMeantIsRefused(JavaSamples.Sample sample) throws Throwable {
    var constructor = constructor(sample);
    construct(constructor, plain(sample.arguments()));
    for (int i = 0; i < sample.arguments().size(); i++) {
      for (var wrong : wrong(sample.arguments().get(i))) {
        var arguments = plain(sample.arguments());
        arguments[i] = wrong;
        var thrown = catchThrowable(() -> construct(constructor, arguments));
        assertThat(thrown)
            .as("%s with %s as argument %d", sample, wrong, i)
            .isInstanceOf(Problem.class);
        assertThat(((Problem) thrown).value()).isNotBlank();
        assertThat(((Problem) thrown).mend()).isNotBlank();
      }
    }
  }

  private static boolean takesWordsOrNumbers(Constructor<?> constructor) {
    return Arrays.stream(constructor.getParameterTypes())
        .anyMatch(
            Set.of(
                    int.class,
                    long.class,
                    double.class,
                    float.class,
                    Integer.class,
                    Long.class,
                    Double.class,
                    String.class,
                    Duration.class)
                ::contains);
  }

  @Test
  void noPublicConstructorIsLeftOut() throws IOException, URISyntaxException {
    var known = new ArrayList<>(RESULTS);
    JavaSamples.samples().forEach(sample -> known.add(JavaSamples.shortName(sample.type())));
    var found = new ArrayList<String>();
    for (var type : publicTypes()) {
      if (Arrays.stream(type.getDeclaredConstructors())
          .filter(constructor -> Modifier.isPublic(constructor.getModifiers()))
          .anyMatch(JavaCallersTest::takesWordsOrNumbers)) {
        found.add(JavaSamples.shortName(type));
      }
    }
    assertThat(found).contains("internal.sampler.gp.GpSampler", "train.Optimizer$Sgd");
    assertThat(found)
        .as("classes that take words or numbers: give each a sample in JavaSamples")
        .isSubsetOf(known);
    assertThat(RESULTS).as("classes that are no more").isSubsetOf(found);
  }

  private static List<Class<?>> publicTypes() throws IOException, URISyntaxException {
    var root = Path.of(GpSampler.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var types = new ArrayList<Class<?>>();
    for (var name : PACKAGES) {
      try (var files = Files.walk(root.resolve("dev/assay/" + name.replace('.', '/')))) {
        for (var file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
          var type =
              root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
          var loaded = load(type.substring(0, type.length() - ".class".length()));
          if (isPublic(loaded) && !loaded.isEnum()) {
            types.add(loaded);
          }
        }
      }
    }
    return types;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, JavaCallersTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(name, e);
    }
  }

  private static boolean isPublic(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getEnclosingClass()) {
      if (!Modifier.isPublic(at.getModifiers())) {
        return false;
      }
    }
    return true;
  }

  static Stream<Consumer<StudyBuilder<?>>> builderCalls() {
    return Stream.of(
        builder -> builder.named(" "),
        builder -> builder.minimize(""),
        builder -> builder.maximize(" "),
        builder -> builder.batch(-1),
        builder -> builder.restarts(-1),
        builder -> builder.confirm(0),
        builder -> builder.subjectTo("gb"),
        builder -> builder.subjectTo("gb <= nan"),
        builder -> builder.describe(" ", 1),
        builder -> builder.warmStart(new InMemoryStorage(), " "));
  }

  @ParameterizedTest
  @MethodSource("builderCalls")
  void buildersRefuseAtOnce(Consumer<StudyBuilder<?>> call) {
    var builder = Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build());
    assertThat(catchThrowable(() -> call.accept(builder))).isInstanceOf(Problem.class);
  }

  static Stream<Runnable> factories() {
    return Stream.of(
        () -> Box.continuous(-1),
        () -> Budget.trials(0),
        () -> Budget.UNLIMITED.until(Double.NaN),
        () -> Budget.UNLIMITED.within(Duration.ZERO),
        () -> Budget.UNLIMITED.withoutImprovement(0),
        () -> Workers.of(0),
        () -> GpuDemand.of(Double.NaN, 0),
        () -> GpuDemand.of(1.5, 0),
        () -> GpuResources.first(0, 0),
        () -> SurrogateSettings.average().lookingAt(0));
  }

  @ParameterizedTest
  @MethodSource("factories")
  void factoriesRefuseLikeConstructors(Runnable call) {
    assertThat(catchThrowable(call::run)).isInstanceOf(Problem.class);
  }
}
