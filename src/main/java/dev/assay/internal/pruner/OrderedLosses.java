package dev.assay.internal.pruner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Numbers in order, one added at a time: blocks of sorted arrays, O(√n) for each call.
final class OrderedLosses {
  private static final int BLOCK = 512;

  private static final class Block {
    final double[] losses = new double[BLOCK];
    int size;
  }

  private final List<Block> blocks = new ArrayList<>();
  private int size;

  int size() {
    return size;
  }

  /// @param loss not NaN
  void add(double loss) {
    if (blocks.isEmpty()) {
      blocks.add(new Block());
    }
    int index = blockOf(loss);
    var block = blocks.get(index);
    if (block.size == BLOCK) {
      var upper = new Block();
      upper.size = BLOCK / 2;
      block.size -= upper.size;
      System.arraycopy(block.losses, block.size, upper.losses, 0, upper.size);
      blocks.add(index + 1, upper);
      if (loss > block.losses[block.size - 1]) {
        block = upper;
      }
    }
    int place = Arrays.binarySearch(block.losses, 0, block.size, loss);
    place = place < 0 ? ~place : place;
    System.arraycopy(block.losses, place, block.losses, place + 1, block.size - place);
    block.losses[place] = loss;
    block.size++;
    size++;
  }

  /// The first block that does not end below a loss; the last one where all do.
  private int blockOf(double loss) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low < high) {
      int middle = low + high >>> 1;
      var block = blocks.get(middle);
      if (block.losses[block.size - 1] < loss) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The largest; there must be one.
  double largest() {
    var block = blocks.getLast();
    return block.losses[block.size - 1];
  }

  /// The k-th smallest, from 0.
  private double get(int k) {
    int rest = k;
    for (var block : blocks) {
      if (rest < block.size) {
        return block.losses[rest];
      }
      rest -= block.size;
    }
    throw new IndexOutOfBoundsException(k);
  }

  /// The k-th smallest of these and some more.
  ///
  /// @param k from 0
  /// @param more sorted
  double get(int k, double[] more) {
    // `taken` of the k smallest are from `more`: as few as will do.
    int low = Math.max(0, k - size);
    int high = Math.min(k, more.length);
    while (low < high) {
      int taken = low + high >>> 1;
      if (more[taken] >= get(k - taken - 1)) {
        high = taken;
      } else {
        low = taken + 1;
      }
    }
    double own = k - low < size ? get(k - low) : Double.POSITIVE_INFINITY;
    return low < more.length ? Math.min(own, more[low]) : own;
  }
}
