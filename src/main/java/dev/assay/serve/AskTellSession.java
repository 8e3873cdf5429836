package dev.assay.serve;

import dev.assay.problem.Problem;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What one client says, about a study that is settled before or that the client itself names with
/// `{"study": {...}}`: opened under its name, or created there. A second one ends the first.
///
/// Requests arrive on any thread, and are answered one at a time. It belongs to the thread that
/// made it.
public final class AskTellSession implements AutoCloseable {
  /// Opens the studies that clients name.
  public interface Opener {
    /// Reads what a client sent.
    ///
    /// @param studyFile what would stand in a study file, as JSON
    /// @param serving who serves the client: interrupted when what the study is stored in is lost
    /// @return opens it
    /// @throws Problem where it is wrong: nothing has happened then
    Supplier<Opened> read(String studyFile, Thread serving);
  }

  /// An open study.
  public interface Opened extends AutoCloseable {
    AskTellService service();

    @Override
    void close();
  }

  private final @Nullable Opener opener;
  private final Thread serving = Thread.currentThread();
  private @Nullable Opened opened;
  private volatile @Nullable AskTellService current;

  private AskTellSession(@Nullable Opener opener, @Nullable AskTellService service) {
    this.opener = opener;
    this.current = service;
  }

  /// A session about one study.
  public static AskTellSession of(AskTellService service) {
    return new AskTellSession(null, service);
  }

  /// A session whose client names the study.
  public AskTellSession(Opener opener) {
    this(opener, null);
  }

  /// A request on its way: see [AskTellService.Request].
  final class Request implements AutoCloseable {
    private final @Nullable AskTellService service = current;
    private AskTellService.@Nullable Request arrived = service == null ? null : service.arrive();

    private Request() {}

    Reply reply(String text) {
      JsonNode node;
      try {
        node = RequestReader.parse(text);
        if (opener != null
            && !RequestReader.isList(node)
            && RequestReader.kind(node).equals("study")) {
          close();
          open(opener.read(node.get("study").toString(), serving));
          return Reply.plain(Answers.hello(Objects.requireNonNull(current).study()));
        }
        var now = current;
        if (now == null) {
          return closed(node);
        }
        if (now != service) { // the client had named another study when it wrote this
          close();
          arrived = now.arrive();
        }
        return Objects.requireNonNull(arrived).reply(node);
      } catch (Problem problem) {
        return Reply.refusal(problem);
      }
    }

    @Override
    public void close() {
      if (arrived != null) {
        arrived.close();
      }
    }
  }

  Request arrive() {
    return new Request();
  }

  /// Whether it matters when requests arrive.
  boolean isLeased() {
    var now = current;
    return now != null && now.isLeased();
  }

  private Reply closed(JsonNode node) {
    boolean list = RequestReader.isList(node);
    var kind = list ? "a list" : RequestReader.kind(node);
    if (kind.equals("hello")) {
      return Reply.plain(Answers.hello(null));
    }
    if (!list && !RequestReader.REQUESTS.contains(kind)) {
      throw RequestReader.unknown(kind);
    }
    throw new Problem(
        "No study is open.",
        RequestBody.brief(node.toString()),
        "Name one first: {\"study\": {\"name\": ..., \"minimize\": ..., \"space\": {...}}}.");
  }

  private void open(Supplier<Opened> next) {
    close();
    var now = next.get();
    opened = now;
    current = now.service();
  }

  @Override
  public void close() {
    var before = opened;
    if (before != null) {
      current = null;
      opened = null;
      before.close();
    }
  }
}
