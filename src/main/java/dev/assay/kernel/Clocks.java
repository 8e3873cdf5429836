package dev.assay.kernel;

import java.util.ArrayList;
import java.util.List;

/// What a card is held to while a kernel is measured.
///
/// @param graphicsMhz of the multiprocessors; 0: as the card likes
/// @param memoryMhz likewise
/// @param watts that it may take at most; 0: its default
public record Clocks(long graphicsMhz, long memoryMhz, long watts) {
  public static final Clocks FREE = new Clocks(0, 0, 0);

  /// As study files call them.
  public static final String GRAPHICS = "graphics_mhz";

  public static final String MEMORY = "memory_mhz";
  public static final String POWER = "power_w";

  public static final List<String> NAMES = List.of(GRAPHICS, MEMORY, POWER);

  public boolean areFree() {
    return equals(FREE);
  }

  /// `graphics_mhz 1410, power_w 250`, for people.
  String words() {
    var words = new ArrayList<String>();
    if (graphicsMhz > 0) {
      words.add(GRAPHICS + " " + graphicsMhz);
    }
    if (memoryMhz > 0) {
      words.add(MEMORY + " " + memoryMhz);
    }
    if (watts > 0) {
      words.add(POWER + " " + watts);
    }
    return String.join(", ", words);
  }
}
