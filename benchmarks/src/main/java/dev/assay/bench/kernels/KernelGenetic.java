package dev.assay.bench.kernels;

import dev.assay.bench.kernels.RecordedSpace.Neighbourhood;
import dev.assay.trial.Options;
import dev.assay.trial.Sampler;
import dev.assay.trial.SamplerProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/// The genetic algorithm of Kernel Tuner with its defaults (Schoonhoven et al. 2022; its
/// documentation of strategies): 20 individuals, parents by rank (a rank's share is Beta(1, 2.5)),
/// uniform crossover, a tenth of the genes mutated; children that are not valid become valid
/// neighbours of themselves.
public record KernelGenetic() implements ReplayedSearch {
  private static final int POPULATION = 20;
  private static final double MUTATION = 0.1;
  private static final double PRESSURE = 2.5;

  /// Draws of a parent, a child or a neighbour before a random one is taken.
  private static final int DRAWS = 50;

  /// For `--samplers`.
  public static final class Provider implements SamplerProvider {
    @Override
    public String name() {
      return new KernelGenetic().name();
    }

    @Override
    public Sampler create(Options options) {
      return options.read(KernelGenetic.class);
    }
  }

  @Override
  public String name() {
    return "kernel_genetic";
  }

  private record Individual(int[] genes, double loss) {}

  @Override
  public void search(RecordedSpace space, Losses losses, RandomGenerator random) {
    var generation = new ArrayList<int[]>();
    for (int i = 0; i < POPULATION; i++) {
      generation.add(space.draw(random));
    }
    while (true) {
      var rated = new ArrayList<Individual>();
      generation.forEach(genes -> rated.add(new Individual(genes, losses.of(genes))));
      rated.sort(Comparator.comparingDouble(Individual::loss));
      generation.clear();
      while (generation.size() < POPULATION) {
        add(space, children(space, rated, random), generation, random);
      }
    }
  }

  private static void add(
      RecordedSpace space, List<int[]> children, List<int[]> generation, RandomGenerator random) {
    for (var child : children) {
      boolean there = generation.stream().anyMatch(other -> Arrays.equals(other, child));
      if (generation.size() < POPULATION) {
        generation.add(there ? space.draw(random) : child);
      }
    }
  }

  private static List<int[]> children(
      RecordedSpace space, List<Individual> rated, RandomGenerator random) {
    int first = rank(rated.size(), random);
    int second = rank(rated.size(), random);
    for (int i = 0; second == first && i < DRAWS; i++) {
      second = rank(rated.size(), random);
    }
    var left = rated.get(first).genes().clone();
    var right = rated.get(second).genes().clone();
    for (int i = 0; i < left.length; i++) {
      if (random.nextBoolean()) {
        int gene = left[i];
        left[i] = right[i];
        right[i] = gene;
      }
    }
    return List.of(mutated(space, left, random), mutated(space, right, random));
  }

  /// Beta(1, b) by inversion: 1 − (1 − u)^(1/b).
  private static int rank(int size, RandomGenerator random) {
    return (int) (size * (1 - Math.pow(1 - random.nextDouble(), 1 / PRESSURE)));
  }

  private static int[] mutated(RecordedSpace space, int[] child, RandomGenerator random) {
    var genes = space.isValid(child) ? child : repaired(space, child, random);
    for (int i = 0; i < genes.length; i++) {
      if (random.nextDouble() < MUTATION) {
        var choices = space.along(genes, i, Neighbourhood.HAMMING);
        if (!choices.isEmpty()) {
          genes = choices.get(random.nextInt(choices.size()));
        }
      }
    }
    return genes;
  }

  private static int[] repaired(RecordedSpace space, int[] child, RandomGenerator random) {
    var near = space.neighbours(child, Neighbourhood.ADJACENT);
    if (near.isEmpty()) {
      near = space.neighbours(child, Neighbourhood.HAMMING);
    }
    return near.isEmpty() ? space.draw(random) : near.get(random.nextInt(near.size()));
  }
}
