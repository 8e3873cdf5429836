package dev.assay.device.cpu;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.SQRT;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.assay.train.DropoutMask;
import dev.assay.train.Standardisation;
import dev.assay.train.UpdateRule;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// [JavaLaneMath] on the Vector API, bit for bit. Only this class and the three that hold its
/// blocks touch the incubator module, so that a JVM without it never loads them.
final class VectorLaneMath implements LaneMath {
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() <= STRIDE
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_512;
  static final int LENGTH = SPECIES.length();

  /// Whether 8 × 2 accumulators fit the registers: 32 of them with AVX-512 and on ARM, 16 with
  /// AVX2.
  static final boolean MANY_REGISTERS =
      LENGTH == 16 || System.getProperty("os.arch", "").equals("aarch64");

  private static final VectorSpecies<Float> S = SPECIES;
  private static final VectorSpecies<Integer> INTS = S.withLanes(int.class);
  private static final int SIGN = 0x80000000;

  @Override
  public String words() {
    return "vectors of " + LENGTH + " floats";
  }

  @Override
  public void convolution(
      float[] a,
      int lda,
      int parts,
      int jump,
      int k,
      float[] b,
      int at,
      int n,
      float[] bias,
      int biasAt,
      float[] c,
      int m) {
    ProductBlocks.product(a, lda, parts, jump, k, b, at, n, bias, biasAt, c, m);
  }

  @Override
  public void gradient(
      float[] a, int lda, int first, float[] d, int from, int n, int rows, float[] g, int to) {
    GradientBlocks.gradient(a, lda, first, d, from, n, rows, g, to);
  }

  @Override
  public void pool(
      float[] c,
      int at,
      int n,
      int down,
      int count,
      int filters,
      float[] out,
      int to,
      int[] chosen,
      int note) {
    PoolBlocks.pool(c, at, n, down, count, filters, out, to, chosen, note);
  }

  @Override
  public void spread(
      float[] d,
      int from,
      int[] chosen,
      int note,
      int count,
      int filters,
      float[] c,
      int at,
      int n,
      int down) {
    PoolBlocks.spread(d, from, chosen, note, count, filters, c, at, n, down);
  }

  @Override
  public void columnSums(float[] d, int n, int rows, float[] out) {
    for (int j = 0; j < n; j += LENGTH) {
      // From what was loaded: a shared constant would sometimes keep the sum out of registers.
      var sum = FloatVector.fromArray(S, d, j).add(0);
      for (int i = 1, at = j + n; i < rows; i++, at += n) {
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
        var value =
            FloatVector.fromArray(S, x, source + j)
                .sub(FloatVector.fromArray(S, mean, j))
                .mul(FloatVector.fromArray(S, scale, j));
        value.blend(0, value.test(IS_NAN)).intoArray(out, to + j);
      }
      for (int j = whole; j < p; j++) {
        float value = (x[source + j] - mean[j]) * scale[j];
        out[to + j] = Float.isNaN(value) ? 0 : value;
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
      tanh(FloatVector.fromArray(S, x, i)).intoArray(x, i);
    }
  }

  private static FloatVector tanh(FloatVector v) {
    var argument = v.lanewise(ABS).min(JavaLaneMath.TANH_END).mul(2);
    var t = rounded(argument);
    var power = power(t);
    var e = power.fma(series(argument, t.sub(JavaLaneMath.ROUND)), power.sub(1));
    var sign = v.reinterpretAsInts().and(SIGN);
    return e.div(e.add(2)).reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  @Override
  public void gelu(float[] x, int count) {
    for (int i = 0; i < count; i += LENGTH) {
      var v = FloatVector.fromArray(S, x, i);
      var half = v.mul(0.5f);
      half.fma(tanh(v.mul(slope(v, JavaLaneMath.GELU_CUBE))), half).intoArray(x, i);
    }
  }

  /// cube x² + √(2/π).
  private static FloatVector slope(FloatVector x, float cube) {
    return x.mul(x)
        .fma(FloatVector.broadcast(S, cube), FloatVector.broadcast(S, JavaLaneMath.GELU_LINE));
  }

  @Override
  public void geluBackward(float[] d, float[] x, int count) {
    var one = FloatVector.broadcast(S, 1);
    for (int i = 0; i < count; i += LENGTH) {
      var v = FloatVector.fromArray(S, x, i);
      var t = tanh(v.mul(slope(v, JavaLaneMath.GELU_CUBE)));
      var inner = t.neg().fma(t, one).mul(v.mul(slope(v, 3 * JavaLaneMath.GELU_CUBE)));
      var derivative = inner.add(t.add(1)).mul(0.5f);
      FloatVector.fromArray(S, d, i).mul(derivative).intoArray(d, i);
    }
  }

  @Override
  public void drop(float[] x, int rows, int n, int width, DropoutMask mask) {
    var threshold = IntVector.broadcast(INTS, mask.threshold());
    var lanes = IntVector.zero(INTS).addIndex(1);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j += LENGTH) {
        var first = mix(lanes.add(i * width + j).lanewise(XOR, mask.key1()));
        var hash = mix(first.add(mask.key2())).lanewise(LSHR, 8);
        var dropped = hash.compare(LT, threshold).cast(S);
        int at = i * n + j;
        FloatVector.fromArray(S, x, at).mul(mask.scale()).blend(0, dropped).intoArray(x, at);
      }
    }
  }

  /// [DropoutMask#mix].
  private static IntVector mix(IntVector x) {
    x = x.lanewise(XOR, x.lanewise(LSHR, 16)).mul(0x7feb352d);
    x = x.lanewise(XOR, x.lanewise(LSHR, 15)).mul(0x846ca68b);
    return x.lanewise(XOR, x.lanewise(LSHR, 16));
  }

  @Override
  public void add(float[] x, int at, float[] y, int count) {
    for (int i = 0; i < count; i += LENGTH) {
      FloatVector.fromArray(S, x, at + i).add(FloatVector.fromArray(S, y, i)).intoArray(x, at + i);
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

  /// A vector holds one class of many rows: then sums over classes are sums of vectors.
  @Override
  public void softmax(
      float[] z,
      int rows,
      int n,
      int classes,
      float scale,
      float[] largest,
      float[] sums,
      float[] scratch,
      float[] out) {
    for (int first = 0; first < rows; first += LENGTH) {
      int count = Math.min(LENGTH, rows - first);
      for (int i = 0, at = first * n; i < count; i++, at += n) {
        for (int j = 0, to = i; j < classes; j++, to += LENGTH) {
          scratch[to] = z[at + j];
        }
      }
      int end = classes * LENGTH;
      var most = FloatVector.fromArray(S, scratch, 0);
      for (int j = LENGTH; j < end; j += LENGTH) {
        most = most.max(FloatVector.fromArray(S, scratch, j));
      }
      var sum = exp(FloatVector.fromArray(S, scratch, 0).sub(most));
      sum.intoArray(scratch, 0);
      for (int j = LENGTH; j < end; j += LENGTH) {
        var power = exp(FloatVector.fromArray(S, scratch, j).sub(most));
        power.intoArray(scratch, j);
        sum = sum.add(power);
      }
      most.intoArray(largest, first);
      sum.intoArray(sums, first);
      var factor = FloatVector.broadcast(S, scale).div(sum);
      for (int j = 0; j < end; j += LENGTH) {
        FloatVector.fromArray(S, scratch, j).mul(factor).intoArray(scratch, j);
      }
      for (int i = 0, at = first * n; i < count; i++, at += n) {
        for (int j = 0, from = i; j < classes; j++, from += LENGTH) {
          out[at + j] = scratch[from];
        }
        for (int j = classes; j < n; j++) {
          out[at + j] = 0;
        }
      }
    }
  }

  private static FloatVector exp(FloatVector x) {
    var argument = x.max(LEAST_EXPONENT);
    var t = rounded(argument);
    var power = power(t);
    return power.fma(series(argument, t.sub(JavaLaneMath.ROUND)), power);
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
    if (rule.adaptive()) {
      adam(rule, w, moments[0], moments[1], at, g, count, decayed);
    } else {
      sgd(rule, w, moments[0], at, g, count, decayed);
    }
  }

  private static void sgd(
      UpdateRule rule, float[] w, float[] v, int at, float[] g, int count, boolean decayed) {
    var decay = FloatVector.broadcast(S, decayed ? rule.coupledDecay() : 0);
    var momentum = FloatVector.broadcast(S, rule.beta1());
    var rate = FloatVector.broadcast(S, -rule.rate());
    for (int i = 0; i < count; i += LENGTH) {
      int j = at + i;
      var weight = FloatVector.fromArray(S, w, j);
      var gradient = flush(decay.fma(weight, FloatVector.fromArray(S, g, i)), LEAST_GRADIENT);
      var velocity = flush(momentum.fma(FloatVector.fromArray(S, v, j), gradient), LEAST_MOMENT);
      velocity.intoArray(v, j);
      var step = rule.nesterov() ? momentum.fma(velocity, gradient) : velocity;
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
    var decay = FloatVector.broadcast(S, decayed ? rule.coupledDecay() : 0);
    var shrinkage = FloatVector.broadcast(S, decayed ? -rule.shrinkage() : 0);
    var rate = FloatVector.broadcast(S, -rule.rate());
    var beta1 = FloatVector.broadcast(S, rule.beta1());
    var beta2 = FloatVector.broadcast(S, rule.beta2());
    for (int i = 0; i < count; i += LENGTH) {
      int j = at + i;
      var weight = FloatVector.fromArray(S, w, j);
      var gradient = flush(decay.fma(weight, FloatVector.fromArray(S, g, i)), LEAST_GRADIENT);
      var first =
          flush(
              beta1.fma(FloatVector.fromArray(S, m, j), gradient.mul(rule.rest1())), LEAST_MOMENT);
      var second =
          flush(
              beta2.fma(FloatVector.fromArray(S, v, j), gradient.mul(rule.rest2()).mul(gradient)),
              LEAST_SQUARE);
      first.intoArray(m, j);
      second.intoArray(v, j);
      var step = first.div(second.lanewise(SQRT).add(rule.epsilon()));
      rate.fma(step, shrinkage.fma(weight, weight)).intoArray(w, j);
    }
  }

  private static FloatVector flush(FloatVector x, float least) {
    return x.blend(0, x.lanewise(ABS).compare(LT, least));
  }
}
