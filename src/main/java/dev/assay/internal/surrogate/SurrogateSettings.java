package dev.assay.internal.surrogate;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.OutputWarp;
import dev.assay.gp.ParameterBelief;
import dev.assay.gp.ParameterRole;
import dev.assay.gp.Prior;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.internal.problem.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/// Which models of an objective are tried, and how they are fitted.
///
/// @param members the models
/// @param priors what is believed of their hyperparameters
/// @param noise the noise variance of standardised outputs where it is known; learned where empty
/// @param criterion by what candidates are judged
/// @param window models whose log posterior is more than this many nats below the best are dropped
/// @param plainEvery every so many proposals only models of the outputs as they are have a say; 0
///   for never
/// @param averageLimit up to so many observations models are averaged; beyond, the best one stands
///   alone and is chosen anew at each doubling
/// @param fitLimit hyperparameters are fitted on at most so many observations
/// @param regionAfter whether candidates lie in a trust region around the best point, and after so
///   many observations; 0: never
/// @param local whether candidates differ from the best point in some coordinates only, wherever in
///   the box, rather than in all of them; always so in a region of many dimensions
/// @param candidates Sobol points that the search for a proposal looks at first
/// @param noisy whether the outputs have noise: what is best is then what models expect to be, and
///   what one more observation tells is discounted
public record SurrogateSettings(
    List<Member> members,
    PriorFamily priors,
    OptionalDouble noise,
    Criterion criterion,
    double window,
    int plainEvery,
    int averageLimit,
    int fitLimit,
    int regionAfter,
    boolean local,
    int candidates,
    boolean noisy) {
  private static final String NOISY = "-noisy";

  /// One model: a covariance function on warped outputs.
  ///
  /// @param name unique; what its hyperparameters are stored under
  /// @param beliefs what is believed of hyperparameters of some roles, instead of [#priors]
  public record Member(
      String name,
      CovarianceFunction covariance,
      OutputWarp warp,
      Map<ParameterRole, ParameterBelief> beliefs) {
    public Member {
      Require.named(OWNER, "member", name);
      beliefs = Map.copyOf(beliefs);
    }

    public Member(String name, CovarianceFunction covariance, OutputWarp warp) {
      this(name, covariance, warp, Map.of());
    }
  }

  private static final String OWNER = "surrogates";

  public SurrogateSettings {
    members = List.copyOf(members);
    Require.atLeast(OWNER, "members", members.size(), 1);
    if (noise.isPresent()) {
      Require.inRange(OWNER, "noise", noise.getAsDouble(), Double.MIN_VALUE, Double.MAX_VALUE);
    }
    Require.inRange(OWNER, "window", window, 0, Double.MAX_VALUE);
    Require.atLeast(OWNER, "plain_every", plainEvery, 0);
    Require.atLeast(OWNER, "average_limit", averageLimit, 0);
    Require.atLeast(OWNER, "fit_limit", fitLimit, 1);
    Require.atLeast(OWNER, "region_after", regionAfter, 0);
    Require.atLeast(OWNER, "candidates", candidates, 1);
  }

  /// Product, product plus first order, product plus first and second order, each on the outputs
  /// and on their logarithm, weighted by their posterior densities.
  public static SurrogateSettings average() {
    var covariances =
        List.of(
            CovarianceFunction.product(),
            CovarianceFunction.productPlusAdditive(1),
            CovarianceFunction.productPlusAdditive(2));
    var names = List.of("product", "additive1", "additive2");
    var members = new ArrayList<Member>();
    for (int c = 0; c < names.size(); c++) {
      members.add(new Member(names.get(c), covariances.get(c), new OutputWarp.Identity()));
      members.add(new Member(names.get(c) + "-log", covariances.get(c), new OutputWarp.Power(0)));
    }
    return of(members);
  }

  /// One covariance function, the outputs as they are.
  public static SurrogateSettings single(CovarianceFunction covariance) {
    return of(List.of(new Member("single", covariance, new OutputWarp.Identity())));
  }

  public static SurrogateSettings of(List<Member> members) {
    return new SurrogateSettings(
        members,
        PriorFamily.DIMENSION_SCALED,
        OptionalDouble.empty(),
        new Criterion.LogEi(),
        4,
        3,
        200,
        2048,
        0,
        false,
        MaximiserPlan.SOBOL,
        false);
  }

  /// The same but for what is changed of the draft.
  private SurrogateSettings but(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /// Settings that are still being made up.
  private static final class Draft {
    List<Member> members;
    PriorFamily priors;
    OptionalDouble noise;
    Criterion criterion;
    double window;
    int plainEvery;
    int averageLimit;
    int fitLimit;
    int regionAfter;
    boolean local;
    int candidates;
    boolean noisy;

    Draft(SurrogateSettings of) {
      members = of.members;
      priors = of.priors;
      noise = of.noise;
      criterion = of.criterion;
      window = of.window;
      plainEvery = of.plainEvery;
      averageLimit = of.averageLimit;
      fitLimit = of.fitLimit;
      regionAfter = of.regionAfter;
      local = of.local;
      candidates = of.candidates;
      noisy = of.noisy;
    }

    SurrogateSettings settings() {
      return new SurrogateSettings(
          members,
          priors,
          noise,
          criterion,
          window,
          plainEvery,
          averageLimit,
          fitLimit,
          regionAfter,
          local,
          candidates,
          noisy);
    }
  }

  /// The same with another criterion.
  public SurrogateSettings judgedBy(Criterion other) {
    return but(draft -> draft.criterion = other);
  }

  /// The same with other beliefs.
  ///
  /// @param known the noise variance of standardised outputs; learned where empty
  public SurrogateSettings believing(PriorFamily other, OptionalDouble known) {
    return but(draft -> {
      draft.priors = other;
      draft.noise = known;
    });
  }

  /// The same with a trust region (TuRBO) after so many observations.
  public SurrogateSettings inTrustRegion(int after) {
    return but(draft -> draft.regionAfter = after);
  }

  /// The same where candidates differ from the best point in some coordinates only.
  public SurrogateSettings locally() {
    return but(draft -> draft.local = true);
  }

  /// The same with so many Sobol points to look at first.
  public SurrogateSettings lookingAt(int points) {
    return but(draft -> draft.candidates = points);
  }

  /// What is believed of a member's hyperparameters.
  ///
  /// @param d dimension of the box
  /// @param rounding the variance that is sure to be noise ([Steps#noise])
  Hyperprior prior(Member member, int d, double rounding) {
    return Hyperprior.of(member.covariance(), d, priors, noise, member.beliefs())
        .withNoiseOfAtLeast(rounding);
  }

  /// The same where all models have a say in every proposal.
  public SurrogateSettings everyModelAlways() {
    return but(draft -> draft.plainEvery = 0);
  }

  /// Whether devices have a program for all that this is made of.
  public boolean hasPrograms() {
    return !(criterion instanceof Criterion.Own)
        && members.stream()
            .allMatch(member ->
                CovarianceFunction.hasProgram(member.covariance())
                    && member.beliefs().values().stream()
                        .allMatch(belief -> belief.prior() instanceof Prior.BuiltIn));
  }

  /// What models and criterion are made of, for people.
  public String parts() {
    return members.stream().map(Member::covariance).distinct().toList() + ", " + criterion;
  }

  /// Whether a member of that name expects noise.
  public static boolean isNoisy(String member) {
    return member.endsWith(NOISY);
  }

  /// The first member's covariance function alone, on outputs as they are, whose noise is learned:
  /// for what trials bring beside the objective.
  SurrogateSettings ofOneModel() {
    var member = new Member("single", members.getFirst().covariance(), new OutputWarp.Identity());
    return of(List.of(member)).believing(priors, OptionalDouble.empty());
  }

  /// The same for outputs with noise: the covariance functions on the outputs as they are (a
  /// logarithm would stretch the noise about the best), with priors that expect noise.
  public SurrogateSettings underNoise() {
    var models = new ArrayList<Member>();
    for (var member : members) {
      if (member.warp() instanceof OutputWarp.Identity) {
        models.add(new Member(member.name() + NOISY, member.covariance(), member.warp()));
      }
    }
    return but(draft -> {
      draft.members = models;
      draft.priors = PriorFamily.OPTUNA;
      draft.plainEvery = 0;
      draft.noisy = true;
    });
  }
}
