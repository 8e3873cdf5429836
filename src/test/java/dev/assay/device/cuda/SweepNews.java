package dev.assay.device.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a sweep of barriers has found so far, in a file that it goes on from: the stand-in's lines
/// (`kernels/standin/sweep.h`), and between them the sum of each module's PTX and the test classes
/// that are done. What was found of another PTX counts no more, and then no class is done.
final class SweepNews {
  private static final String MODULE = "module\t";
  private static final String DONE = "done\t";

  private final Path file;

  private SweepNews(Path file) {
    this.file = file;
  }

  /// @param kernels of each module, those that it holds
  static SweepNews open(Path file, Map<String, Set<String>> kernels) throws IOException {
    var sums = new TreeMap<String, String>();
    for (var module : kernels.keySet()) {
      sums.put(module, MODULE + module + "\t" + sum(KernelImages.ptx(module, KernelImages.TENSOR)));
    }
    var kept = Files.exists(file) ? lines(file) : List.<String>of();
    var changed = new HashSet<>(sums.values());
    changed.removeAll(kept);
    var gone = new HashSet<String>();
    sums.forEach((module, line) -> {
      if (changed.contains(line)) {
        gone.addAll(kernels.getOrDefault(module, Set.of()));
      }
    });
    var left =
        kept.stream()
            .filter(line -> !line.startsWith(MODULE))
            .filter(line -> !line.startsWith(DONE) || changed.isEmpty())
            .filter(line -> !gone.contains(line.split("\t", 2)[0]))
            .collect(Collectors.toCollection(ArrayList::new));
    left.addAll(0, sums.values());
    Files.write(file, left, StandardCharsets.ISO_8859_1);
    return new SweepNews(file);
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
  }

  private static String sum(byte[] ptx) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ptx));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isDone(Class<?> test) throws IOException {
    return lines(file).contains(DONE + test.getSimpleName());
  }

  void done(Class<?> test) throws IOException {
    Files.writeString(file, DONE + test.getSimpleName() + "\n", StandardOpenOption.APPEND);
  }

  /// Of each barrier that was reached, kernel and line: the words of the fault without it, or
  /// nothing.
  Map<String, String> told() throws IOException {
    var told = new TreeMap<String, String>();
    for (var line : lines(file)) {
      var words = line.split("\t", 4);
      if (words.length < 3 || line.startsWith(MODULE)) {
        continue;
      }
      var key = words[0] + "\t" + words[1];
      told.putIfAbsent(key, "");
      if (words[2].equals("noticed")) {
        told.put(key, words[3]);
      }
    }
    return told;
  }
}
