package dev.assay.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Assay's own covariance functions keep the contract, and the contract finds those that do not.
class CovarianceFunctionTest {
  @Nested
  class Matern52 extends CovarianceFunctionContract {
    @Override
    protected CovarianceFunction function() {
      return new RadialCovariance.Matern52();
    }
  }

  @Nested
  class Matern32 extends CovarianceFunctionContract {
    @Override
    protected CovarianceFunction function() {
      return new RadialCovariance.Matern32();
    }
  }

  @Nested
  class Rbf extends CovarianceFunctionContract {
    @Override
    protected CovarianceFunction function() {
      return new RadialCovariance.Rbf();
    }
  }

  @Nested
  class RationalQuadratic extends CovarianceFunctionContract {
    @Override
    protected CovarianceFunction function() {
      return new RadialCovariance.RationalQuadratic();
    }
  }

  @Nested
  class AdditiveProduct extends CovarianceFunctionContract {
    @Override
    protected CovarianceFunction function() {
      return new CovarianceFunction.Product(
          List.of(new CovarianceFunction.Additive(2), new RadialCovariance.Matern32()));
    }
  }

  @Nested
  class SumOfOwn extends CovarianceFunctionContract {
    @Override
    protected CovarianceFunction function() {
      return new CovarianceFunction.Sum(
          List.of(new CovarianceFunction.Additive(1), new Own(CovarianceFunctionTest::right)));
    }
  }

  private interface Value {
    double at(double[] x, double[] y, double[] theta, int at);
  }

  /// One hyperparameter, the variance.
  private record Own(Value value) implements CovarianceFunction {
    @Override
    public List<ParameterRole> roles(int d) {
      return List.of(ParameterRole.SCALE);
    }

    @Override
    public double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
      return value.at(x, y, theta, at);
    }
  }

  private static double right(double[] x, double[] y, double[] theta, int at) {
    double square = 0;
    for (int j = 0; j < x.length; j++) {
      square += (x[j] - y[j]) * (x[j] - y[j]);
    }
    return Math.exp(theta[at] - square);
  }

  private record Wrong(
      String name, CovarianceFunction function, Consumer<CovarianceFunctionContract> finds) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Wrong wrong(String name, Value value, Consumer<CovarianceFunctionContract> finds) {
    return new Wrong(name, new Own(value), finds);
  }

  static Stream<Wrong> wrong() {
    var calls = new int[1];
    return Stream.of(
        wrong(
            "NaN",
            (x, y, theta, at) -> Math.sqrt(y[0] - x[0]) * theta[at],
            CovarianceFunctionContract::itIsSymmetricAndFinite),
        wrong(
            "reads the wrong hyperparameter",
            (x, y, theta, _) -> right(x, y, theta, 0),
            CovarianceFunctionContract::itIsSymmetricAndFinite),
        wrong(
            "not symmetric",
            (x, y, theta, at) -> right(x, y, theta, at) + x[0],
            CovarianceFunctionContract::itIsSymmetricAndFinite),
        wrong(
            "not positive definite",
            (x, y, theta, at) -> -right(x, y, theta, at),
            CovarianceFunctionContract::itIsPositiveDefinite),
        wrong(
            "hidden state",
            (x, y, theta, at) -> right(x, y, theta, at) + 1e-6 * calls[0]++,
            CovarianceFunctionContract::equalArgumentsHaveEqualValuesInWhateverOrder),
        wrong(
            "moves a point",
            (x, y, theta, at) -> {
              double value = right(x, y, theta, at);
              y[0] = 0.5;
              return value;
            },
            CovarianceFunctionContract::argumentsAreLeftAsTheyAre),
        wrong(
            "changes θ",
            (x, y, theta, at) -> {
              theta[at] += 1;
              return right(x, y, theta, at);
            },
            CovarianceFunctionContract::argumentsAreLeftAsTheyAre),
        new Wrong(
            "a wrong gradient",
            new CovarianceFunction() {
              @Override
              public List<ParameterRole> roles(int d) {
                return List.of(ParameterRole.SCALE);
              }

              @Override
              public double value(
                  double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
                return right(x, y, theta, at);
              }

              @Override
              public void addGradient(
                  double[] x,
                  double[] y,
                  boolean[] categorical,
                  double[] theta,
                  int at,
                  double weight,
                  double[] dTheta,
                  double[] dX) {
                dTheta[at] = weight * right(x, y, theta, at); // set, not added
              }
            },
            CovarianceFunctionContract::gradientsAreAddedAndAreThoseOfTheValues));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(Wrong wrong) {
    var contract =
        new CovarianceFunctionContract() {
          @Override
          protected CovarianceFunction function() {
            return wrong.function();
          }

          @Override
          protected boolean[] categorical() {
            return new boolean[2];
          }
        };
    assertThatThrownBy(() -> wrong.finds().accept(contract)).isInstanceOf(AssertionError.class);
  }

  @Test
  void aRightOnePasses() {
    var contract =
        new CovarianceFunctionContract() {
          @Override
          protected CovarianceFunction function() {
            return new Own(CovarianceFunctionTest::right);
          }

          @Override
          protected boolean[] categorical() {
            return new boolean[2];
          }
        };
    contract.itIsSymmetricAndFinite();
    contract.itIsPositiveDefinite();
    contract.equalArgumentsHaveEqualValuesInWhateverOrder();
    contract.argumentsAreLeftAsTheyAre();
    contract.gradientsAreAddedAndAreThoseOfTheValues();
  }

  /// Their values by hand: k₁ with the first parameters, k₂ with those that follow.
  @Test
  void sumsAndProductsAreThoseOfTheirParts() {
    var first = new RadialCovariance.Matern52();
    var second = new RadialCovariance.Rbf();
    var x = new double[] {0.1, 0.8, 1};
    var y = new double[] {0.4, 0.3, 2};
    var categorical = new boolean[] {false, false, true};
    int p = first.roles(3).size();
    int q = second.roles(3).size();
    var theta = new double[2 + p + q];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = -0.4 + 0.15 * i;
    }
    double a = first.value(x, y, categorical, theta, 2);
    double b = second.value(x, y, categorical, theta, 2 + p);
    assertThat(a).isNotCloseTo(b, within(1e-3));
    var parts = List.<CovarianceFunction>of(first, second);
    assertThat(new CovarianceFunction.Sum(parts).value(x, y, categorical, theta, 2))
        .isCloseTo(a + b, within(1e-15));
    assertThat(new CovarianceFunction.Product(parts).value(x, y, categorical, theta, 2))
        .isCloseTo(a * b, within(1e-15));
  }
}
