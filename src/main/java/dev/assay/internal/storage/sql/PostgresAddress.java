package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where a PostgreSQL database is and who asks: `//user:password@host:port/database?option=value`.
///
/// What is left out is as PostgreSQL's own programs have it: `PGHOST`, `PGPORT`, `PGUSER`,
/// `PGDATABASE`, `PGPASSWORD`, and the driver looks into `~/.pgpass`. The password is in no text
/// that is made of this.
///
/// @param password from the URL; null where it is to be found elsewhere
/// @param options those of [#OPTIONS] that the URL sets
public record PostgresAddress(
    String host,
    int port,
    String database,
    String user,
    @Nullable String password,
    Map<String, String> options) {
  /// What a URL may choose. Not everything that the driver knows: a study file is not to make it
  /// load classes.
  private static final List<String> OPTIONS =
      List.of("lease", "schema", "sslmode", "sslrootcert", "sslcert", "sslkey");

  private static final int PORT = 5432;
  private static final String SCHEMA = "assay";
  private static final Duration LEASE = Duration.ofSeconds(60);

  public PostgresAddress {
    options = Map.copyOf(options);
  }

  /// @param text what stands between `postgresql:` and `#`
  /// @throws Problem for what is no address, without saying its password
  static PostgresAddress parse(String text) {
    var shown = "postgresql:" + text;
    if (!text.startsWith("//")) {
      throw new Problem(
          "This is no address of a PostgreSQL database.",
          shown,
          "Write postgresql://USER@HOST:PORT/DATABASE#STUDY.");
    }
    int question = text.indexOf('?');
    var options = question < 0 ? "" : text.substring(question + 1);
    var place = text.substring(2, question < 0 ? text.length() : question);
    int slash = place.indexOf('/');
    var authority = slash < 0 ? place : place.substring(0, slash);
    int at = authority.lastIndexOf('@');
    var login = at < 0 ? "" : authority.substring(0, at);
    int colon = login.indexOf(':');
    var user =
        or(decoded(colon < 0 ? login : login.substring(0, colon), shown), "PGUSER", userName());
    return new PostgresAddress(
        host(authority.substring(at + 1), shown),
        port(authority.substring(at + 1), shown),
        or(decoded(slash < 0 ? "" : place.substring(slash + 1), shown), "PGDATABASE", user),
        user,
        colon < 0 ? null : decoded(login.substring(colon + 1), shown),
        options(options, shown));
  }

  private static String userName() {
    return System.getProperty("user.name", "postgres");
  }

  private static String or(String text, String variable, String otherwise) {
    var set = System.getenv(variable);
    return !text.isEmpty() ? text : set != null && !set.isBlank() ? set : otherwise;
  }

  private static String host(String place, String shown) {
    int bracket = place.indexOf(']');
    if (place.startsWith("[") && bracket > 0) {
      return place.substring(0, bracket + 1);
    }
    int colon = place.indexOf(':');
    return or(decoded(colon < 0 ? place : place.substring(0, colon), shown), "PGHOST", "localhost");
  }

  private static int port(String place, String shown) {
    var behind = place.substring(place.lastIndexOf(']') + 1);
    int colon = behind.indexOf(':');
    var text = or(colon < 0 ? "" : behind.substring(colon + 1), "PGPORT", Integer.toString(PORT));
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new Problem("A port is a number from 1 to 65535.", text + " in " + shown, "Write 5432.");
  }

  private static Map<String, String> options(String text, String shown) {
    var options = new TreeMap<String, String>();
    for (var one : text.split("&")) {
      int equals = one.indexOf('=');
      if (one.isEmpty()) {
        continue;
      }
      var name = equals < 0 ? one : one.substring(0, equals);
      if (!OPTIONS.contains(name) || equals < 0) {
        throw new Problem(
            "There is no such option of a PostgreSQL storage.",
            name + " in " + shown,
            Nearest.suggest(name, OPTIONS));
      }
      options.put(name, decoded(one.substring(equals + 1), shown));
    }
    checkLease(options.get("lease"), shown);
    var schema = options.get("schema");
    if (schema != null && !schema.matches("[a-z_][a-z0-9_]{0,62}")) {
      throw new Problem(
          "A schema's name has small letters, digits and _.",
          schema + " in " + shown,
          "Write schema=assay, or leave it out.");
    }
    return options;
  }

  private static void checkLease(@Nullable String lease, String shown) {
    if (lease != null && !lease.matches("[1-9][0-9]{0,5}")) {
      throw new Problem(
          "A lease is a number of seconds.", lease + " in " + shown, "Write lease=60.");
    }
  }

  private static String decoded(String text, String shown) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Problem(
          "What follows a % in an address is two hexadecimal digits.",
          shown, "Write a % itself as %25.", e);
    }
  }

  /// The schema that holds the tables.
  String schema() {
    return options.getOrDefault("schema", SCHEMA);
  }

  /// How long a process may be silent before the others take it for gone.
  Duration lease() {
    var set = options.get("lease");
    return set == null ? LEASE : Duration.ofSeconds(Long.parseLong(set));
  }

  /// `host:port/database`.
  String place() {
    return host + ":" + port + "/" + database;
  }

  String driverUrl() {
    var name = URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    return "jdbc:postgresql://" + host + ":" + port + "/" + name;
  }

  /// What the driver is told besides.
  Properties properties() {
    var properties = new Properties();
    properties.setProperty("user", user);
    var secret = password == null ? System.getenv("PGPASSWORD") : password;
    if (secret != null) {
      properties.setProperty("password", secret);
    }
    for (var option : List.of("sslmode", "sslrootcert", "sslcert", "sslkey")) {
      var value = options.get(option);
      if (value != null) {
        properties.setProperty(option, value);
      }
    }
    properties.setProperty("currentSchema", schema());
    properties.setProperty("ApplicationName", "assay");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "30"); // a server that answers, but is very busy
    properties.setProperty("socketTimeout", "30");
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }

  /// The URL without the password.
  @Override
  public String toString() {
    var set = new ArrayList<String>();
    new TreeMap<>(options).forEach((name, value) -> set.add(name + "=" + encoded(value)));
    return "postgresql://"
        + encoded(user)
        + "@"
        + host
        + ":"
        + port
        + "/"
        + encoded(database)
        + (set.isEmpty() ? "" : "?" + String.join("&", set));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }
}
