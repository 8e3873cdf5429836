package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.storage.Storage;
import dev.assay.storage.StorageContract;
import dev.assay.storage.sql.Storages;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Report;
import dev.assay.trial.TrialState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PostgresSharedStudyTest extends SharedStudyContract {
  /// Long enough for whoever is busy, short enough for whoever waits.
  private final String url = PostgresServer.shared().url() + "&lease=12";

  @Override
  Storage storage() {
    return Storages.at(url);
  }

  @Override
  void execute(String sql) throws SQLException {
    PostgresServer.execute(url, sql);
  }

  /// As when it was stopped for longer than its lease: the others removed its row and put its
  /// trials back.
  private void takeForGone(Study<Configuration> one, Study<Configuration> other)
      throws SQLException {
    execute("DELETE FROM worker WHERE id = " + one.runner());
    other.run((x, _) -> Outcome.complete(x.number("x")), Budget.trials(2));
  }

  @Test
  void whoComesBackIsToldThatItsTrialIsLost() throws Exception {
    try (var a = storage();
        var b = storage();
        var back = study(a, 0).openOrCreate();
        var other = study(b, 0).openOrCreate()) {
      long before = back.runner();
      var lost = back.ask();
      assertThat(lost.report(1, 0.5).prune()).isFalse();
      takeForGone(back, other);
      assertThat(lost.report(2, 0.25).prune()).isTrue();
      assertThatThrownBy(() -> back.tell(lost, Outcome.complete(99)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("other hands");
      assertThat(back.trials())
          .extracting(trial -> trial.state())
          .containsOnly(TrialState.COMPLETE);
      var stored = other.trials().getFirst();
      assertThat(stored.value()).isEqualTo(stored.configuration().number("x"));
      assertThat(stored.restarts()).isEqualTo(1);
      assertThat(stored.reports()).isEmpty();
      // It goes on, as somebody else.
      var next = back.ask();
      assertThat(next.number()).isEqualTo(2);
      assertThat(back.runner()).isGreaterThan(before);
      next.report(1, 0.125);
      back.tell(next, Outcome.complete(0.5));
      assertThat(back.trials().get(2).reports()).containsExactly(new Report(1, List.of(0.125)));
    }
  }

  /// The trial waits, and nobody has it: neither does whoever had it before.
  @Test
  void whatIsReleasedTooLateIsNotReleasedTwice() throws Exception {
    try (var a = storage();
        var b = storage();
        var back = study(a, 0).openOrCreate();
        var other = study(b, 0).openOrCreate()) {
      var lost = back.ask();
      takeForGone(back, other);
      back.release(lost);
      assertThat(other.ask().number()).isEqualTo(2);
      assertThat(other.trials().getFirst().state()).isEqualTo(TrialState.COMPLETE);
    }
  }

  /// All at once make the tables, the study, and trials.
  @Test
  void manyMayComeAtOnce() {
    var all = new ArrayList<CompletableFuture<Long>>();
    for (int i = 0; i < 12; i++) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                try (var storage = storage();
                    var study = study(storage, 0).openOrCreate()) {
                  study.tell(study.ask(), Outcome.complete(1));
                  return study.runner();
                }
              },
              task -> Thread.ofPlatform().start(task)));
    }
    assertThat(all.stream().map(CompletableFuture::join)).doesNotHaveDuplicates().hasSize(12);
    try (var storage = storage();
        var study = study(storage, 0).openOrCreate()) {
      assertThat(study.trials()).hasSize(12).allMatch(t -> t.state() == TrialState.COMPLETE);
      assertThat(study.trials().getLast().number()).isEqualTo(11);
    }
  }

  /// What a commit of the table's changes waits for is noted by a trigger.
  @Test
  void aWaveWaitsForTheDiskOnceAtItsEnd() throws Exception {
    try (var a = storage();
        var b = storage();
        var study = study(a, 0).openOrCreate();
        var _ = study(b, 0).openOrCreate()) {
      execute(
          """
          CREATE TABLE waited(n serial, what text, waits text);
          CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO waited(what, waits) VALUES (TG_TABLE_NAME, current_setting('synchronous_commit'));
            RETURN NEW; END $$;
          CREATE TRIGGER ends AFTER UPDATE ON trial FOR EACH ROW WHEN (NEW.ended IS NOT NULL)
            EXECUTE FUNCTION note();
          CREATE TRIGGER lives AFTER UPDATE ON worker FOR EACH ROW WHEN (OLD.id = %d)
            EXECUTE FUNCTION note();
          """
              .formatted(study.runner()));
      var trials = List.of(study.ask(), study.ask(), study.ask());
      trials.forEach(trial -> trial.took(2));
      study.wave(() -> trials.forEach(trial -> study.tell(trial, Outcome.complete(0.5))));
      assertThat(count("what = 'trial' AND waits = 'off'")).isEqualTo(3);
      assertThat(
              count(
                  "what = 'worker' AND waits = 'on' AND n > (SELECT max(n) FROM waited"
                      + " WHERE what = 'trial')"))
          .isPositive();
      var alone = study.ask();
      alone.took(2);
      study.tell(alone, Outcome.complete(0.5));
      assertThat(count("what = 'trial' AND waits = 'on'")).isEqualTo(1);
    }
  }

  private long count(String condition) throws SQLException {
    return PostgresServer.number(url, "SELECT count(*) FROM waited WHERE " + condition);
  }

  /// One hears of the other without looking into the tables.
  @Test
  void aChangeIsHeardOf() throws Exception {
    try (var a = storage();
        var b = storage();
        var one = a.create(StorageContract.definition("heard"));
        var two = b.open("heard").orElseThrow()) {
      var space = StorageContract.SPACE;
      while (two.changed()) { // until it listens
        two.follow(space, List.of(), 0, _ -> {});
      }
      assertThat(one.begin(StorageContract.running(0, java.util.Map.of()))).isTrue();
      while (!two.changed()) {
        Thread.onSpinWait();
      }
      var seen = new ArrayList<Integer>();
      two.follow(space, List.of(), 0, trial -> seen.add(trial.number()));
      assertThat(seen).containsExactly(0);
    }
  }
}
