package dev.assay.mutation;

import java.util.BitSet;

/// Which methods were called since it was last asked.
public final class Reached {
  private static BitSet methods = new BitSet();

  private Reached() {}

  /// Called by the methods themselves.
  public static synchronized void hit(int method) {
    methods.set(method);
  }

  static synchronized BitSet take() {
    var taken = methods;
    methods = new BitSet();
    return taken;
  }
}
