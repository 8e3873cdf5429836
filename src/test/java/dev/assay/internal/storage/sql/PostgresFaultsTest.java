package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.storage.sql.Storages;
import dev.assay.study.Asked;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What goes wrong with a server, or between it and a process.
@Timeout(300)
class PostgresFaultsTest {
  private static final String SECRET = "s3cret%2Fä";

  private static StudyBuilder<Configuration> study(Storage storage) {
    return Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
        .named("faulty")
        .minimize("loss")
        .sampler(Samplers.random())
        .seed(3)
        .storage(storage);
  }

  private static Problem refused(String url) {
    try (var storage = Storages.at(url)) {
      var problem =
          org.assertj.core.api.Assertions.catchThrowableOfType(
              Problem.class, () -> study(storage).openOrCreate());
      assertThat(problem).as(url).isNotNull();
      assertThat(problem.getMessage()).doesNotContain("s3cret");
      return problem;
    }
  }

  @Test
  void whoIsNotLetInIsToldWhatToMend() throws Exception {
    var server = PostgresServer.shared();
    PostgresServer.execute(
        server.url(), "DROP ROLE IF EXISTS guarded; CREATE ROLE guarded LOGIN PASSWORD 'right'");
    var place = "127.0.0.1:" + server.port() + "/";
    assertThat(refused("postgresql://guarded:" + SECRET + "@" + place + "postgres"))
        .hasMessageContaining("refuses the user or the password")
        .hasMessageContaining("PGPASSWORD");
    assertThat(refused("postgresql://guarded@" + place + "postgres"))
        .hasMessageContaining("PGPASSWORD");
    assertThat(refused("postgresql://assay:" + SECRET + "@" + place + "nowhere"))
        .hasMessageContaining("no such database")
        .hasMessageContaining("createdb nowhere");
    assertThat(refused("postgresql://assay:" + SECRET + "@127.0.0.1:1/postgres"))
        .hasMessageContaining("cannot be reached");
    assertThat(refused("postgresql://guarded:right@" + place + "postgres?schema=other"))
        .hasMessageContaining("GRANT");
  }

  @Test
  void whatIsNoAddressIsSaidWithoutItsPassword() {
    for (var url :
        List.of(
            "postgresql:me:s3cret@host/db",
            "postgresql://me:s3cret@host:port/db",
            "postgresql://me:s3cret@host:0/db",
            "postgresql://me:s3cret@host/db?socketFactory=x",
            "postgresql://me:s3cret@host/db?lease=soon",
            "postgresql://me:s3cret@host/db?schema=a;b",
            "postgresql://me:s3cret%zz@host/db",
            "postgresql://me:s3cret@host/db#",
            "postgresq://me:s3cret@host/db")) {
      assertThatThrownBy(() -> StorageUrl.parse(url))
          .as(url)
          .isInstanceOf(Problem.class)
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }
    var parsed = StorageUrl.parse("postgres://me:s3cret@[::1]:99/my%20db?schema=x&lease=5#a#b");
    assertThat(parsed.study()).isEqualTo("a#b");
    assertThat(parsed).hasToString("postgresql://me@[::1]:99/my%20db?lease=5&schema=x#a#b");
    assertThat(((StorageUrl.Postgres) parsed).address().toString()).doesNotContain("s3cret");
  }

  @Test
  void tablesOfANewerVersionAreLeftAlone() throws Exception {
    var url = PostgresServer.shared().url();
    try (var storage = Storages.at(url);
        var study = study(storage).openOrCreate()) {
      study.tell(study.ask(), Outcome.complete(1));
    }
    PostgresServer.execute(url, "INSERT INTO version VALUES(99)");
    assertThat(refused(url)).hasMessageContaining("newer version").hasMessageContaining("99");
    PostgresServer.execute(url, "DELETE FROM version WHERE steps = 99");
    try (var storage = Storages.at(url)) {
      assertThat(storage.names()).containsExactly("faulty");
    }
  }

  /// A server whose disk is full refuses what takes room, with this state.
  private static final String FULL =
      """
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file: No space left on device'
          USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON trial EXECUTE FUNCTION no_room();
      CREATE TRIGGER no_room BEFORE INSERT ON report EXECUTE FUNCTION no_room()\
      """;

  @Test
  void aDatabaseThatIsFullIsWaitedFor() throws Exception {
    var url = PostgresServer.shared().url();
    try (var storage = Storages.at(url);
        var study = study(storage).openOrCreate()) {
      var trial = study.ask();
      PostgresServer.execute(url, FULL);
      trial.report(1, 0.75); // waits in memory
      study.tell(trial, Outcome.complete(0.5)); // in a file
      assertThat(study.tryAsk(Budget.UNLIMITED)).isInstanceOf(Asked.Wait.class);
      assertThat(study.storageProblem())
          .isNotNull()
          .hasMessageContaining("disk of PostgreSQL is full");
      PostgresServer.execute(url, "DROP TRIGGER no_room ON trial; DROP TRIGGER no_room ON report");
      study.run((x, _) -> Outcome.complete(x.number("x")), Budget.trials(3));
    }
    try (var storage = Storages.at(url);
        var study = study(storage).openOrCreate()) {
      assertThat(study.trials()).hasSize(3).allMatch(t -> t.state() == TrialState.COMPLETE);
      assertThat(study.trials().getFirst().reports()).containsExactly(new Report(1, List.of(0.75)));
      assertThat(study.trials().getFirst().value()).isEqualTo(0.5);
    }
  }

  @Test
  void ofStudiesThatRaceToBeCreatedOneIsAndTheOthersAreToldHowTheyDiffer() {
    var url = PostgresServer.shared().url(); // its tables are made in the race, too
    var all = new ArrayList<CompletableFuture<String>>();
    var start = new CountDownLatch(8);
    for (int i = 0; i < 8; i++) {
      int seed = i % 2;
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                start.countDown();
                try (var storage = Storages.at(url)) {
                  start.await();
                  try (var study = study(storage).seed(seed).openOrCreate()) {
                    return study.seed() + " " + study.ask().number();
                  }
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                } catch (Problem refused) {
                  return seed + " " + refused.getMessage();
                }
              },
              task -> Thread.ofPlatform().start(task)));
    }
    var told = all.stream().map(CompletableFuture::join).toList();
    var open = told.stream().filter(one -> one.matches("[01] \\d+")).toList();
    assertThat(open).as(told::toString).hasSize(4);
    assertThat(open).extracting(one -> one.charAt(0)).containsOnly(open.getFirst().charAt(0));
    assertThat(told)
        .filteredOn(one -> !one.matches("[01] \\d+"))
        .hasSize(4)
        .allMatch(one -> one.contains("is another one") && one.contains("seed"));
    try (var storage = Storages.at(url)) {
      assertThat(storage.names()).containsExactly("faulty");
    }
  }

  @Test
  void aBrokenConnectionIsMadeAnewAndNothingIsLost() throws Exception {
    var url = PostgresServer.shared().url();
    try (var storage = Storages.at(url);
        var study = study(storage).openOrCreate()) {
      var trial = study.ask();
      PostgresServer.execute(
          url,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'assay' AND pid <> pg_backend_pid()");
      trial.report(1, 0.75);
      study.tell(trial, Outcome.complete(0.5));
      study.run((x, _) -> Outcome.complete(x.number("x")), Budget.trials(3));
    }
    try (var storage = Storages.at(url);
        var study = study(storage).openOrCreate()) {
      assertThat(study.trials()).hasSize(3).allMatch(t -> t.state() == TrialState.COMPLETE);
      assertThat(study.trials().getFirst().reports()).containsExactly(new Report(1, List.of(0.75)));
      assertThat(study.trials().getFirst().value()).isEqualTo(0.5);
    }
  }

  /// Short trials do not wait for the server's disk; it is killed, and they live on.
  @Test
  void aServerThatIsKilledAndStartedAgainForgetsNothing() throws Exception {
    try (var server = server()) {
      var url = server.url() + "&lease=60";
      var all = new ArrayList<CompletableFuture<List<TrialRecord>>>();
      var half = new CountDownLatch(2 * 60);
      for (int i = 0; i < 2; i++) {
        all.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try (var storage = Storages.at(url);
                      var study = study(storage).openOrCreate()) {
                    study.run(
                        (x, trial) -> {
                          half.countDown();
                          trial.report(1, trial.number());
                          return Outcome.complete(x.number("x"));
                        },
                        Budget.trials(400),
                        Workers.of(2));
                    return study.trials();
                  }
                },
                task -> Thread.ofPlatform().start(task)));
      }
      half.await();
      server.kill();
      server.begin();
      var told = all.stream().map(CompletableFuture::join).toList();
      try (var storage = Storages.at(url);
          var study = study(storage).openOrCreate()) {
        var trials = study.trials();
        assertThat(trials).hasSize(400);
        for (int number = 0; number < trials.size(); number++) {
          var trial = trials.get(number);
          assertThat(trial.number()).isEqualTo(number);
          assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
          assertThat(trial.value()).isEqualTo(trial.configuration().number("x"));
          assertThat(trial.reports()).containsExactly(new Report(1, List.of((double) number)));
        }
        assertThat(told).allSatisfy(seen -> assertThat(seen).hasSize(400));
      }
    }
  }

  private static PostgresServer server() {
    try {
      return PostgresServer.start();
    } catch (IOException e) {
      return Assumptions.abort("no PostgreSQL can be started here: " + e.getMessage());
    }
  }
}
