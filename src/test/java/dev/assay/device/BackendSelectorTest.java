package dev.assay.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.engine.GpEngine;
import dev.assay.problem.Problem;
import dev.assay.train.TrainEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendSelectorTest {
  private static final Availability HERE = new Availability.Available("a device");
  private static final Availability AWAY =
      new Availability.Unavailable("No driver was found.", "Install one.");

  private record Fake(
      String id, int preference, Availability availability, boolean trains, boolean trainsUnasked)
      implements Backend {
    @Override
    public List<Check> selfCheck() {
      return List.of();
    }

    @Override
    public GpEngine gpEngine() {
      throw new UnsupportedOperationException();
    }

    @Override
    public TrainEngine trainEngine(int threads) {
      throw new UnsupportedOperationException();
    }
  }

  private static BackendSelector with(Availability cuda) {
    return new BackendSelector(
        List.of(new Fake("cpu", 0, HERE, true, true), new Fake("cuda", 100, cuda, false, false)));
  }

  @Test
  void theAutomaticChoiceFallsBackAndAnExplicitOneNever() {
    assertThat(with(HERE).choose("auto").id()).isEqualTo("cuda");
    assertThat(with(AWAY).choose("auto").id()).isEqualTo("cpu");
    assertThatThrownBy(() -> with(AWAY).choose("cuda"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("No driver was found.");
    assertThatThrownBy(() -> with(HERE).choose("tornado")).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> with(HERE).choose("cud")).isInstanceOf(Problem.class);
  }

  @Test
  void trainingGoesToABackEndThatTrainsUnlessOneIsNamed() {
    assertThat(with(HERE).trainer("auto").id()).isEqualTo("cpu");
    assertThat(with(HERE).trainer("cuda").id()).isEqualTo("cuda");
  }

  @Test
  void nobodyTrainsUnaskedWhereItMayBeSlower() {
    var selector =
        new BackendSelector(
            List.of(
                new Fake("cpu", 0, HERE, true, true), new Fake("tornado", 50, HERE, true, false)));
    assertThat(selector.choose("auto").id()).isEqualTo("tornado");
    assertThat(selector.trainer("auto").id()).isEqualTo("cpu");
    assertThat(selector.trainer("tornado").id()).isEqualTo("tornado");
  }
}
