package dev.assay.device.cpu;

import dev.assay.train.DropoutMask;
import dev.assay.train.Standardisation;
import dev.assay.train.UpdateRule;

/// The readable reference, and what runs where the Vector API is missing.
final class JavaLaneMath implements LaneMath {
  @Override
  public String words() {
    return "plain Java";
  }

  static final float LOG2_E = 1.442695f;

  /// ln 2 in two parts; the first has 15 bits, so that its product with an exponent is exact.
  static final float LN2_HIGH = 0.693145751953125f;

  static final float LN2_LOW = 1.42860682e-6f;

  /// 1.5 * 2^23: adding it rounds to a whole number, which then stands in the lowest bits.
  static final float ROUND = 12582912f;

  /// 1/3! ... 1/7!: the series of e^r beyond r + r²/2; |r| <= ln 2 / 2 leaves an error of 2e-8.
  static final float C3 = 1f / 6;

  static final float C4 = 1f / 24;
  static final float C5 = 1f / 120;
  static final float C6 = 1f / 720;
  static final float C7 = 1f / 5040;

  /// √(2/π), and 0.044715 of it.
  static final float GELU_LINE = 0.7978846f;

  static final float GELU_CUBE = 0.035677407f;

  /// tanh rounds to 1 beyond this.
  static final float TANH_END = 9.02f;

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
    for (int i = 0; i < m; i++) {
      int to = i * n;
      for (int j = 0; j < n; j++) {
        c[to + j] = bias[biasAt + j];
      }
      for (int q = 0; q < parts * k; q++) {
        float factor = a[i * lda + q / k * jump + q % k];
        int from = at + q * n;
        for (int j = 0; j < n; j++) {
          c[to + j] = Math.fma(factor, b[from + j], c[to + j]);
        }
      }
    }
  }

  @Override
  public void gradient(
      float[] a, int lda, int first, float[] d, int from, int n, int rows, float[] g, int to) {
    for (int r = 0; r < BLOCK; r++) {
      int row = to + r * n;
      for (int i = 0; i < rows; i++) {
        float factor = a[i * lda + first + r];
        int at = from + i * n;
        for (int j = 0; j < n; j++) {
          g[row + j] = Math.fma(factor, d[at + j], g[row + j]);
        }
      }
    }
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
    for (int i = 0; i < count; i++) {
      int first = at + 2 * i * n;
      for (int f = 0; f < filters; f++) {
        int which = 0;
        float most = c[first + f];
        for (int k = 1; k < 4; k++) {
          float value = c[first + (k & 1) * n + (k >> 1) * down + f];
          if (value > most) {
            most = value;
            which = k;
          }
        }
        out[to + i * filters + f] = most;
        chosen[note + i * filters + f] = which;
      }
    }
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
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < 4; k++) {
        int pixel = at + (2 * i + (k & 1)) * n + (k >> 1) * down;
        for (int f = 0; f < n; f++) {
          int place = i * filters + f;
          c[pixel + f] = f < filters && chosen[note + place] == k ? d[from + place] : 0;
        }
      }
    }
  }

  @Override
  public void columnSums(float[] d, int n, int rows, float[] out) {
    for (int j = 0; j < n; j++) {
      out[j] = 0;
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        out[j] += d[i * n + j];
      }
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
    for (int i = 0; i < count; i++) {
      int source = rows[from + i] * p;
      for (int j = 0; j < p; j++) {
        float value = (x[source + j] - mean[j]) * scale[j];
        out[i * stride + j] = Float.isNaN(value) ? 0 : value;
      }
    }
  }

  @Override
  public void relu(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = x[i] <= 0 ? 0 : x[i];
    }
  }

  @Override
  public void tanh(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = tanh(x[i]);
    }
  }

  @Override
  public void reluBackward(float[] d, float[] h, int count) {
    for (int i = 0; i < count; i++) {
      d[i] = h[i] <= 0 ? 0 : d[i];
    }
  }

  @Override
  public void tanhBackward(float[] d, float[] h, int count) {
    for (int i = 0; i < count; i++) {
      d[i] *= Math.fma(-h[i], h[i], 1);
    }
  }

  @Override
  public void gelu(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      float half = 0.5f * x[i];
      x[i] = Math.fma(half, tanh(geluArgument(x[i])), half);
    }
  }

  @Override
  public void geluBackward(float[] d, float[] x, int count) {
    for (int i = 0; i < count; i++) {
      d[i] *= geluDerivative(x[i]);
    }
  }

  private static float geluArgument(float x) {
    return x * Math.fma(x * x, GELU_CUBE, GELU_LINE);
  }

  /// ½ (1 + t) + ½ x (1 - t²) u', with t = tanh u(x).
  static float geluDerivative(float x) {
    float t = tanh(geluArgument(x));
    float slope = Math.fma(x * x, 3 * GELU_CUBE, GELU_LINE);
    float inner = Math.fma(-t, t, 1) * (x * slope);
    return 0.5f * (inner + (1 + t));
  }

  @Override
  public void drop(float[] x, int rows, int n, int width, DropoutMask mask) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        int at = i * n + j;
        x[at] = mask.keeps(i * width + j) ? x[at] * mask.scale() : 0;
      }
    }
  }

  @Override
  public void add(float[] x, int at, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      x[at + i] += y[i];
    }
  }

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
    for (int i = 0; i < rows; i++) {
      int row = i * n;
      float most = z[row];
      for (int j = 1; j < classes; j++) {
        most = Math.max(most, z[row + j]);
      }
      float sum = 0;
      for (int j = 0; j < classes; j++) {
        out[row + j] = exp(z[row + j] - most);
        sum += out[row + j];
      }
      float factor = scale / sum;
      for (int j = 0; j < n; j++) {
        out[row + j] = j < classes ? out[row + j] * factor : 0;
      }
      largest[i] = most;
      sums[i] = sum;
    }
  }

  /// x = n ln 2 + r; e^x = 2^n (1 + p(r)) with p(r) = e^r - 1.
  static float exp(float x) {
    float argument = Math.max(x, LEAST_EXPONENT);
    float t = Math.fma(argument, LOG2_E, ROUND);
    float p = series(argument, t - ROUND);
    float power = power(t);
    return Math.fma(power, p, power);
  }

  /// tanh |x| = E / (E + 2) with E = e^2|x| - 1 = 2^n p(r) + (2^n - 1): no cancellation near 0,
  /// where n = 0.
  static float tanh(float x) {
    float argument = 2 * Math.min(Math.abs(x), TANH_END);
    float t = Math.fma(argument, LOG2_E, ROUND);
    float p = series(argument, t - ROUND);
    float power = power(t);
    float e = Math.fma(power, p, power - 1);
    return Math.copySign(e / (e + 2), x);
  }

  private static float series(float x, float n) {
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float q = Math.fma(Math.fma(Math.fma(Math.fma(C7, r, C6), r, C5), r, C4), r, C3);
    return Math.fma(r * r, Math.fma(q, r, 0.5f), r);
  }

  private static float power(float t) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(t) << 23) + 0x3F800000);
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
    float decay = decayed ? rule.coupledDecay() : 0;
    for (int i = 0; i < count; i++) {
      int j = at + i;
      float gradient = flush(Math.fma(decay, w[j], g[i]), LEAST_GRADIENT);
      float velocity = flush(Math.fma(rule.beta1(), v[j], gradient), LEAST_MOMENT);
      v[j] = velocity;
      float step = rule.nesterov() ? Math.fma(rule.beta1(), velocity, gradient) : velocity;
      w[j] = Math.fma(-rule.rate(), step, w[j]);
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
    float decay = decayed ? rule.coupledDecay() : 0;
    float shrinkage = decayed ? rule.shrinkage() : 0;
    for (int i = 0; i < count; i++) {
      int j = at + i;
      float gradient = flush(Math.fma(decay, w[j], g[i]), LEAST_GRADIENT);
      float first = flush(Math.fma(rule.beta1(), m[j], rule.rest1() * gradient), LEAST_MOMENT);
      float second =
          flush(Math.fma(rule.beta2(), v[j], rule.rest2() * gradient * gradient), LEAST_SQUARE);
      m[j] = first;
      v[j] = second;
      float shrunk = Math.fma(-shrinkage, w[j], w[j]);
      float step = first / ((float) Math.sqrt(second) + rule.epsilon());
      w[j] = Math.fma(-rule.rate(), step, shrunk);
    }
  }

  private static float flush(float x, float least) {
    return Math.abs(x) < least ? 0 : x;
  }
}
