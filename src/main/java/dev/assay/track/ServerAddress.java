package dev.assay.track;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The address of a tracker's server as someone wrote it: `http://HOST:PORT`, perhaps with a path.
public final class ServerAddress {
  private static final int PORTS = 65_535;
  private static final String LIKE = "Write it like this: http://localhost:5000.";

  private ServerAddress() {}

  /// Why no server can be called there.
  ///
  /// @param mend what to write instead
  public record Fault(String what, String mend) {}

  /// @return null where there is nothing to say against it
  public static @Nullable Fault fault(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      return new Fault("This is no address of a server: " + e.getReason() + ".", LIKE);
    }
    var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return new Fault(
          "MLflow is logged to through its server, whose address begins with http:// or https://.",
          "Give it: http://localhost:5000; `mlflow server` starts one.");
    }
    var authority = uri.getRawAuthority();
    if (authority != null && authority.contains("@")) {
      return new Fault(
          "The address tells a user or a password, and is shown to others.",
          "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD in the environment instead.");
    }
    if (uri.getHost() == null) {
      return new Fault("The address has no host as the internet names hosts, or no port.", LIKE);
    }
    if (authority != null && authority.endsWith(":")) {
      return new Fault("The address has no port behind its last colon.", LIKE);
    }
    if (uri.getPort() == 0 || uri.getPort() > PORTS) {
      return new Fault("A port is a number from 1 to " + PORTS + ".", LIKE);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return new Fault(
          "The address of a server has nothing behind a ? or #.", "Leave out what stands there.");
    }
    return null;
  }

  /// An address without fault as calls begin with it: no space around it, no slash at its end.
  public static String of(String text) {
    return text.strip().replaceAll("/+$", "");
  }
}
