package dev.assay.internal.sampler.simple;

import dev.assay.internal.sampler.prior.Belief;
import dev.assay.internal.sampler.prior.Beliefs;
import dev.assay.problem.Problem;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every point of a grid, or of the union of several, once and in order: the last parameter varies
/// fastest. Points that break constraints are left out. Of a parameter with a prior the likelier
/// values come first, of a list the likelier rows.
///
/// Without sub-grids the grid is the whole space, continuous parameters at `points` evenly spaced
/// values; a space that is a list is tried row by row. In a sub-grid each named parameter has a
/// list of values or `{points: k}`; the others take their default.
///
/// @param values the sub-grids, from parameter to values; empty: the whole space
/// @param points how many values a continuous parameter has, ends included; 0: not said
public record GridSampler(
    @Option(
            value =
                "from parameters to lists of values or `{points: 5}`; of several such maps the"
                    + " union is tried; nothing said: the whole space",
            shape = Subgrids.class)
        List<Map<String, @Nullable Object>> values,
    @Option(
            value =
                "values of each continuous parameter, evenly spaced, ends included; needed where"
                    + " there is one",
            low = 0,
            high = GridSampler.LARGEST)
        int points)
    implements Sampler {
  static final int LARGEST = 1_000_000;

  public GridSampler {
    Settings.check("sampler grid", GridSampler.class, values, points);
    values = List.copyOf(values);
  }

  /// With the default settings.
  public GridSampler() {
    this(List.of(), 0);
  }

  @Override
  public String name() {
    return "grid";
  }

  @Override
  public Proposer open(SearchTask task) {
    var grids = new ArrayList<double[][]>();
    for (var subgrid : values) {
      grids.add(axes(task.space(), subgrid));
    }
    if (values.isEmpty() && !task.space().isListed()) {
      grids.add(wholeSpace(task.space()));
    }
    if (new Cursor(task.space(), grids).isAtEnd()) {
      throw new Problem(
          "No point of the grid satisfies the constraints.",
          "grid " + values,
          "Add values, or loosen the constraints.");
    }
    return new Walk(task.space(), grids);
  }

  private double[][] wholeSpace(SearchSpace space) {
    var axes = new double[space.dimension()][];
    for (int j = 0; j < axes.length; j++) {
      var parameter = space.parameters().get(j);
      axes[j] = GridAxis.whole(parameter, points);
    }
    return likeliestFirst(space, axes);
  }

  private static double[][] axes(SearchSpace space, Map<String, @Nullable Object> subgrid) {
    for (var name : subgrid.keySet()) {
      space.requireIndex(name);
    }
    var axes = new double[space.dimension()][];
    for (int j = 0; j < axes.length; j++) {
      var parameter = space.parameters().get(j);
      axes[j] =
          subgrid.containsKey(parameter.name())
              ? GridAxis.of(parameter, subgrid.get(parameter.name()))
              : GridAxis.initial(parameter);
    }
    return likeliestFirst(space, axes);
  }

  private static double[][] likeliestFirst(SearchSpace space, double[][] axes) {
    for (int j = 0; j < axes.length; j++) {
      var belief = Belief.of(space.parameters().get(j));
      if (belief != null) {
        axes[j] =
            Arrays.stream(axes[j])
                .boxed()
                .sorted(Comparator.comparingDouble(code -> -belief.logDensity(code.doubleValue())))
                .mapToDouble(Double::doubleValue)
                .toArray();
      }
    }
    return axes;
  }

  /// Walks through the points of the grids that satisfy the constraints.
  private static final class Cursor {
    private final SearchSpace space;
    private final Iterator<double[][]> grids;
    private Iterator<Configuration> points;
    private @Nullable Configuration current;

    Cursor(SearchSpace space, List<double[][]> grids) {
      this.space = space;
      this.grids = grids.iterator();
      points = grids.isEmpty() ? likeliestFirst(space.all()) : Collections.emptyIterator();
      advance();
    }

    /// The axes of a grid are in order already; a list has an order of its own.
    private Iterator<Configuration> likeliestFirst(Iterator<Configuration> all) {
      var beliefs = space.isListed() ? Beliefs.of(space) : null;
      if (beliefs == null) {
        return all;
      }
      var sorted = new ArrayList<Configuration>();
      all.forEachRemaining(sorted::add);
      sorted.sort(Comparator.comparingDouble(row -> -beliefs.logDensity(row)));
      return sorted.iterator();
    }

    /// Null at the end.
    @Nullable Configuration current() {
      return current;
    }

    boolean isAtEnd() {
      return current == null;
    }

    void advance() {
      while (!points.hasNext() && grids.hasNext()) {
        points = likeliestFirst(space.onAxes(grids.next()));
      }
      current = points.hasNext() ? points.next() : null;
    }
  }

  /// Proposes the first point that was not tried. The memo: how far the cursor came, and what was
  /// tried; a history of a continuous space does not know.
  private static final class Walk implements Proposer {
    private final SearchSpace space;
    private final List<double[][]> grids;
    private final Set<Configuration> tried = new HashSet<>();
    private Cursor cursor;
    private int seen;

    Walk(SearchSpace space, List<double[][]> grids) {
      this.space = space;
      this.grids = grids;
      cursor = new Cursor(space, grids);
    }

    @Override
    public @Nullable Proposal propose(int trial, History history) {
      if (history.size() < seen) {
        tried.clear();
        seen = 0;
        cursor = new Cursor(space, grids);
      }
      for (; seen < history.size(); seen++) {
        if (history.get(seen).number() >= 0) {
          tried.add(history.get(seen).configuration());
        }
      }
      for (var pending : history.pending()) {
        tried.add(pending.configuration());
      }
      var configuration = cursor.current();
      while (configuration != null && tried.contains(configuration)) {
        cursor.advance();
        configuration = cursor.current();
      }
      return configuration == null ? null : new Proposal(configuration);
    }
  }
}
