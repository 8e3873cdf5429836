package dev.assay.problem;

import java.util.regex.Pattern;

/// Passwords in URLs, of databases above all: they are not to be stored, nor printed.
public final class Passwords {
  private static final Pattern URL =
      Pattern.compile("((?:[A-Za-z][A-Za-z0-9+.-]*://|postgres(?:ql)?:)[^:/@\\s]*):[^/\\s]*@");

  private Passwords() {}

  /// A text whose URLs have no password: `postgresql://me:secret@host/db` is
  /// `postgresql://me@host/db`, which leaves the password to `PGPASSWORD` and `~/.pgpass`.
  public static String masked(String text) {
    return URL.matcher(text).replaceAll("$1@");
  }
}
