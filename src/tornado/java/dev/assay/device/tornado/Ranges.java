package dev.assay.device.tornado;

import java.util.TreeMap;

/// Who has which part of an array: the first gap that is large enough is given away.
final class Ranges {
  /// Length of each part that is taken, by its beginning.
  private final TreeMap<Integer, Integer> taken = new TreeMap<>();

  /// @param capacity of the array
  /// @return where the part begins; -1 where there is no gap of this length
  int take(int length, int capacity) {
    int at = 0;
    for (var part : taken.entrySet()) {
      if (part.getKey() - at >= length) {
        break;
      }
      at = part.getKey() + part.getValue();
    }
    if (length > capacity - at) {
      return -1;
    }
    taken.put(at, length);
    return at;
  }

  /// Leaves only the beginning of a part taken; nothing for 0.
  void shorten(int at, int length) {
    if (length == 0) {
      taken.remove(at);
    } else {
      taken.put(at, length);
    }
  }

  /// Where the last part ends.
  int end() {
    return taken.isEmpty() ? 0 : taken.lastKey() + taken.lastEntry().getValue();
  }
}
