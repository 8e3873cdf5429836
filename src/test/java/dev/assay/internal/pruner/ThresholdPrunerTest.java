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

class ThresholdPrunerTest extends PrunerContract {
  @Override
  protected Pruner pruner() {
    return Pruners.threshold(-20, 20);
  }

  @Override
  protected long patience() {
    return 1;
  }

  @Test
  void valuesOutsideTheIntervalStopATrial() {
    var none = History.of(List.of(), List.of());
    for (var direction : Direction.values()) {
      assertThat(pruner().prune(9, Curves.reports(20), none, direction)).isFalse();
      assertThat(pruner().prune(9, Curves.reports(20.1), none, direction)).isTrue();
      assertThat(pruner().prune(9, Curves.reports(-20.1), none, direction)).isTrue();
      assertThat(pruner().prune(9, Curves.reports(99, 1), none, direction)).isFalse();
    }
  }
}
