package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Curves;
import dev.assay.pruner.PrunerContract;
import dev.assay.pruner.Pruners;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatientPrunerTest extends PrunerContract {
  @Override
  protected Pruner pruner() {
    return Pruners.patient(4);
  }

  private static final History NONE = History.of(List.of(), List.of());

  @Test
  void reportsWithoutImprovementAreCounted() {
    var pruner = Pruners.patient(2);
    assertThat(pruner.prune(9, Curves.reports(3, 4), NONE, Direction.MINIMIZE)).isFalse();
    assertThat(pruner.prune(9, Curves.reports(3, 4, 3), NONE, Direction.MINIMIZE)).isTrue();
    assertThat(pruner.prune(9, Curves.reports(3, 4, 2.9), NONE, Direction.MINIMIZE)).isFalse();
    assertThat(pruner.prune(9, Curves.reports(3, 4, 2.9), NONE, Direction.MAXIMIZE)).isFalse();
    assertThat(pruner.prune(9, Curves.reports(3, 2, 2.9), NONE, Direction.MAXIMIZE)).isTrue();
  }

  @Test
  void smallImprovementsDoNotCount() {
    var pruner = new PatientPruner(null, 2, 0.5);
    assertThat(pruner.prune(9, Curves.reports(3, 2.9, 2.6), NONE, Direction.MINIMIZE)).isTrue();
    assertThat(pruner.prune(9, Curves.reports(3, 2.9, 2.4), NONE, Direction.MINIMIZE)).isFalse();
  }

  @Test
  void theOtherPrunerMustAgree() {
    var pruner = Pruners.patient(Pruners.threshold(0, 5), 1);
    assertThat(pruner.prune(9, Curves.reports(3, 4), NONE, Direction.MINIMIZE)).isFalse();
    assertThat(pruner.prune(9, Curves.reports(7, 6), NONE, Direction.MINIMIZE)).isFalse();
    assertThat(pruner.prune(9, Curves.reports(7, 8), NONE, Direction.MINIMIZE)).isTrue();
    assertThat(Pruners.create("patient", pruner.settings())).isEqualTo(pruner);
  }
}
