package dev.assay.acquisition;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of acquisitions: right ones keep it, and it finds those that do not.
class AcquisitionTest {
  @Nested
  class ByDifferences extends AcquisitionContract {
    @Override
    protected Acquisition acquisition() {
      return Beliefs::logExpectedImprovement;
    }
  }

  @Nested
  class ByDerivatives extends AcquisitionContract {
    @Override
    protected Acquisition acquisition() {
      return new Acquisition() {
        @Override
        public double value(Beliefs at) {
          return at.logExpectedImprovement();
        }

        @Override
        public Slopes slopes(Beliefs at) {
          return new Slopes(at.logExpectedImprovementSlope());
        }
      };
    }
  }

  private record Wrong(String name, Acquisition acquisition, Consumer<AcquisitionContract> finds) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Wrong> wrong() {
    var calls = new int[1];
    return Stream.of(
        new Wrong(
            "NaN",
            at -> Math.log(at.best() - at.mean()),
            AcquisitionContract::everyValueIsANumberOrRulesThePointOut),
        new Wrong(
            "infinite",
            at -> at.sd() / Math.max(0, at.mean() - at.best()),
            AcquisitionContract::everyValueIsANumberOrRulesThePointOut),
        new Wrong(
            "hidden state",
            at -> at.logExpectedImprovement() + 1e-9 * calls[0]++,
            AcquisitionContract::equalBeliefsHaveEqualValuesInWhateverOrder),
        new Wrong("maximises", Beliefs::mean, AcquisitionContract::lessIsBetter),
        new Wrong(
            "a wrong slope",
            new Acquisition() {
              @Override
              public double value(Beliefs at) {
                return at.sd() - at.mean();
              }

              @Override
              public Slopes slopes(Beliefs at) {
                return new Slopes(new Slope(1, 1));
              }
            },
            AcquisitionContract::slopesAreThoseOfTheValues));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(Wrong wrong) {
    var contract =
        new AcquisitionContract() {
          @Override
          protected Acquisition acquisition() {
            return wrong.acquisition();
          }
        };
    assertThatThrownBy(() -> wrong.finds().accept(contract)).isInstanceOf(AssertionError.class);
  }
}
