package dev.assay.ptx.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What some work takes of a card by what the stand-in counted of its kernels: **estimated**, each
/// launch as long as the part that bounds it, one after the other.
///
/// @param launches how many
/// @param microseconds by kernel
public record Work(double launches, Map<String, Double> microseconds) {
  /// Between launches that are queued.
  public static final double BETWEEN = 1;

  public static final Work NONE = new Work(0, Map.of());

  /// @param counts a file that `ASSAY_STANDIN_PROFILE` named
  /// @param card as in [Card#ALL]
  public static Work of(Path counts, String card) throws IOException {
    var on = Card.ALL.stream().filter(c -> c.name().equals(card)).findFirst().orElseThrow();
    var all = Files.readAllLines(counts).stream().map(LaunchCounts::of).toList();
    return new Work(
        all.stream().mapToLong(LaunchCounts::launches).sum(),
        all.stream()
            .collect(
                Collectors.groupingBy(
                    LaunchCounts::kernel,
                    TreeMap::new,
                    Collectors.summingDouble(c -> on.bound(c).microseconds()))));
  }

  /// This and so many times the other.
  public Work plus(double times, Work other) {
    var sum = new TreeMap<>(microseconds);
    other.microseconds.forEach((kernel, us) -> sum.merge(kernel, times * us, Double::sum));
    return new Work(launches + times * other.launches, sum);
  }

  /// Of all kernels and what is between them, in milliseconds.
  public double milliseconds() {
    double kernels = microseconds.values().stream().mapToDouble(us -> us).sum();
    return 1e-3 * (kernels + BETWEEN * launches);
  }

  /// The kernels that take most, each with its milliseconds; none that takes less than a
  /// thousandth.
  public List<String> largest(int most) {
    return microseconds.entrySet().stream()
        .filter(e -> e.getValue() > milliseconds())
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .limit(most)
        .map(e -> "%s %.3g ms".formatted(e.getKey(), 1e-3 * e.getValue()))
        .toList();
  }
}
