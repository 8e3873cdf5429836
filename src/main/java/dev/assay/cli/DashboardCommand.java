package dev.assay.cli;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.internal.storage.sql.PostgresStorage;
import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.internal.storage.sql.StorageUrl;
import dev.assay.problem.Problem;
import dev.assay.run.control.Mailbox;
import dev.assay.serve.Dashboard;
import dev.assay.serve.DashboardStudy;
import dev.assay.storage.StoredStudy;
import dev.assay.trial.TrialRecord;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Serves the report pages of studies, live.
@Command(name = "dashboard", description = "Watch studies in the browser, and steer them.")
final class DashboardCommand implements Callable<Integer> {
  private final Console console;

  /// By the file: so that not every look opens it.
  private final Map<String, String> inside = new ConcurrentHashMap<>();

  @Parameters(
      arity = "0..1",
      paramLabel = "STUDY",
      description = "a study's name, or a storage URL with or without #NAME; all when left out")
  private @Nullable String study;

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "7700",
      description = "where to listen (7700); 0: any free port")
  private int port = 7700;

  @Mixin private final Listening listening = new Listening();

  @Option(
      names = "--token",
      paramLabel = "TEXT",
      description = "what others must know, as ?token=TEXT (ASSAY_TOKEN)")
  private @Nullable String token = System.getenv("ASSAY_TOKEN");

  @Option(
      names = "--read-only",
      description = "nothing can be changed, paused, stopped or enqueued")
  private boolean readOnly;

  /// The storage that is watched, where it is a database; guarded by this.
  private @Nullable PostgresStorage database;

  DashboardCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    studies(); // a name that does not exist is told now
    try (var dashboard = new Dashboard(this::studies, readOnly);
        var server = listening.start(port, token, Map.of("/", dashboard))) {
      console.line("Dashboard on " + server.url() + (token == null ? "" : "?token=…"));
      console.note("Ctrl-C ends it; the studies go on.");
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    }
  }

  private List<DashboardStudy> studies() {
    return studies(StudyPlace.current());
  }

  List<DashboardStudy> studies(StudyPlace place) {
    var asked = study;
    if (asked == null) {
      return place.names().stream().map(name -> own(place, name)).toList();
    }
    if (!StorageUrl.isUrl(asked)) {
      if (!place.has(asked)) {
        throw NamedStudy.unknown(asked, place.names(), place.root().toString());
      }
      return List.of(own(place, asked));
    }
    return switch (StorageUrl.parse(asked)) {
      case StorageUrl.Sqlite(var path, var name) -> inFile(path, name);
      case StorageUrl.Postgres url -> inDatabase(url);
      case StorageUrl.Memory _ ->
          throw new Problem(
              "What is in another process's memory cannot be watched.",
              asked,
              "Give a study's name, sqlite:PATH or postgresql://...");
    };
  }

  private static List<DashboardStudy> inFile(Path path, @Nullable String name) {
    try (var storage = new SqliteStorage(path)) {
      return storage.names().stream()
          .filter(one -> name == null || one.equals(name))
          .map(one -> new NamedStudy(new StorageUrl.Sqlite(path, one), one, null))
          .map(one -> study(path, one.name(), () -> one, one))
          .toList();
    }
  }

  /// Through one storage, which stays open: a look does not take a new connection.
  private synchronized List<DashboardStudy> inDatabase(StorageUrl.Postgres url) {
    var storage = database == null ? new PostgresStorage(url.address()) : database;
    database = storage;
    var name = url.study();
    return storage.names().stream()
        .filter(one -> name == null || one.equals(name))
        .map(one -> inDatabase(storage, url.with(one), one))
        .toList();
  }

  private static DashboardStudy inDatabase(PostgresStorage storage, StorageUrl url, String name) {
    var followed =
        new FollowedStudy(reader ->
            storage
                .read(name)
                .map(reader)
                .orElseThrow(() -> NamedStudy.unknown(name, storage.names(), url.toString())));
    return new DashboardStudy(
        name,
        followed::source,
        number -> storage.read(name).flatMap(stored -> trial(stored, number)),
        () -> storage.read(name).map(StoredStudy::runners).orElse(List.of()),
        () -> followed.version(storage.version(name)),
        storage.letters(name).map(Mailbox::new).orElse(null),
        new StudyUpkeep(new NamedStudy(url, name, null)));
  }

  private DashboardStudy own(StudyPlace place, String name) {
    var database = place.database(name);
    var url = new StorageUrl.Sqlite(database, null);
    var inside = inside(database, name);
    return study(
        database,
        name,
        () -> new NamedStudy(url, NamedStudy.nameIn(database, name), place.directory(name)),
        new NamedStudy(url, inside, place.directory(name)));
  }

  /// What the study of a directory is called in its file: the directory may have got another name.
  private String inside(Path database, String name) {
    try {
      var file = Files.readAttributes(database, BasicFileAttributes.class);
      var key = database + " " + file.fileKey() + " " + file.creationTime();
      return inside.computeIfAbsent(key, _ -> NamedStudy.nameIn(database, name));
    } catch (IOException | Problem e) {
      return name; // whoever reads it is told what is wrong
    }
  }

  private static DashboardStudy study(
      Path database, String name, Supplier<NamedStudy> found, NamedStudy named) {
    var followed = new FollowedStudy(reader -> found.get().read(reader));
    return new DashboardStudy(
        name,
        followed::source,
        number -> found.get().read(stored -> trial(stored, number)),
        () -> found.get().read(StoredStudy::runners),
        () -> followed.version(version(database.toFile())),
        Mailbox.beside(database, named.name()),
        new StudyUpkeep(named));
  }

  private static Optional<TrialRecord> trial(StoredStudy stored, int number) {
    var space = StudyFacts.space(stored.definition(), stored.facts());
    return stored.some(space, Set.of(number), Integer.MAX_VALUE).stream().findFirst();
  }

  /// Times and sizes of the file and its log: what is asked of the file system disturbs nobody.
  private static long version(File database) {
    var log = new File(database.getPath() + "-wal");
    long version = database.lastModified() * 31 + database.length();
    return version * 31 + log.lastModified() * 31 + log.length();
  }
}
