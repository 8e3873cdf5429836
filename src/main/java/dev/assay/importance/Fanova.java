package dev.assay.importance;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// fANOVA (Hutter, Hoos and Leyton-Brown 2014): a model of regression trees is fitted to the
/// trials, and the variance of its prediction over the whole space is decomposed exactly into main
/// effects and interactions.
///
/// The prediction is an [AdditiveModel] plus the mean of a random forest that is fitted to what the
/// sum leaves. A forest alone splits on strong parameters first, so that its leaves are long along
/// weak ones and their effects come out too small; of four linear terms with variances in the ratio
/// 16 : 9 : 4 : 1 it gives the weakest less than half of its share. Marginals are linear in the
/// prediction: those of both parts are added before anything is squared, and so are those of the
/// trees, whose noise would otherwise count as effects.
///
/// Every tree is grown on a bootstrap sample and may split on any parameter. Pairs are those of the
/// parameters with the largest effects.
///
/// @param trees how many
/// @param depth of a tree at most
/// @param paired how many parameters are paired with one another
/// @param seed of the bootstrap samples
public record Fanova(int trees, int depth, int paired, long seed) implements ImportanceMethod {
  public Fanova {
    if (trees < 1 || depth < 1 || paired < 0) {
      throw new Problem(
          "A forest needs at least one tree and one level.",
          "trees " + trees + ", depth " + depth + ", paired " + paired,
          "Use 64 and 64, as is usual.");
    }
  }

  public Fanova() {
    this(64, 64, 8, 0);
  }

  @Override
  public String name() {
    return "fanova";
  }

  @Override
  public int fewest(int parameters) {
    return Math.max(6, 2 * parameters);
  }

  @Override
  public Contributions contributions(Observed observed) {
    var cells = Cells.of(observed);
    var additive = AdditiveModel.fit(cells, observed.y());
    var forest = new ForestMarginals(forest(cells, additive.residuals()), cells.counts());
    var parameters =
        IntStream.range(0, observed.dimension())
            .parallel()
            .mapToDouble(j -> main(Region.of(observed.space(), j), additive.effect(j), forest, j))
            .toArray();
    var most =
        IntStream.range(0, parameters.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer j) -> -parameters[j]))
            .limit(paired)
            .sorted()
            .toList();
    var indices = new ArrayList<int[]>();
    for (int i : most) {
      most.stream().filter(j -> j > i).forEach(j -> indices.add(new int[] {i, j}));
    }
    var pairs =
        indices.parallelStream()
            .map(pair -> pair(Region.of(observed.space(), pair), forest, pair[0], pair[1]))
            .filter(pair -> pair.value() > 0)
            .toList();
    return new Contributions(parameters, pairs);
  }

  /// Variance of the main effect of a parameter where it exists, times the share of that region.
  private static double main(Region region, double[] effect, ForestMarginals forest, int j) {
    if (region.share() == 0) {
      return 0;
    }
    var values = forest.along(j, region);
    Arrays.setAll(values, c -> values[c] + effect[c]);
    var extents = region.extents(j, effect.length);
    double mean = 0;
    double square = 0;
    for (int c = 0; c < values.length; c++) {
      mean += extents[c] * values[c];
    }
    for (int c = 0; c < values.length; c++) {
      square += extents[c] * (values[c] - mean) * (values[c] - mean);
    }
    return region.share() * square;
  }

  /// Variance of what two parameters do together beyond their main effects, where both exist, times
  /// the share of that region. The additive part has none.
  private static Contributions.Pair pair(Region region, ForestMarginals forest, int i, int j) {
    if (region.share() == 0) {
      return new Contributions.Pair(i, j, 0);
    }
    var grid = forest.over(i, j, region);
    double value =
        interaction(
            grid, region.extents(i, grid.length - 1), region.extents(j, grid[0].length - 1));
    return new Contributions.Pair(i, j, region.share() * value);
  }

  private static double interaction(double[][] grid, double[] rows, double[] columns) {
    double mean = 0;
    var rowMeans = new double[rows.length];
    var columnMeans = new double[columns.length];
    for (int a = 0; a < rows.length; a++) {
      for (int b = 0; b < columns.length; b++) {
        rowMeans[a] += columns[b] * grid[a][b];
        columnMeans[b] += rows[a] * grid[a][b];
      }
      mean += rows[a] * rowMeans[a];
    }
    double variance = 0;
    for (int a = 0; a < rows.length; a++) {
      for (int b = 0; b < columns.length; b++) {
        double rest = grid[a][b] - rowMeans[a] - columnMeans[b] + mean;
        variance += rows[a] * columns[b] * rest * rest;
      }
    }
    return variance;
  }

  private List<RegressionTree> forest(Cells cells, double[] y) {
    // Single trials where these are few: there is nothing to average.
    int least = Math.clamp(y.length / 100, 1, 5);
    return IntStream.range(0, trees)
        .parallel()
        .mapToObj(t -> {
          var weights = sample(y.length, new Philox(seed, t));
          return RegressionTree.grow(cells, y, weights, depth, least);
        })
        .toList();
  }

  /// A bootstrap sample: how often each trial was drawn.
  private static int[] sample(int trials, Philox random) {
    var weights = new int[trials];
    for (int i = 0; i < trials; i++) {
      weights[random.nextInt(trials)]++;
    }
    return weights;
  }
}
