package dev.assay.internal.sampler.genetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.sampler.seen.Merit;
import dev.assay.sampler.SamplerContract;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class Nsga3SamplerTest extends SamplerContract {
  @Override
  protected Sampler sampler() {
    return Samplers.create("nsga3", Map.of("population", 10));
  }

  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private static final List<Objective> THREE =
      Stream.of("a", "b", "c").map(Objective::minimize).toList();

  private static Population.Member member(double... losses) {
    var trial = Trials.complete(0, new Proposal(SPACE.defaults()), losses);
    return new Population.Member(
        SPACE.defaults(), Merit.of(trial, THREE), Merit.losses(trial, THREE), 0, 0);
  }

  /// The points of a simplex with a grid of thirds: one on each reference direction.
  private static List<Population.Member> simplex() {
    var members = new ArrayList<Population.Member>();
    for (int i = 0; i <= 3; i++) {
      for (int j = 0; i + j <= 3; j++) {
        members.add(member(i / 3.0, j / 3.0, (3 - i - j) / 3.0));
      }
    }
    return members;
  }

  /// A crowd in the middle comes first, and is not what stays.
  @Test
  void everyDirectionKeepsOne() {
    var front = new ArrayList<Population.Member>();
    for (int i = 1; i <= 10; i++) {
      front.add(member(0.3 + 0.005 * i, 0.36 - 0.005 * i, 0.36));
    }
    front.addAll(simplex());
    assertThat(new ReferenceNiches(3, 3).survivors(front, List.of(), 10))
        .containsExactlyInAnyOrderElementsOf(front.subList(10, 20));
  }

  /// Two lie on one direction, the others beside theirs: one of the two is enough.
  @Test
  void whoeverIsKeptFillsADirection() {
    var front = List.of(member(1, 0, 0), member(0.9, 0, 0), member(0.1, 1, 0), member(0, 0.1, 1));
    assertThat(new ReferenceNiches(3, 1).survivors(front, List.of(), 3))
        .containsAll(front.subList(2, 4));
  }

  /// Where a direction has a member that stays in any case, the others' come first.
  @Test
  void directionsOfBetterFrontsAreFull() {
    var front = simplex();
    var sure = List.of(member(0, 0, 0.9), member(0.9, 0, 0), member(0, 0.9, 0));
    var survivors = new ReferenceNiches(3, 3).survivors(front, sure, 7);
    assertThat(survivors)
        .noneMatch(m -> Math.max(m.losses()[0], Math.max(m.losses()[1], m.losses()[2])) == 1);
  }

  /// One that is hardly better in one objective and a hundred times worse in another does not
  /// decide what is a balanced compromise.
  @Test
  void anOutlierDoesNotSqueezeTheOthers() {
    var front = new ArrayList<Population.Member>();
    front.add(member(-0.01, 0.5, 100));
    for (int i = 1; i <= 10; i++) {
      front.add(member(0.9 + 0.005 * i, 0.0011 - 0.0001 * i, 0.04));
    }
    front.addAll(simplex());
    var survivors = new ReferenceNiches(3, 3).survivors(front, List.of(), 11);
    assertThat(survivors).containsAll(front.subList(11, 21));
  }

  /// Objectives in other units give the same survivors.
  @Test
  void unitsDoNotMatter() {
    var front = simplex();
    var scaled = new ArrayList<Population.Member>();
    front.forEach(
        m -> scaled.add(member(1e300 * m.losses()[0], 1e-9 * m.losses()[1] - 5, m.losses()[2])));
    var kept = new ReferenceNiches(3, 2).survivors(front, List.of(), 6);
    var keptScaled = new ReferenceNiches(3, 2).survivors(scaled, List.of(), 6);
    assertThat(keptScaled.stream().map(scaled::indexOf).toList())
        .containsExactlyInAnyOrderElementsOf(kept.stream().map(front::indexOf).toList());
  }
}
