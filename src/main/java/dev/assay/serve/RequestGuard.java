package dev.assay.serve;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Decides who may speak to an HTTP service of this process, and how much: a filter for its
/// contexts.
///
/// On a loopback address everybody on this machine may, without a token. Browsers run strangers'
/// pages on this machine too, so a request must name this machine as its host (a page that had its
/// own name resolved to 127.0.0.1 names itself), and its origin, where it has one, must be that
/// host. A proxy before the service has a name of its own, which may be allowed as either: whatever
/// the proxy makes of the host, browsers name it as the origin. On any other address a bearer token
/// is needed: `Authorization: Bearer TOKEN`, or for what a browser opens by itself `?token=TOKEN`.
public final class RequestGuard extends Filter {
  /// Longer bodies are refused.
  public static final int LARGEST_BODY = 1 << 20;

  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(localhost|\\[::1\\]|127(\\.[0-9]{1,3}){3})(:[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);

  private final boolean loopback;
  private final List<AllowedHost> hosts;
  private final byte @Nullable [] token;

  /// @param address where the service listens
  /// @param token what a client must know; null: nothing
  /// @param hosts names, with or without ports, under which proxies offer the service
  /// @throws Problem when others can reach the address and there is no token, or a host is no name
  public RequestGuard(InetAddress address, @Nullable String token, List<String> hosts) {
    this.hosts = hosts.stream().map(AllowedHost::parse).toList();
    loopback = address.isLoopbackAddress();
    this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
    if (token != null && token.isBlank()) {
      throw new Problem("The token is empty.", "\"\"", "Give at least 16 random characters.");
    }
    if (!loopback && token == null) {
      throw new Problem(
          "A service that other machines can reach needs a token.",
          address.getHostAddress(),
          "Set ASSAY_TOKEN to a secret text, or listen on 127.0.0.1.");
    }
  }

  @Override
  public String description() {
    return "loopback or a bearer token";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    if (!isFromHere(exchange)) {
      refuse(
          exchange,
          403,
          new Problem(
              "The request comes from somewhere else.",
              "Host " + header(exchange, "Host") + ", Origin " + header(exchange, "Origin"),
              "Call the service by the address that it printed; behind a proxy start it with"
                  + " --allow-host NAME, the name that browsers know."));
    } else if (!knowsToken(exchange)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      refuse(
          exchange,
          401,
          new Problem(
              "The request has no valid token.",
              "Authorization header",
              "Send Authorization: Bearer TOKEN."));
    } else {
      chain.doFilter(exchange);
    }
  }

  private static @Nullable String header(HttpExchange exchange, String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  private boolean isFromHere(HttpExchange exchange) {
    var host = header(exchange, "Host");
    var origin = header(exchange, "Origin");
    if (loopback && (host == null || !isLoopbackName(host) && !isAllowed(host))) {
      return false;
    }
    var page = origin == null ? null : authority(origin);
    return origin == null
        || page != null && (host != null && page.equalsIgnoreCase(host) || isAllowed(page));
  }

  private boolean isAllowed(String authority) {
    return hosts.stream().anyMatch(host -> host.matches(authority));
  }

  private static boolean isLoopbackName(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  private static @Nullable String authority(String origin) {
    try {
      return new URI(origin).getRawAuthority();
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private boolean knowsToken(HttpExchange exchange) {
    if (token == null) {
      return true;
    }
    var authorization = header(exchange, "Authorization");
    if (authorization != null
        && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
        && isToken(authorization.substring(7).strip())) {
      return true;
    }
    var query = exchange.getRequestURI().getQuery();
    if (query != null && exchange.getRequestMethod().equals("GET")) {
      for (var part : query.split("&", 100)) {
        if (part.startsWith("token=") && isToken(part.substring(6))) {
          return true;
        }
      }
    }
    return false;
  }

  /// Takes as long for a nearly right token as for a wrong one.
  private boolean isToken(String said) {
    return token != null && MessageDigest.isEqual(token, said.getBytes(StandardCharsets.UTF_8));
  }

  /// The body of a request as text; null when it was longer than [#LARGEST_BODY] or no UTF-8, which
  /// has been answered then.
  public static @Nullable String body(HttpExchange exchange) throws IOException {
    return body(exchange, LARGEST_BODY);
  }

  /// As [#body(HttpExchange)], of at most so many bytes.
  public static @Nullable String body(HttpExchange exchange, int most) throws IOException {
    var bytes = exchange.getRequestBody().readNBytes(Math.min(declared(exchange), most + 1));
    if (bytes.length > most) {
      exchange.getResponseHeaders().set("Connection", "close");
      refuse(
          exchange,
          413,
          new Problem(
              "The body is too long.",
              "over " + (most >> 20) + " MiB",
              "Send one request at a time."));
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      refuse(
          exchange,
          400,
          new Problem("The body is not UTF-8.", bytes.length + " bytes", "Encode it as UTF-8.", e));
      return null;
    }
  }

  /// How many bytes a body says that it has, so that no more room is made for it; any number where
  /// it does not say.
  private static int declared(HttpExchange exchange) {
    var length = header(exchange, "Content-Length");
    try {
      return length == null ? Integer.MAX_VALUE : Math.clamp(Long.parseLong(length), 0, 1 << 30);
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE; // which the server itself refuses
    }
  }

  /// Answers with a problem as JSON, and ends the exchange.
  public static void refuse(HttpExchange exchange, int status, Problem problem) throws IOException {
    answer(exchange, status, Reply.error(problem));
  }

  /// Answers with JSON, and ends the exchange. Pages of other origins must not read it, nor guess
  /// its type.
  ///
  /// @throws IOException when the client has left, as far as that is known: the end of the answer
  ///   is sent by itself, since only what is sent to a closed connection brings that to light
  public static void answer(HttpExchange exchange, int status, String json) throws IOException {
    answer(exchange, status, json, 1);
  }

  /// As [#answer(HttpExchange, int, String)] without finding out whether the client has left: one
  /// packet instead of two.
  public static void answerAtOnce(HttpExchange exchange, int status, String json)
      throws IOException {
    answer(exchange, status, json, 0);
  }

  /// @param late how many bytes of the end are sent by themselves
  private static void answer(HttpExchange exchange, int status, String json, int late)
      throws IOException {
    var bytes = (json + "\n").getBytes(StandardCharsets.UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json; charset=utf-8");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", "no-store");
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length);
      var out = exchange.getResponseBody();
      out.write(bytes, 0, bytes.length - late);
      if (late > 0) {
        out.flush();
        out.write(bytes, bytes.length - late, late);
      }
      out.flush();
    }
  }
}
