package dev.assay.internal.trial;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.internal.problem.Require;
import dev.assay.internal.sampler.gp.RegretRule;
import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.random.Purpose;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.StoppingRules;
import dev.assay.spec.Assembly;
import dev.assay.spec.StudyFile;
import dev.assay.storage.InMemoryStorage;
import dev.assay.trial.Options;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Pruner;
import dev.assay.trial.PrunerProvider;
import dev.assay.trial.Sampler;
import dev.assay.trial.SamplerProvider;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import dev.assay.trial.StoppingRule;
import dev.assay.trial.StoppingRuleProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Samplers and pruners of third parties, found as services.
public class RegistryTest {
  @TempDir Path directory;

  /// Draws from the best so far and at random by turns: as much of a sampler as these tests need.
  record Mine(int width, String mode) implements Sampler {
    Mine {
      Require.inRange("sampler mine", "width", width, 1, 9);
    }

    @Override
    public String name() {
      return "mine";
    }

    @Override
    public Map<String, @Nullable Object> settings() {
      return Map.of("width", width, "mode", mode);
    }

    @Override
    public Proposer open(SearchTask task) {
      return (trial, _) ->
          new Proposal(task.space().draw(task.streams().stream(trial, Purpose.PROPOSAL)));
    }
  }

  public static final class MineProvider implements SamplerProvider {
    @Override
    public String name() {
      return "mine";
    }

    @Override
    public Sampler create(Options options) {
      return new Mine(
          options.integer("width", 2), options.word("mode", "plain", List.of("plain", "wild")));
    }
  }

  public static final class SecondMine implements SamplerProvider {
    @Override
    public String name() {
      return "mine";
    }

    @Override
    public Sampler create(Options options) {
      return new Mine(1, "wild");
    }
  }

  public static final class NamedAsOurs implements SamplerProvider {
    @Override
    public String name() {
      return "tpe";
    }

    @Override
    public Sampler create(Options options) {
      return new Mine(1, "wild");
    }
  }

  public static final class Unmakeable implements SamplerProvider {
    public Unmakeable() {
      throw new IllegalStateException("no licence");
    }

    @Override
    public String name() {
      return "never";
    }

    @Override
    public Sampler create(Options options) {
      throw new AssertionError("never");
    }
  }

  public static final class Nameless implements SamplerProvider {
    @Override
    public String name() {
      return " ";
    }

    @Override
    public Sampler create(Options options) {
      throw new AssertionError("never");
    }
  }

  public static final class Throwing implements SamplerProvider {
    @Override
    public String name() {
      return "throwing";
    }

    @Override
    public Sampler create(Options options) {
      throw new UnsupportedOperationException("not on Tuesdays");
    }
  }

  public static final class Empty implements SamplerProvider {
    @Override
    public String name() {
      return "empty";
    }

    @Override
    @SuppressWarnings("NullAway") // what a careless third party may do
    public Sampler create(Options options) {
      return null;
    }
  }

  public static final class Strict implements PrunerProvider {
    @Override
    public String name() {
      return "strict";
    }

    @Override
    public Pruner create(Options options) {
      return Pruners.threshold(-1, options.number("above", 1));
    }
  }

  /// Runs something where these services are on the class path.
  private <T> T among(Class<?> kind, List<String> services, Callable<T> action) throws Exception {
    var file = directory.resolve("META-INF/services/" + kind.getName());
    Files.createDirectories(requireNonNull(file.getParent()));
    Files.write(file, services);
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    try (var loader =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
      thread.setContextClassLoader(loader);
      return action.call();
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private Sampler create(String name, Map<String, Object> options, Class<?>... services)
      throws Exception {
    var names = java.util.Arrays.stream(services).map(Class::getName).toList();
    return among(SamplerProvider.class, names, () -> Samplers.create(name, options));
  }

  private Problem refusal(String name, Map<String, Object> options, Class<?>... services) {
    var problem = catchThrowableOfType(Problem.class, () -> create(name, options, services));
    assertThat(problem).isNotNull();
    assertThat(problem.mend()).isNotBlank();
    return problem;
  }

  @Test
  void aServiceIsNamedWithOptionsAndDefaults() throws Exception {
    assertThat(create("mine", Map.of("width", 3), MineProvider.class))
        .isEqualTo(new Mine(3, "plain"));
    assertThat(create("mine", Map.of(), MineProvider.class)).isEqualTo(new Mine(2, "plain"));
    assertThat(create("random", Map.of(), MineProvider.class)).isEqualTo(Samplers.random());
    var pruner =
        among(
            PrunerProvider.class,
            List.of(Strict.class.getName()),
            () -> Pruners.create("strict", Map.of("above", 4)));
    assertThat(pruner).isEqualTo(Pruners.threshold(-1, 4));
  }

  @Test
  void optionsAreCheckedAsOurs() {
    assertThat(refusal("mine", Map.of("widht", 3), MineProvider.class).mend()).contains("width");
    assertThat(refusal("mine", Map.of("width", 30), MineProvider.class).value())
        .contains("width 30");
    assertThat(refusal("mine", Map.of("width", "three"), MineProvider.class).value())
        .contains("sampler mine");
    assertThat(refusal("mine", Map.of("mode", "wilde"), MineProvider.class).mend())
        .contains("wild");
  }

  @Test
  void anUnknownNameIsToldTheServicesToo() {
    assertThat(refusal("mien", Map.of(), MineProvider.class).mend())
        .contains("Did you mean \"mine\"")
        .contains("tpe");
  }

  @Test
  void twoServicesOfOneNameAreRefusedAndBothNamed() {
    assertThat(refusal("mine", Map.of(), MineProvider.class, SecondMine.class).value())
        .contains(MineProvider.class.getName())
        .contains(SecondMine.class.getName());
    assertThat(refusal("tpe", Map.of(), NamedAsOurs.class).value())
        .contains("Assay's own")
        .contains(NamedAsOurs.class.getName());
  }

  @Test
  void whatIsBrokenIsNamedAndKeepsNobodyFromTheRest() throws Exception {
    assertThat(refusal("never", Map.of(), Unmakeable.class).value())
        .contains(Unmakeable.class.getName())
        .contains("no licence");
    assertThat(refusal("throwing", Map.of(), Throwing.class).value())
        .contains(Throwing.class.getName())
        .contains("not on Tuesdays");
    assertThat(refusal("empty", Map.of(), Empty.class).value()).contains(Empty.class.getName());
    assertThat(refusal("x", Map.of(), Nameless.class).value()).contains(Nameless.class.getName());
    assertThat(create("mine", Map.of(), Unmakeable.class, Nameless.class, MineProvider.class))
        .isEqualTo(new Mine(2, "plain"));
    assertThat(create("random", Map.of(), Unmakeable.class)).isEqualTo(Samplers.random());
  }

  @Test
  void aClassThatIsNotThereIsNamed() throws Exception {
    assertThatThrownBy(() ->
            among(
                SamplerProvider.class,
                List.of("org.example.Gone"),
                () -> Samplers.create("gone", Map.of())))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.value()).contains("org.example.Gone"));
    var sampler =
        among(
            SamplerProvider.class,
            List.of("org.example.Gone", MineProvider.class.getName()),
            () -> Samplers.create("mine", Map.of()));
    assertThat(sampler).isEqualTo(new Mine(2, "plain"));
  }

  @Test
  void aFileThatIsNoListOfClassesIsNamed() {
    assertThatThrownBy(() ->
            among(
                SamplerProvider.class,
                List.of("this is no class"),
                () -> Samplers.create("mine", Map.of())))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.value()).contains("META-INF/services"));
  }

  /// Ends a study after so many trials.
  public static final class Enough implements StoppingRuleProvider {
    @Override
    public String name() {
      return "enough";
    }

    @Override
    public StoppingRule create(Options options) {
      int trials = options.integer("trials", 3);
      return (_, history) -> history.size() >= trials;
    }
  }

  @Test
  void aStoppingRuleOfAStudyFileEndsTheStudy() throws Exception {
    var file = directory.resolve("study.yaml");
    var services = List.of(Enough.class.getName());
    Files.writeString(
        file,
        """
        objective: {function: branin}
        minimize: value
        sampler: random
        budget: {trials: 50, regret: 1e-9, rule: {enough: {trials: 7}}}
        """);
    var ended =
        among(
            StoppingRuleProvider.class,
            services,
            () -> {
              var read = StudyFile.read(file, List.of());
              var assembly = new Assembly(read);
              try (var study = assembly.study(new InMemoryStorage(), Map.of()).open()) {
                return study.run((x, _) -> Outcome.complete(x.number("x0")), read.budget());
              }
            });
    assertThat(ended.reason()).isEqualTo(StopReason.STOPPING_RULE);
    assertThatThrownBy(() ->
            among(
                StoppingRuleProvider.class,
                services,
                () -> {
                  var read = StudyFile.read(file, List.of("budget.rule={enough: {trails: 7}}"));
                  return new Assembly(read).study(new InMemoryStorage(), Map.of());
                }))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.mend()).contains("\"trials\""));
    assertThat(StoppingRules.create("regret", Map.of("within", 0.1)))
        .isEqualTo(new RegretRule(0.1));
    assertThat(StoppingRules.create("regret", Map.of())).isEqualTo(new RegretRule(null));
  }
}
