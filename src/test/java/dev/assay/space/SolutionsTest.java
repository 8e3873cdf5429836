package dev.assay.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SolutionsTest {
  private static final List<String> NUMBERS = List.of("a", "b", "c", "w", "f", "n");

  /// Every kind of parameter, with a branch.
  private static SpaceBuilder parameters() {
    return SearchSpace.builder()
        .add("a", new IntRange(0, 5))
        .add("b", IntRange.log(1, 9))
        .add("kind", Choice.of("direct", "tiled"))
        .add("c", Choice.of(1, 2, 4, 8), Condition.when("kind", "tiled"))
        .add("w", Choice.of(0.5, 2, 3))
        .add("flag", Choice.of(true, false))
        .add("f", new FloatRange(0, 1, false, 0.25))
        .add("n", new IntRange(2, 8, false, 3), Condition.when("a", 1, 2, 5));
  }

  /// A constraint written at random.
  private static String constraint(Random random) {
    return truth(random, 2);
  }

  private static String truth(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 7)) {
      case 0 -> "flag" + (random.nextBoolean() ? "" : " == false");
      case 1 -> "kind " + (random.nextBoolean() ? "==" : "!=") + " 'tiled'";
      case 2, 3 -> number(random, 2) + relation(random) + number(random, 2);
      case 4 -> "(" + truth(random, depth - 1) + " or " + truth(random, depth - 1) + ")";
      case 5 -> "not (" + truth(random, depth - 1) + " and " + truth(random, depth - 1) + ")";
      default -> "0 < " + number(random, 1) + relation(random) + number(random, 2);
    };
  }

  private static String relation(Random random) {
    return List.of(" < ", " <= ", " == ", " != ", " >= ", " > ").get(random.nextInt(6));
  }

  private static String number(Random random, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return random.nextInt(4) == 0
          ? Integer.toString(random.nextInt(9))
          : NUMBERS.get(random.nextInt(NUMBERS.size()));
    }
    var x = number(random, depth - 1);
    var y = number(random, depth - 1);
    return switch (random.nextInt(9)) {
      case 0 -> "min(" + x + ", " + y + ")";
      case 1 -> "max(" + x + ", " + y + ", 2)";
      case 2 -> (random.nextBoolean() ? "abs(" : "floor(") + x + " - " + y + ")";
      case 3 -> "log2(" + x + ")";
      case 4 -> "(" + x + " % " + y + ")";
      case 5 -> "(" + x + " / " + y + ")";
      case 6 -> "(" + x + " - " + y + ")";
      case 7 -> "(" + x + " + " + y + " + a)";
      default -> "(" + x + " * " + y + ")";
    };
  }

  /// The valid configurations among all, in the order of the space, by trying each.
  private static List<Configuration> all(SearchSpace free, List<Constraint> constraints) {
    var all = new ArrayList<Configuration>();
    free.forEach(configuration -> {
      if (constraints.stream().allMatch(constraint -> constraint.holds(configuration))) {
        all.add(configuration);
      }
    });
    return all;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void findsWhatTryingEachFinds(int seed) {
    var random = new Random(seed);
    var texts = Stream.generate(() -> constraint(random)).limit(1 + seed % 3).toList();
    var free = parameters().build();
    var indices = new HashMap<String, Integer>();
    free.parameters().forEach(p -> indices.put(p.name(), indices.size()));
    var constraints =
        texts.stream()
            .<Constraint>map(text -> ConstraintParser.parse(text, free.parameters(), indices))
            .toList();
    var expected = all(free, constraints);
    var builder = parameters();
    texts.forEach(builder::where);
    if (expected.isEmpty()) {
      assertThatThrownBy(builder::build)
          .as("%s", texts)
          .isInstanceOf(Problem.class)
          .hasMessageStartingWith("Nothing satisfies");
      return;
    }
    var space = builder.build();
    var found = new ArrayList<Configuration>();
    space.forEach(found::add);
    assertThat(found).as("%s", texts).isEqualTo(expected);
    assertThat(space.valid()).as("%s", texts).hasValue(expected.size());
    var stream = new Philox(seed, 1);
    for (int draw = 0; draw < 50; draw++) {
      assertThat(space.satisfies(space.draw(stream))).as("%s", texts).isTrue();
      var goal = free.draw(stream);
      var near = Objects.requireNonNull(space.near(space.read(goal.values()), stream));
      assertThat(space.satisfies(near)).as("%s", texts).isTrue();
    }
  }

  private static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  /// Drawing until the constraints hold is what the draws are compared with: uniform in units.
  @Test
  void drawsInProportionToTheUnits() {
    var space =
        SearchSpace.builder()
            .add("a", IntRange.log(1, 200))
            .add("b", new IntRange(1, 200))
            .add("kind", Choice.of("direct", "tiled"))
            .add("tile", Choice.of(1, 2, 4), Condition.when("kind", "tiled"))
            .where("a * b == 120")
            .where("tile <= a")
            .build();
    assertThat(space.isTight()).isTrue();
    var weights = new HashMap<Configuration, Double>();
    space.forEach(configuration -> {
      double a = configuration.number("a");
      double width = Math.log((a + 0.5) / (a - 0.5));
      weights.put(configuration, width / (configuration.isActive("tile") ? 3 : 1));
    });
    double sum = weights.values().stream().mapToDouble(x -> x).sum();
    int draws = 40_000;
    var counts = new HashMap<Configuration, Integer>();
    var random = new Philox(3, 0);
    for (int draw = 0; draw < draws; draw++) {
      counts.merge(space.draw(random), 1, Integer::sum);
    }
    double chiSquared = 0;
    for (var entry : weights.entrySet()) {
      double expected = draws * entry.getValue() / sum;
      double difference = counts.getOrDefault(entry.getKey(), 0) - expected;
      chiSquared += difference * difference / expected;
    }
    int freedom = weights.size() - 1;
    assertThat(counts.keySet()).isSubsetOf(weights.keySet());
    assertThat(chiSquared)
        .isBetween(freedom - 4 * Math.sqrt(2.0 * freedom), freedom + 4 * Math.sqrt(2.0 * freedom));
  }

  @Test
  void findsProductsAmongPowersOfTwo() {
    var builder = SearchSpace.builder();
    for (var name : List.of("bx", "by", "tx", "ty")) {
      builder.add(name, Choice.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024));
    }
    builder.add("ux", new IntRange(1, 1024)).add("uy", new IntRange(1, 1024));
    var space = builder.where("bx*by==256 and tx*ty==16 and ux*uy==8").build();
    assertThat(space.valid()).hasValue(9 * 5 * 4);
  }

  @Test
  void countsTheFactorsOfANumber() {
    var space = triples("a * b * c == 3600").build();
    assertThat(space.valid()).hasValue(420);
    var found = new HashSet<Configuration>();
    space.forEach(found::add);
    assertThat(found).hasSize(420).allMatch(space::satisfies);
  }

  private static SpaceBuilder triples(String constraint) {
    var builder = SearchSpace.builder();
    for (var name : List.of("a", "b", "c")) {
      builder.add(name, new IntRange(1, 200));
    }
    return builder.where(constraint);
  }

  @Test
  void findsTheOneOfAMillion() {
    var builder = SearchSpace.builder();
    for (int i = 0; i < 6; i++) {
      builder.add("x" + i, new IntRange(0, 9));
    }
    var space =
        builder
            .where("x0 == 3 and x1 == 1 and x2 == 4 and x3 == 1 and x4 == 5 and x5 == 9")
            .build();
    assertThat(space.draw(new Philox(0, 0)).values().values())
        .containsExactly(3L, 1L, 4L, 1L, 5L, 9L);
  }

  /// Sorted: C(507 + 8, 9) of 507^9.
  @Test
  void drawsAscendingNumbersEvenly() {
    var builder = SearchSpace.builder();
    for (int i = 0; i < 9; i++) {
      builder.add("x" + i, new IntRange(6, 512));
    }
    for (int i = 1; i < 9; i++) {
      builder.where("x" + (i - 1) + " <= x" + i);
    }
    var space = builder.build();
    var random = new Philox(1, 0);
    double sum = 0;
    for (int draw = 0; draw < 2000; draw++) {
      var configuration = space.draw(random);
      assertThat(space.satisfies(configuration)).isTrue();
      sum += configuration.number("x4");
    }
    assertThat(sum / 2000).isBetween(259.0 - 6, 259.0 + 6); // the median of nine: sd 81 / sqrt 2000
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.1})
  void drawsFractionsOfAWholeEvenly(double whole) {
    var builder = SearchSpace.builder();
    var terms = new ArrayList<String>();
    for (int i = 0; i < 8; i++) {
      builder.add("x" + i, new FloatRange(0, 1));
      terms.add("x" + i);
    }
    var space = builder.where(String.join(" + ", terms) + " <= " + whole).build();
    var random = new Philox(2, 0);
    var means = new double[9];
    int draws = 1000;
    for (int draw = 0; draw < draws; draw++) {
      var configuration = space.draw(random);
      assertThat(space.satisfies(configuration)).isTrue();
      double sum = 0;
      for (int i = 0; i < 8; i++) {
        means[i] += configuration.number("x" + i) / draws;
        sum += configuration.number("x" + i);
      }
      means[8] += sum / draws;
    }
    // Dirichlet with nine ones: each part has mean 1/9 and standard deviation 0.0994.
    for (int i = 0; i < 8; i++) {
      assertThat(means[i]).isBetween(whole * 0.095, whole * 0.127);
    }
    assertThat(means[8]).isBetween(whole * 0.87, whole * 0.91);
  }

  @Test
  void drawsOrderingsAndBandsOfRealNumbers() {
    var builder = SearchSpace.builder();
    for (int i = 0; i < 9; i++) {
      builder.add("x" + i, i % 2 == 0 ? FloatRange.log(1e-3, 1) : new FloatRange(0, 1));
    }
    for (int i = 1; i < 9; i++) {
      builder.where("x" + (i - 1) + " <= x" + i);
    }
    var ordered = builder.build();
    var band =
        SearchSpace.builder()
            .add("a", new FloatRange(0, 1))
            .add("b", new FloatRange(0, 1))
            .add("n", new IntRange(1, 4))
            .where("0.99999 <= n * a + b / n <= 1")
            .build();
    var random = new Philox(5, 0);
    for (int draw = 0; draw < 200; draw++) {
      assertThat(ordered.satisfies(ordered.draw(random))).isTrue();
      assertThat(band.satisfies(band.draw(random))).isTrue();
    }
  }

  @Test
  void doesNotClaimWhatIsNotProved() {
    var builder =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("y", new FloatRange(0, 1))
            .where("no such point", _ -> false);
    assertThatThrownBy(builder::build)
        .hasMessageStartingWith("No configuration was found that satisfies the constraints.")
        .hasMessageContaining("100000 draws tried");
  }

  @Test
  void namesTheConstraintsThatClash() {
    var builder =
        SearchSpace.builder()
            .add("a", new IntRange(1, 20))
            .add("b", new IntRange(1, 20))
            .add("c", new IntRange(1, 20))
            .where("a < b")
            .where("b < c")
            .where("a + b + c <= 50")
            .where("c < a")
            .where("c % 2 == 0");
    assertThatThrownBy(builder::build)
        .hasMessageStartingWith("Nothing satisfies these constraints together.")
        .hasMessageContaining("a < b against b < c against c < a")
        .hasMessageNotContaining("50");
  }

  @Test
  void fixedParametersLeaveSolvedConstraints() {
    var space = triples("a * b * c == 3600").build().fix(Map.of("c", 36));
    assertThat(space.valid()).hasValue(9);
  }

  /// Parameters with too many values for a diagram are settled within bounds, which are the walk's.
  @Test
  void walksAreIndependentOfEachOther() {
    var space =
        SearchSpace.builder()
            .add("x", new IntRange(0, 70_000))
            .add("y", new IntRange(0, 70_000))
            .where("x + y == 7")
            .build();
    var broken = space.all();
    for (int k = 0; k < 4; k++) {
      broken.next();
    }
    var whole = new ArrayList<Object>();
    space.forEach(configuration -> whole.add(configuration.get("x")));
    assertThat(whole).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(broken.next().values()).containsEntry("x", 4L).containsEntry("y", 3L);
  }
}
