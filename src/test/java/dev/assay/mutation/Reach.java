package dev.assay.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which tests reach which methods, and what they cost.
///
/// @param tests of each method, by [Mutant#where]
record Reach(Map<String, List<Test>> tests) {
  /// @param id as the platform of tests names it
  /// @param milliseconds of processor time
  record Test(String id, double milliseconds) {
    /// The class: of its tests one launch is made.
    String group() {
      var parts = id.split("/");
      return parts[0] + "/" + parts[1];
    }
  }

  /// Tests of a class that reach a method.
  record Group(List<Test> tests) {
    double milliseconds() {
      return tests.stream().mapToDouble(Test::milliseconds).sum();
    }
  }

  /// Those that reach a method, the cheapest class first, and no more than a limit allows.
  List<Group> of(String method, double limitMilliseconds) {
    var groups = new LinkedHashMap<String, List<Test>>();
    for (var test : tests.getOrDefault(method, List.of())) {
      groups.computeIfAbsent(test.group(), _ -> new ArrayList<>()).add(test);
    }
    var sorted = new ArrayList<>(groups.values().stream().map(Group::new).toList());
    sorted.sort(java.util.Comparator.comparingDouble(Group::milliseconds));
    var kept = new ArrayList<Group>();
    double sum = 0;
    for (var group : sorted) {
      sum += group.milliseconds();
      if (kept.isEmpty() || sum <= limitMilliseconds) {
        kept.add(group);
      }
    }
    return kept;
  }

  /// A line for each test: its id, its cost, the numbers of methods; the methods' names first.
  static void write(Path file, List<String> methods, List<String> lines) throws IOException {
    var all = new ArrayList<String>();
    all.add(String.join("\t", methods));
    all.addAll(lines);
    Files.write(file, all);
  }

  static Reach read(Path file) throws IOException {
    var lines = Files.readAllLines(file);
    var methods = lines.getFirst().split("\t");
    var tests = new HashMap<String, List<Test>>();
    for (var line : lines.subList(1, lines.size())) {
      var parts = line.split("\t");
      var test = new Test(parts[0], Double.parseDouble(parts[1]));
      for (var number : parts[2].split(" ")) {
        tests.computeIfAbsent(methods[Integer.parseInt(number)], _ -> new ArrayList<>()).add(test);
      }
    }
    return new Reach(tests);
  }
}
