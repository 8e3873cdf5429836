package dev.assay.internal.linalg;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// OpenBLAS called through the foreign-function interface on Java's own arrays, without copies.
///
/// BLAS is column-major: a row-major lower triangle is its upper triangle, and an m × n row-major
/// batch is its n × m matrix of columns. A call holds up the garbage collector while it runs.
final class OpenBlasAlgebra implements DenseAlgebra {
  private static final int COLUMN_MAJOR = 102;
  private static final int NO_TRANSPOSE = 111;
  private static final int TRANSPOSE = 112;
  private static final int UPPER = 121;
  private static final int NON_UNIT = 131;
  private static final int LEFT = 141;
  private static final byte U = (byte) 'U';

  private static final SymbolLookup SYMBOLS = symbols();
  private static final MethodHandle DPOTRF =
      handle(
          "LAPACKE_dpotrf_work",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle DPOTRI =
      handle(
          "LAPACKE_dpotri_work",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle DTRSM = handle("cblas_dtrsm", procedure("iiiiiiidaiai"));
  private static final MethodHandle DTRSV = handle("cblas_dtrsv", procedure("iiiiiaiai"));
  private static final MethodHandle DGEMM = handle("cblas_dgemm", procedure("iiiiiidaiaidai"));
  private static final MethodHandle SGEMM = handle("cblas_sgemm", procedure("iiiiiifaiaifai"));
  private static final MethodHandle DSYRK = handle("cblas_dsyrk", procedure("iiiiidaidai"));

  OpenBlasAlgebra() {
    try {
      handle("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT)).invokeExact(1);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static SymbolLookup symbols() {
    return switch (OpenBlasLibrary.probe()) {
      case OpenBlasLibrary.Loaded(var symbols) -> symbols;
      case OpenBlasLibrary.Missing(var reason, _) -> throw new IllegalStateException(reason);
    };
  }

  /// A void function from a signature of i (int), d (double), f (float), a (address).
  private static FunctionDescriptor procedure(String signature) {
    return FunctionDescriptor.ofVoid(
        signature.chars().mapToObj(OpenBlasAlgebra::layout).toArray(MemoryLayout[]::new));
  }

  private static MemoryLayout layout(int letter) {
    return switch (letter) {
      case 'i' -> JAVA_INT;
      case 'd' -> JAVA_DOUBLE;
      case 'f' -> JAVA_FLOAT;
      default -> ADDRESS;
    };
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(SYMBOLS.findOrThrow(name), descriptor, Linker.Option.critical(true));
  }

  @Override
  public String description() {
    return "OpenBLAS, one thread";
  }

  @Override
  public int cholesky(double[] a, int n, int stride) {
    if (n == 0) {
      return 0;
    }
    try {
      int info = (int) DPOTRF.invokeExact(COLUMN_MAJOR, U, n, MemorySegment.ofArray(a), stride);
      if (info == 0) {
        for (int i = 0; i < n; i++) {
          if (!(a[i * stride + i] > 0)) { // NaN passes through dpotrf unnoticed
            return i + 1;
          }
        }
      }
      return info;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void solveLower(double[] l, int n, int stride, double[] b, int m) {
    triangularSolve(TRANSPOSE, l, n, stride, b, m);
  }

  @Override
  public void solveLowerTransposed(double[] l, int n, int stride, double[] b, int m) {
    triangularSolve(NO_TRANSPOSE, l, n, stride, b, m);
  }

  private static void triangularSolve(
      int transpose, double[] l, int n, int stride, double[] b, int m) {
    if (n == 0 || m == 0) {
      return;
    }
    var factor = MemorySegment.ofArray(l);
    var right = MemorySegment.ofArray(b);
    try {
      if (m == 1) {
        DTRSV.invokeExact(COLUMN_MAJOR, UPPER, transpose, NON_UNIT, n, factor, stride, right, 1);
      } else {
        DTRSM.invokeExact(
            COLUMN_MAJOR, LEFT, UPPER, transpose, NON_UNIT, n, m, 1.0, factor, stride, right, n);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void inverseFromCholesky(double[] l, int n, int stride) {
    if (n == 0) {
      return;
    }
    try {
      int info = (int) DPOTRI.invokeExact(COLUMN_MAJOR, U, n, MemorySegment.ofArray(l), stride);
      if (info != 0) {
        throw new IllegalArgumentException("zero pivot " + info);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void multiplyTransposed(
      int m, int n, int k, double alpha, double[] a, double[] b, double beta, double[] c) {
    if (m == 0 || n == 0) {
      return;
    }
    try {
      DGEMM.invokeExact(
          COLUMN_MAJOR,
          TRANSPOSE,
          NO_TRANSPOSE,
          n,
          m,
          k,
          alpha,
          MemorySegment.ofArray(b),
          Math.max(1, k),
          MemorySegment.ofArray(a),
          Math.max(1, k),
          beta,
          MemorySegment.ofArray(c),
          n);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void multiplyTransposed(
      int m, int n, int k, float alpha, float[] a, float[] b, float beta, float[] c) {
    if (m == 0 || n == 0) {
      return;
    }
    try {
      SGEMM.invokeExact(
          COLUMN_MAJOR,
          TRANSPOSE,
          NO_TRANSPOSE,
          n,
          m,
          k,
          alpha,
          MemorySegment.ofArray(b),
          Math.max(1, k),
          MemorySegment.ofArray(a),
          Math.max(1, k),
          beta,
          MemorySegment.ofArray(c),
          n);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void symmetricRankK(int n, int k, double alpha, double[] a, double beta, double[] c) {
    if (n == 0) {
      return;
    }
    try {
      DSYRK.invokeExact(
          COLUMN_MAJOR,
          UPPER,
          TRANSPOSE,
          n,
          k,
          alpha,
          MemorySegment.ofArray(a),
          Math.max(1, k),
          beta,
          MemorySegment.ofArray(c),
          n);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
