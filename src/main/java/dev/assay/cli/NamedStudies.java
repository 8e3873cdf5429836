package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.serve.AskTellService;
import dev.assay.serve.AskTellSession;
import dev.assay.spec.StudyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Studies that clients name, each open as long as one of them uses it. Thread-safe.
final class NamedStudies implements AskTellSession.Opener {
  /// More at once would only be a mistake.
  private static final int MOST = 1000;

  /// What a client from elsewhere may say: nothing that reads or writes files of this machine.
  private static final Set<String> HARMLESS =
      Set.of(
          "name",
          "minimize",
          "maximize",
          "space",
          "constraints",
          "fix",
          "subject_to",
          "sampler",
          "pruner",
          "budget",
          "confirm",
          "parallel",
          "seed",
          "start",
          "restarts",
          "fresh");

  private final List<String> settings;
  private final @Nullable String storage;
  private final @Nullable Path studies;
  private final @Nullable Duration patience;
  private final Console console;
  private final Thread serving = Thread.currentThread();
  private final Map<String, Shared> open = new HashMap<>();
  private int code = ExitCode.DONE;

  /// @param storage a storage URL; null: as the client says
  /// @param studies where the studies of clients from elsewhere are kept, who may say no more than
  ///   what is to be searched; null: clients are this machine's own
  NamedStudies(
      List<String> settings,
      @Nullable String storage,
      @Nullable Path studies,
      @Nullable Duration patience,
      Console console) {
    this.settings = settings;
    this.storage = storage;
    this.studies = studies;
    this.patience = patience;
    this.console = console;
  }

  /// One open study with those who use it.
  private final class Shared {
    final ServedStudy study;
    int uses;

    Shared(ServedStudy study) {
      this.study = study;
    }
  }

  /// One use of it.
  private final class Use implements AskTellSession.Opened {
    private final String key;
    private final Shared shared;
    private boolean closed;

    Use(String key, Shared shared) {
      this.key = key;
      this.shared = shared;
      shared.uses++;
    }

    @Override
    public AskTellService service() {
      return shared.study.service();
    }

    @Override
    public void close() {
      synchronized (NamedStudies.this) {
        if (!closed && --shared.uses == 0) {
          open.remove(key, shared);
          shared.study.close();
          code = shared.study.exitCode(code);
        }
        closed = true;
      }
    }
  }

  /// What is to be said at the end.
  synchronized int exitCode(int otherwise) {
    return code == ExitCode.DONE ? otherwise : code;
  }

  @Override
  public Supplier<AskTellSession.Opened> read(String text, Thread client) {
    var node = JsonMapper.shared().readTree(text);
    if (!(node instanceof ObjectNode said)) {
      throw new Problem("A study is an object.", text, "Send {\"name\": ..., \"space\": {...}}.");
    }
    if (studies != null) {
      requireHarmless(said);
    }
    boolean fresh = said.path("fresh").isBoolean() && said.path("fresh").asBoolean();
    if (said.path("fresh").isBoolean()) {
      said.remove("fresh");
    }
    boolean named = said.has("name") && Set.of("name", "storage").containsAll(names(said));
    var spec = named ? kept(said) : StudyFile.parseAsked(file(), said.toString(), settings);
    ServedStudy.check(spec);
    var url = url(spec);
    return () -> open(spec, url, fresh, client);
  }

  private static List<String> names(ObjectNode node) {
    return List.copyOf(node.propertyNames());
  }

  private static Path file() {
    return Path.of("study.json");
  }

  private @Nullable String url(StudyFile spec) {
    if (studies == null) {
      return storage == null ? spec.storage() : storage;
    }
    StudyPlace.requireFitting(spec.name());
    return "sqlite:" + studies.resolve(StudyPlace.encoded(spec.name())).resolve("study.db");
  }

  /// A study that is there already, as it was declared then.
  private StudyFile kept(ObjectNode said) {
    var name = said.get("name").asString();
    var url =
        studies != null
            ? "sqlite:" + studies.resolve(StudyPlace.encoded(name)).resolve("study.db#" + name)
            : storage != null ? storage : said.path("storage").asString("");
    if (studies != null && !java.nio.file.Files.exists(Path.of(file(url)))) {
      throw NamedStudy.unknown(name, List.of(), "this service");
    }
    var stored = NamedStudy.of(url.isEmpty() ? name : url.contains("#") ? url : url + "#" + name);
    var text = stored.read(study -> StudyView.of(study).studyFile());
    if (text == null) {
      throw new Problem(
          "It is not known how the study was declared.",
          name + " in " + stored.url(),
          "Declare it again: its space and what is to be minimized.");
    }
    var declared = StudyFile.parseAsked(Path.of("study.yaml"), text, settings);
    return url.isEmpty() || studies != null
        ? declared
        : StudyFile.parseAsked(
            Path.of("study.yaml"), text, plus(settings, "storage=" + said.path("storage")));
  }

  private static String file(String url) {
    return url.substring("sqlite:".length(), url.lastIndexOf('#'));
  }

  private static List<String> plus(List<String> settings, String one) {
    var all = new java.util.ArrayList<>(settings);
    all.add(one);
    return all;
  }

  private static void requireHarmless(ObjectNode said) {
    for (var key : said.propertyNames()) {
      if (!HARMLESS.contains(key)) {
        throw new Problem(
            "Clients from elsewhere cannot say this.",
            key + ": " + said.get(key),
            "Leave it out; where studies are kept is the service's to say.");
      }
    }
    JsonNode rows = said.path("space").path("rows");
    if (rows.isString()) {
      throw new Problem(
          "Clients from elsewhere cannot name files.", "rows: " + rows, "Send the space itself.");
    }
  }

  private synchronized AskTellSession.Opened open(
      StudyFile spec, @Nullable String url, boolean fresh, Thread client) {
    boolean kept = url == null || !url.startsWith("memory");
    // What is in memory is its client's own.
    var key = kept ? url + " " + spec.name() : "memory " + open.size() + " " + System.nanoTime();
    var there = open.get(key);
    if (there != null) {
      if (fresh) {
        throw new Problem(
            "The study cannot begin anew: others use it.", spec.name(), "End them first.");
      }
      there.study.requireSame(spec);
      return new Use(key, there);
    }
    if (open.size() >= MOST) {
      throw new Problem("Too many studies are open.", open.size() + " of them", "Close some.");
    }
    var shared = new Shared(ServedStudy.open(spec, url, patience, fresh, serving, client, console));
    open.put(key, shared);
    return new Use(key, shared);
  }
}
