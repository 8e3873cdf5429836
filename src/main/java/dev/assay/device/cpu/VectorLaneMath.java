package dev.assay.device.cpu;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.SQRT;

import dev.assay.train.Standardisation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [JavaLaneMath] on the Vector API, bit for bit. Only this class and the two that hold its
/// register blocks touch the incubator module, so that a JVM without it never loads them.
final class VectorLaneMath implements LaneMath {
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() <= STRIDE
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_512;
  static final int LENGTH = SPECIES.length();

  /// Whether 8 × 2 accumulators fit the registers: 32 of them with AVX-512 and on ARM, 16 with
  /// AVX2.
  static final boolean PAIRS = LENGTH == 16 || System.getProperty("os.arch", "").equals("aarch64");

  private static final VectorSpecies<Float> S = SPECIES;
  private static final int SIGN = 0x80000000;

  @Override
  public String words() {
    return "vectors of " + LENGTH + " floats";
  }

  @Override
  public void product(
      float[] a,
      int lda,
      float[] b,
      int at,
      int n,
      float[] bias,
      int biasAt,
      float[] c,
      int m,
      int k) {
    ProductBlocks.product(a, lda, b, at, n, bias, biasAt, c, m, k);
  }

  @Override
  public void gradient(float[] a, int lda, int first, float[] d, int n, int rows, float[] g) {
    GradientBlocks.gradient(a, lda, first, d, n, rows, g);
  }

  @Override
  public void columnSums(float[] d, int n, int rows, float[] out) {
    for (int j = 0; j < n; j += LENGTH) {
      var sum = FloatVector.zero(S);
      for (int i = 0, at = j; i < rows; i++, at += n) {
        sum = sum.add(FloatVector.fromArray(S, d, at));
      }
      sum.intoArray(out, j);
    }
  }

  @Override
  public void gather(
      float[] x,
      int p,
      int[] rows,
      int from,
      int count,
      Standardisation s,
      float[] out,
      int stride) {
    var mean = s.mean();
    var scale = s.scale();
    int whole = S.loopBound(p);
    for (int i = 0; i < count; i++) {
      int source = rows[from + i] * p;
      int to = i * stride;
      for (int j = 0; j < whole; j += LENGTH) {
        FloatVector.fromArray(S, x, source + j)
            .sub(FloatVector.fromArray(S, mean, j))
            .mul(FloatVector.fromArray(S, scale, j))
            .intoArray(out, to + j);
      }
      for (int j = whole; j < p; j++) {
        out[to + j] = (x[source + j] - mean[j]) * scale[j];
      }
    }
  }

  @Override
  public void relu(float[] x, int count) {
    for (int i = 0; i < count; i += LENGTH) {
      var v = FloatVector.fromArray(S, x, i);
      v.blend(0, v.compare(LE, 0)).intoArray(x, i);
    }
  }

  @Override
  public void tanh(float[] x, int count) {
    for (int i = 0; i < count; i += LENGTH) {
      var v = FloatVector.fromArray(S, x, i);
      var argument = v.lanewise(ABS).min(JavaLaneMath.TANH_END).mul(2);
      var t = rounded(argument);
      var power = power(t);
      var e = power.fma(series(argument, t.sub(JavaLaneMath.ROUND)), power.sub(1));
      var sign = v.reinterpretAsInts().and(SIGN);
      e.div(e.add(2)).reinterpretAsInts().or(sign).reinterpretAsFloats().intoArray(x, i);
    }
  }

  @Override
  public void reluBackward(float[] d, float[] h, int count) {
    for (int i = 0; i < count; i += LENGTH) {
      var off = FloatVector.fromArray(S, h, i).compare(LE, 0);
      FloatVector.fromArray(S, d, i).blend(0, off).intoArray(d, i);
    }
  }

  @Override
  public void tanhBackward(float[] d, float[] h, int count) {
    var one = FloatVector.broadcast(S, 1);
    for (int i = 0; i < count; i += LENGTH) {
      var activation = FloatVector.fromArray(S, h, i);
      FloatVector.fromArray(S, d, i).mul(activation.neg().fma(activation, one)).intoArray(d, i);
    }
  }

  @Override
  public void exp(float[] x, int count) {
    for (int i = 0; i < count; i += LENGTH) {
      var argument = FloatVector.fromArray(S, x, i).max(LEAST_EXPONENT);
      var t = rounded(argument);
      var power = power(t);
      power.fma(series(argument, t.sub(JavaLaneMath.ROUND)), power).intoArray(x, i);
    }
  }

  private static FloatVector rounded(FloatVector x) {
    return x.fma(
        FloatVector.broadcast(S, JavaLaneMath.LOG2_E),
        FloatVector.broadcast(S, JavaLaneMath.ROUND));
  }

  private static FloatVector series(FloatVector x, FloatVector n) {
    var high = n.fma(FloatVector.broadcast(S, -JavaLaneMath.LN2_HIGH), x);
    var r = n.fma(FloatVector.broadcast(S, -JavaLaneMath.LN2_LOW), high);
    var q = FloatVector.broadcast(S, JavaLaneMath.C7);
    q = q.fma(r, FloatVector.broadcast(S, JavaLaneMath.C6));
    q = q.fma(r, FloatVector.broadcast(S, JavaLaneMath.C5));
    q = q.fma(r, FloatVector.broadcast(S, JavaLaneMath.C4));
    q = q.fma(r, FloatVector.broadcast(S, JavaLaneMath.C3));
    return r.mul(r).fma(q.fma(r, FloatVector.broadcast(S, 0.5f)), r);
  }

  private static FloatVector power(FloatVector t) {
    return t.reinterpretAsInts().lanewise(LSHL, 23).add(0x3F800000).reinterpretAsFloats();
  }

  @Override
  public void update(
      UpdateRule rule,
      float[] w,
      float[][] moments,
      int at,
      float[] g,
      int count,
      boolean decayed) {
    if (rule.adaptive) {
      adam(rule, w, moments[0], moments[1], at, g, count, decayed);
    } else {
      sgd(rule, w, moments[0], at, g, count, decayed);
    }
  }

  private static void sgd(
      UpdateRule rule, float[] w, float[] v, int at, float[] g, int count, boolean decayed) {
    var decay = FloatVector.broadcast(S, decayed ? rule.coupledDecay : 0);
    var momentum = FloatVector.broadcast(S, rule.beta1);
    var rate = FloatVector.broadcast(S, -rule.rate);
    for (int i = 0; i < count; i += LENGTH) {
      int j = at + i;
      var weight = FloatVector.fromArray(S, w, j);
      var gradient = flush(decay.fma(weight, FloatVector.fromArray(S, g, i)), LEAST_GRADIENT);
      var velocity = flush(momentum.fma(FloatVector.fromArray(S, v, j), gradient), LEAST_MOMENT);
      velocity.intoArray(v, j);
      var step = rule.nesterov ? momentum.fma(velocity, gradient) : velocity;
      rate.fma(step, weight).intoArray(w, j);
    }
  }

  private static void adam(
      UpdateRule rule,
      float[] w,
      float[] m,
      float[] v,
      int at,
      float[] g,
      int count,
      boolean decayed) {
    var decay = FloatVector.broadcast(S, decayed ? rule.coupledDecay : 0);
    var shrinkage = FloatVector.broadcast(S, decayed ? -rule.shrinkage : 0);
    var rate = FloatVector.broadcast(S, -rule.rate);
    var beta1 = FloatVector.broadcast(S, rule.beta1);
    var beta2 = FloatVector.broadcast(S, rule.beta2);
    for (int i = 0; i < count; i += LENGTH) {
      int j = at + i;
      var weight = FloatVector.fromArray(S, w, j);
      var gradient = flush(decay.fma(weight, FloatVector.fromArray(S, g, i)), LEAST_GRADIENT);
      var first =
          flush(beta1.fma(FloatVector.fromArray(S, m, j), gradient.mul(rule.rest1)), LEAST_MOMENT);
      var second =
          flush(
              beta2.fma(FloatVector.fromArray(S, v, j), gradient.mul(rule.rest2).mul(gradient)),
              LEAST_SQUARE);
      first.intoArray(m, j);
      second.intoArray(v, j);
      var step = first.div(second.lanewise(SQRT).add(rule.epsilon));
      rate.fma(step, shrinkage.fma(weight, weight)).intoArray(w, j);
    }
  }

  private static FloatVector flush(FloatVector x, float least) {
    return x.blend(0, x.lanewise(ABS).compare(LT, least));
  }
}
