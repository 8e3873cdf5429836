package dev.assay.sampler;

import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Prior;
import dev.assay.space.SearchSpace;
import java.util.List;
import java.util.Map;

/// A space with beliefs of where the best is.
abstract class PriorsCase {
  static final Choice KINDS = Choice.of("a", "b", "c");

  /// Every kind of parameter.
  static final SearchSpace BELIEVED =
      SearchSpace.builder()
          .add("rate", FloatRange.log(1e-4, 1))
          .add("momentum", new FloatRange(0, 1))
          .add("dropout", new FloatRange(0, 0.5, false, 0.1))
          .add("hidden", IntRange.log(16, 256))
          .add("long", new IntRange(0, 100_000))
          .add("size", Choice.ordered("small", "medium", "large"))
          .add("kind", KINDS)
          .add("beta", new FloatRange(0, 1), Condition.when("kind", "a"))
          .add("free", new FloatRange(0, 1))
          .prior("rate", Prior.within(1e-2, 2))
          .prior("momentum", Prior.around(0.9, 0.1))
          .prior("dropout", Prior.around(0.2, 0.05))
          .prior("hidden", Prior.within(32, 1.5))
          .prior("long", Prior.around(20_000, 5_000))
          .prior("size", new Prior.Weights(List.of(0.0, 1.0, 3.0)))
          .prior("kind", Prior.weights(KINDS, Map.of("a", 8)))
          .prior("beta", Prior.around(0.1, 0.05))
          .where("momentum <= 0.5 + hidden")
          .build();

  static SearchSpace square(double centre) {
    return SearchSpace.builder()
        .add("x", new FloatRange(0, 1))
        .add("y", new FloatRange(0, 1))
        .add("z", new FloatRange(0, 1))
        .prior("x", Prior.around(centre, 0.05))
        .prior("y", Prior.around(centre, 0.05))
        .prior("z", Prior.around(centre, 0.05))
        .build();
  }

  static SearchSpace withoutPriors(SearchSpace space) {
    var builder = SearchSpace.builder();
    space.parameters().forEach(parameter -> builder.add(parameter.expecting(null)));
    space.constraints().forEach(builder::where);
    return builder.build();
  }
}
