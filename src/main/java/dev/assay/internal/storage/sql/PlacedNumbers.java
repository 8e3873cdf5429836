package dev.assay.internal.storage.sql;

import dev.assay.storage.StoredStudy;
import java.util.Arrays;

/// Where numbers stand in a row.
final class PlacedNumbers implements StoredStudy.Numbers {
  private final byte[] row;

  /// Start and end of each parameter's.
  private final int[] places;

  PlacedNumbers(byte[] row, int parameters) {
    this.row = row;
    places = new int[2 * parameters];
  }

  /// A parameter's number takes the bytes from `start` to before `end`.
  void put(int parameter, int start, int end) {
    places[2 * parameter] = start;
    places[2 * parameter + 1] = end;
  }

  /// Forgets all.
  void clear() {
    Arrays.fill(places, 0);
  }

  @Override
  public byte[] text() {
    return row;
  }

  @Override
  public int start(int parameter) {
    return places[2 * parameter];
  }

  @Override
  public int end(int parameter) {
    return places[2 * parameter + 1];
  }
}
