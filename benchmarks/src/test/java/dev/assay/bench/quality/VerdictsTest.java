package dev.assay.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every aim is said to be met or missed, and where.
class VerdictsTest {
  private static final List<String> REFERENCE =
      SearchProblems.named(List.of("reference")).stream().map(SearchProblem::name).toList();

  private static String verdicts(List<String> samplers, double everywhere, double mixed6) {
    Verdicts.Medians medians =
        (sampler, problem, _) ->
            !samplers.contains(sampler)
                ? Double.NaN
                : problem.equals("mixed6") ? mixed6 : everywhere;
    var ranks = Map.of(50, Map.of("auto", 1.5, "optuna-gp", mixed6 > 0.1 ? 1.25 : 3.0));
    return String.join("\n", new Verdicts(medians, Peers.read(), REFERENCE, samplers).lines(ranks));
  }

  @Test
  void lossesAreNamed() {
    assertThat(verdicts(List.of("gp", "auto"), 0, 0.27))
        .contains("- met: gp at most optuna-gp on 7 of 8 after 50 trials (aim: 7); not on mixed6")
        .contains("- **missed**: auto has the best mean rank after 50 trials (1.50); better: opt")
        .contains("- **missed**: auto nowhere above twice the best")
        .contains("mixed6 (0.270 > 0.125)");
    assertThat(verdicts(List.of("gp"), 1e6, 1e6))
        .contains("- **missed**: gp at most optuna-gp on 0 of 8 after 50 trials");
  }

  @Test
  void whatIsReachedIsMet() {
    assertThat(verdicts(List.of("gp", "auto"), 0, 0))
        .contains("gp at most optuna-gp on 8 of 8")
        .contains("gp at most botorch-logei on 8 of 8")
        .contains("- met: auto has the best mean rank")
        .doesNotContain("missed");
  }

  @Test
  void whatWasNotRunHasNoVerdict() {
    assertThat(verdicts(List.of("random"), 0, 0)).isEmpty();
  }
}
