package dev.assay.serve;

import dev.assay.problem.Problem;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/// A name under which a service may be called beside those of this machine: that of a proxy before
/// it.
///
/// @param name in lower case, without port
/// @param port -1: any
record AllowedHost(String name, int port) {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9a-f:.]+\\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::([0-9]{1,5}))?");

  /// @param text `assay.example.org`, or `assay.example.org:8443`
  /// @throws Problem for anything else, URLs included
  static AllowedHost parse(String text) {
    String ascii;
    try {
      ascii = IDN.toASCII(text.strip()).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      ascii = "";
    }
    var match = FORM.matcher(ascii);
    if (!match.matches() || match.group(2) != null && Integer.parseInt(match.group(2)) > 65535) {
      throw new Problem(
          "An allowed host is a name, with or without a port.",
          "\"" + text + "\"",
          "Give it without scheme and path: assay.example.org, or assay.example.org:8443.");
    }
    return new AllowedHost(
        match.group(1), match.group(2) == null ? -1 : Integer.parseInt(match.group(2)));
  }

  /// Whether a request's host, or the authority of its origin, is this one. Without a port it may
  /// be at the usual one of either scheme.
  boolean matches(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    var said = hasPort ? authority.substring(0, colon) : authority;
    if (!said.equalsIgnoreCase(name)) {
      return false;
    }
    if (port < 0) {
      return true;
    }
    return hasPort
        ? authority.substring(colon + 1).equals(Integer.toString(port))
        : port == 80 || port == 443;
  }
}
