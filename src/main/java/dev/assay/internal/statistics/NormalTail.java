package dev.assay.internal.statistics;

/// The normal distribution's functions, right far into the tail.
///
/// They stand on the scaled complementary error function erfcx(x) = exp(x²) erfc(x), by the
/// rational Chebyshev approximations of Cody 1969 (Mathematics of Computation 23, 631-637),
/// relative error below 1e-15.
public final class NormalTail {
  private static final double ROOT_HALF = Math.sqrt(0.5);
  private static final double ROOT_HALF_PI = Math.sqrt(Math.PI / 2);
  private static final double LOG_ROOT_2PI = Math.log(2 * Math.PI) / 2;
  private static final double INVERSE_ROOT_PI = 1 / Math.sqrt(Math.PI);

  /// erf(x)/x in x², |x| below 0.46875; highest power first, as in all of these.
  private static final double[] ERF_ABOVE = {
    1.85777706184603153e-1,
    3.16112374387056560e0,
    1.13864154151050156e2,
    3.77485237685302021e2,
    3.20937758913846947e3
  };

  private static final double[] ERF_BELOW = {
    1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3
  };

  /// erfcx(x) in x, 0.46875 to 4.
  private static final double[] MIDDLE_ABOVE = {
    2.15311535474403846e-8,
    5.64188496988670089e-1,
    8.88314979438837594e0,
    6.61191906371416295e1,
    2.98635138197400131e2,
    8.81952221241769090e2,
    1.71204761263407058e3,
    2.05107837782607147e3,
    1.23033935479799725e3
  };

  private static final double[] MIDDLE_BELOW = {
    1,
    1.57449261107098347e1,
    1.17693950891312499e2,
    5.37181101862009858e2,
    1.62138957456669019e3,
    3.29079923573345963e3,
    4.36261909014324716e3,
    3.43936767414372164e3,
    1.23033935480374942e3
  };

  /// x²(1/√π - x erfcx(x)) in 1/x², above 4.
  private static final double[] FAR_ABOVE = {
    1.63153871373020978e-2,
    3.05326634961232344e-1,
    3.60344899949804439e-1,
    1.25781726111229246e-1,
    1.60837851487422766e-2,
    6.58749161529837803e-4
  };

  private static final double[] FAR_BELOW = {
    1,
    2.56852019228982242e0,
    1.87295284992346725e0,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3
  };

  private NormalTail() {}

  /// exp(x²) erfc(x); overflows to infinity below x = -26.6.
  public static double erfcx(double x) {
    double a = Math.abs(x);
    if (a < 0.46875) {
      double square = x * x;
      return Math.exp(square) * (1 - x * ratio(ERF_ABOVE, ERF_BELOW, square));
    }
    double value;
    if (a <= 4) {
      value = ratio(MIDDLE_ABOVE, MIDDLE_BELOW, a);
    } else {
      double inverse = 1 / (a * a);
      value = (INVERSE_ROOT_PI - inverse * ratio(FAR_ABOVE, FAR_BELOW, inverse)) / a;
    }
    return x > 0 ? value : 2 * Math.exp(x * x) - value;
  }

  private static double ratio(double[] above, double[] below, double x) {
    double p = 0;
    for (double c : above) {
      p = p * x + c;
    }
    double q = 0;
    for (double c : below) {
      q = q * x + c;
    }
    return p / q;
  }

  /// φ(u).
  public static double density(double u) {
    return Math.exp(-u * u / 2 - LOG_ROOT_2PI);
  }

  /// Φ(u).
  public static double cumulative(double u) {
    double tail = erfcx(Math.abs(u) * ROOT_HALF) * Math.exp(-u * u / 2) / 2;
    return u < 0 ? tail : 1 - tail;
  }

  /// log Φ(u).
  public static double logCumulative(double u) {
    double scaled = erfcx(Math.abs(u) * ROOT_HALF) / 2;
    return u < 0 ? Math.log(scaled) - u * u / 2 : Math.log1p(-scaled * Math.exp(-u * u / 2));
  }

  /// φ(u)/Φ(u), the derivative of [#logCumulative].
  public static double inverseMills(double u) {
    return u < 0 ? 1 / (ROOT_HALF_PI * erfcx(-u * ROOT_HALF)) : density(u) / cumulative(u);
  }

  /// log h(u). Ament et al. 2023, Eq. 9. Above -1 directly; below, h(u) = φ(u)(1 + uR(u)) with the
  /// Mills ratio R = Φ/φ by erfcx.
  public static double logH(double u) {
    return u > -1
        ? Math.log(density(u) + u * cumulative(u))
        : -u * u / 2 - LOG_ROOT_2PI + Math.log(shortfall(u));
  }

  /// Φ(u)/h(u), the derivative of [#logH].
  public static double logHSlope(double u) {
    return u > -1
        ? cumulative(u) / (density(u) + u * cumulative(u))
        : ROOT_HALF_PI * erfcx(-u * ROOT_HALF) / shortfall(u);
  }

  /// 1 + uR(u) for u < 0. It falls as 1/u², and below -12 cancellation costs digits: there by its
  /// asymptotic series 1/u² - 3/u⁴ + 15/u⁶ - ..., whose terms fall to below 1e-16 of the first.
  private static double shortfall(double u) {
    if (u > -12) {
      return 1 + u * ROOT_HALF_PI * erfcx(-u * ROOT_HALF);
    }
    double inverse = 1 / (u * u);
    double term = inverse;
    double sum = 0;
    for (int k = 1; k <= 14; k++) {
      sum += term;
      term *= -(2 * k + 1) * inverse;
    }
    return sum;
  }
}
