package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.report.Browser;
import dev.assay.report.BrowserPage;
import dev.assay.report.Notes;
import dev.assay.report.ReportData;
import dev.assay.run.control.Mailbox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialState;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a dashboard says of trials, and what its pages may do to stored studies.
final class DashboardTrialsTest {
  private static final String A = "a <b>&";
  private static final String B = "other";

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private Path file;
  private LocalServer server;
  private Dashboard dashboard;

  @BeforeEach
  void start() {
    file = directory.resolve("study.db");
    try (var storage = new SqliteStorage(file)) {
      for (var name : List.of(A, B)) {
        try (var study = open(storage, name)) {
          study.run(
              (x, trial) -> {
                trial.report(1, 2.0);
                trial.report(5, 1.0);
                return Outcome.complete(x.code(0));
              },
              Budget.trials(4));
        }
      }
    }
    serve(false);
  }

  private static Study<Configuration> open(SqliteStorage storage, String name) {
    return Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
        .named(name)
        .minimize("loss")
        .storage(storage)
        .seed(name.length())
        .sampler(Samplers.random())
        .openOrCreate();
  }

  private void serve(boolean readOnly) {
    dashboard = new Dashboard(this::studies, readOnly);
    server = LocalServer.start(InetAddress.getLoopbackAddress(), 0, null, Map.of("/", dashboard));
  }

  @AfterEach
  void stop() {
    dashboard.close();
    server.close();
  }

  private List<DashboardStudy> studies() {
    try (var storage = new SqliteStorage(file)) {
      return storage.names().stream().map(this::watched).toList();
    }
  }

  private ReportData.Source source(String name) {
    try (var storage = new SqliteStorage(file)) {
      return ReportData.Source.of(storage.read(name).orElseThrow());
    }
  }

  private DashboardStudy watched(String name) {
    return new DashboardStudy(
        name,
        () -> source(name),
        _ -> Optional.empty(),
        () -> {
          try (var storage = new SqliteStorage(file)) {
            return storage.read(name).orElseThrow().runners();
          }
        },
        System::nanoTime,
        Mailbox.beside(file, name),
        new Stored(name));
  }

  /// As the command line keeps them.
  private final class Stored implements StudyKeeper {
    private final String name;

    Stored(String name) {
      this.name = name;
    }

    @Override
    public Path trials() {
      return directory.resolve("trials");
    }

    @Override
    public void note(@Nullable Integer trial, String text) {
      try (var storage = new SqliteStorage(file)) {
        storage.putFact(name, Notes.key(trial), Notes.checked(text));
      }
    }

    @Override
    public void discard(int trial, boolean discarded) {
      try (var storage = new SqliteStorage(file)) {
        storage.discard(name, trial, discarded);
      }
    }

    @Override
    public void rename(String to) {
      try (var storage = new SqliteStorage(file)) {
        storage.rename(name, to);
      }
    }

    @Override
    public void delete() {
      try (var storage = new SqliteStorage(file)) {
        storage.delete(name);
      }
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String study, String token, String body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + path + "?name=" + encoded(study)))
            .header("X-Assay-Token", token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String token() throws Exception {
    var matcher = Pattern.compile("\"token\":\"([0-9a-f]{32})\"").matcher(get("").body());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private String trialPath(String what, String more) {
    return what + "?name=" + encoded(A) + "&trial=2" + more;
  }

  @Test
  void saysAllOfATrialAndShowsItsFiles() throws Exception {
    var own = Files.createDirectories(directory.resolve("trials/2/plots"));
    Files.write(own.resolve("p.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    Files.writeString(own.resolveSibling("log"), "<script>said</script>");
    assertThat(get(trialPath("api/trial", "")).body())
        .contains("\"step\":5", "\"path\":\"log\"", "\"path\":\"plots/p.png\"", "\"note\":null");
    assertThat(get(trialPath("text", "&path=log")).body()).contains("<script>said</script>");
    var picture = get(trialPath("file", "&path=plots%2Fp.png"));
    assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
    assertThat(picture.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(picture.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("sandbox");
    assertThat(get(trialPath("file", "&path=log")).statusCode()).isEqualTo(400);
    for (var path :
        List.of(
            "..%2F..%2Fstudy.db",
            "%2e%2e/%2e%2e/study.db", "../../study.db", "%252e%252e/x", "%zz", "%00")) {
      var answer = get(trialPath("text", "&path=" + path.replace("%zz", "%25zz")));
      assertThat(answer.statusCode()).as(path).isEqualTo(400);
      assertThat(answer.body()).as(path).contains("\"mend\"").doesNotContain("SQLite");
    }
    assertThat(get(trialPath("text", "&path=log&before=-1")).statusCode()).isEqualTo(400);
    assertThat(get("api/trial?name=" + encoded(A) + "&trial=../2").body())
        .contains("no such trial");
    assertThat(get("api/trial?name=" + encoded(A)).body()).contains("no such trial");
  }

  @Test
  void notesAndDiscardsWithTheToken() throws Exception {
    assertThat(post("note", A, "wrong", "{\"trial\":2,\"text\":\"x\"}").statusCode())
        .isEqualTo(403);
    var token = token();
    assertThat(post("note", A, token, "{\"trial\":2,\"text\":\"look <i>\"}").statusCode())
        .isEqualTo(202);
    assertThat(Notes.ofTrial(source(A).whole().facts(), 2)).isEqualTo("look <i>");
    assertThat(get("study?name=" + encoded(A)).body()).doesNotContain("look <i>");
    assertThat(post("note", A, token, "{\"trial\":9,\"text\":\"x\"}").body())
        .contains("no such trial");
    assertThat(post("note", A, token, "{\"trial\":\"2\",\"text\":1}").body()).contains("a text");
    assertThat(post("note", A, token, "null").body()).contains("not a JSON object");
    assertThat(post("note", A, token, "{\"text\":\"" + "x".repeat(10_001) + "\"}").body())
        .contains("too long");
    var discard = "{\"command\":\"discard\",\"trial\":2,\"discarded\":%s}";
    assertThat(post("control", A, token, discard.formatted(true)).statusCode()).isEqualTo(202);
    assertThat(source(A).whole().trials().get(2).state()).isEqualTo(TrialState.DISCARDED);
    assertThat(post("control", A, token, discard.formatted(false)).statusCode()).isEqualTo(202);
    assertThat(source(A).whole().trials().get(2).state()).isEqualTo(TrialState.COMPLETE);
    assertThat(post("control", A, token, discard.replace("2", "77").formatted(true)).body())
        .contains("no such trial");
  }

  @Test
  void aConfigurationWaitsForWhoeverRunsTheStudyNext() throws Exception {
    var token = token();
    var again = "{\"command\":\"enqueue\",\"params\":{\"x\":0.25}}";
    assertThat(post("control", A, token, again).statusCode()).isEqualTo(202);
    assertThat(Mailbox.beside(file, A).directory()).isNotEmptyDirectory();
    assertThat(post("control", A, token, again.replace("0.25", "7")).statusCode()).isEqualTo(400);
  }

  @Test
  void renamesAndDeletesWhatNobodyRuns() throws Exception {
    var token = token();
    assertThat(get("study?name=" + encoded(A)).statusCode()).isEqualTo(200);
    assertThat(post("delete", A, token, "{\"confirm\":\"else\"}").body()).contains("says its name");
    assertThat(post("delete", A, token, "{}").statusCode()).isEqualTo(400);
    assertThat(post("rename", A, token, "{\"to\":7}").body()).contains("a text");
    assertThat(post("rename", A, token, "{\"to\":\"" + B + "\"}").statusCode()).isEqualTo(400);
    try (var storage = new SqliteStorage(file);
        var _ = open(storage, A)) {
      assertThat(post("rename", A, token, "{\"to\":\"new\"}").statusCode()).isEqualTo(400);
      assertThat(post("delete", A, token, "{\"confirm\":\"" + A + "\"}").statusCode())
          .isEqualTo(400);
    }
    assertThat(post("rename", A, token, "{\"to\":\"new\"}").statusCode()).isEqualTo(202);
    assertThat(get("study?name=" + encoded(A)).body()).contains("no such study");
    assertThat(post("delete", "new", token, "{\"confirm\":\"new\"}").statusCode()).isEqualTo(202);
    assertThat(get("api/studies").body()).doesNotContain("\"new\"").contains(B);
  }

  @Test
  void changesNothingForReaders() throws Exception {
    var token = token();
    stop();
    serve(true);
    for (var path : DashboardActions.PATHS) {
      var answer = post(path.substring(1), A, token, "{\"confirm\":\"" + A + "\",\"to\":\"new\"}");
      assertThat(answer.statusCode()).as(path).isEqualTo(403);
      assertThat(get(path.substring(1)).statusCode()).as(path).isEqualTo(405);
    }
    assertThat(source(A).whole().trials()).hasSize(4);
  }

  @Test
  void studiesStandBesideEachOther() throws Exception {
    var both = "?study=" + encoded(A) + "&study=" + B;
    assertThat(get("api/compare" + both).body())
        .contains("\"name\":\"a <b>&\"", "\"byTrial\":[[1,", "\"key\":\"seed\"", "[\"6\",\"5\"]");
    var page = get("compare" + both);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("curveFigure").doesNotContain("a <b>");
    assertThat(get("compare?study=" + B).body()).contains("Two studies or more");
    assertThat(get("compare?study=" + B + "&study=" + B).body()).contains("Two studies or more");
    assertThat(get("compare").statusCode()).isEqualTo(400);
    assertThat(get("compare?study=nope&study=" + B).body()).contains("no such study");
  }

  /// A page of the dashboard, and what makes it stand as it is looked at; of the same path as
  /// before it, the same page.
  private record Looked(String name, String path, String ready, String then, String done) {}

  private static final List<Looked> LOOKED =
      List.of(
          new Looked(
              "list", "", "document.querySelectorAll('#studies li').length === 2", "0", "true"),
          new Looked(
              "rename",
              "",
              "document.querySelectorAll('#studies li').length === 2",
              "document.querySelector('#studies button[aria-label^=Rename]').click()",
              "document.getElementById('act').open"),
          new Looked(
              "study",
              "study?name=" + encoded(A),
              "document.getElementById('status').dataset.charts",
              "0",
              "true"),
          new Looked(
              "trial",
              "study?name=" + encoded(A),
              "document.getElementById('status').dataset.charts",
              "document.querySelector('#trials tbody button[aria-label=\"Trial 2,"
                  + " details\"]').click()",
              "document.getElementById('trial-files').textContent.includes('said')"),
          new Looked(
              "compare",
              "compare?study=" + encoded(A) + "&study=" + B,
              "document.getElementById('status').dataset.charts",
              "0",
              "true"));

  @Test
  void noSeriousBarrierOnAnyPage() throws Exception {
    assumeTrue(Browser.isInstalled(), Browser.MISSING);
    var own = Files.createDirectories(directory.resolve("trials/2"));
    Files.writeString(own.resolve("log"), "said " + "much ".repeat(100));
    var wanted = System.getProperty("assay.screenshots"); // a directory, for people to look at
    try (var browser = Browser.start(directory.resolve("profile"))) {
      @Nullable BrowserPage page = null;
      var path = "";
      int heard = 0;
      for (var looked : LOOKED) {
        if (page == null || !looked.path().equals(path)) {
          path = looked.path();
          page = browser.open(URI.create(server.url() + path));
          heard = 0;
        }
        page.await(looked.ready());
        page.evaluate(looked.then());
        page.await(looked.done());
        var complaints = page.complaints();
        assertThat(complaints.subList(heard, complaints.size())).as(looked.name()).isEmpty();
        for (int width : new int[] {360, 1600}) {
          boolean dark = width == 360;
          var at = looked.name() + "-" + width;
          page.show(width, dark);
          page.await("document.documentElement.dataset.look === '" + (dark ? "dark'" : "light'"));
          page.await(
              "[...document.querySelectorAll('canvas')]"
                  + ".every(one => one.getBoundingClientRect().right <= innerWidth)");
          if (wanted != null) {
            page.screenshot(Path.of(wanted, at + ".png"));
          }
          assertThat(page.barriers()).as(at).isEmpty();
          assertThat(page.evaluate("document.documentElement.scrollWidth").asInt())
              .as(at)
              .isLessThanOrEqualTo(width);
        }
        heard = page.complaints().size(); // with those that axe's drawing calls forth
      }
    }
  }
}
