package dev.assay.internal.words;

import java.util.regex.Pattern;

/// Passwords in URLs, of databases above all: they are not to be stored, nor printed.
public final class Passwords {
  /// A scheme begins a word and is short, so that long texts are read once.
  private static final Pattern URL =
      Pattern.compile(
          "((?:(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,31}+://|postgres(?:ql)?:)[^:/@\\s]*+)"
              + ":[^/\\s]*@");

  private Passwords() {}

  /// A text whose URLs have no password: `postgresql://me:secret@host/db` is
  /// `postgresql://me@host/db`, which leaves the password to `PGPASSWORD` and `~/.pgpass`.
  public static String masked(String text) {
    return text.indexOf('@') < 0 ? text : URL.matcher(text).replaceAll("$1@");
  }
}
