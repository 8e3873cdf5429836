package dev.assay.run.control;

import dev.assay.files.OwnerOnly;
import dev.assay.problem.Problem;
import dev.assay.storage.Letters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Letters as small JSON files in a directory, in the order of their names: for processes of one
/// machine.
///
/// A letter appears whole or not at all, since its file is moved into place; it is claimed by
/// whoever renames its file first.
///
/// @param directory need not exist
record LetterFiles(Path directory) implements Letters {

  /// Longer files are no commands.
  private static final long LARGEST = 1 << 20;

  private static final String ENDING = ".json";
  private static final String CLAIMED = ".claimed";

  /// `MILLIS-PID-COUNT`, as all versions write it.
  private static final Pattern NAME = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})-([0-9]{1,18})");

  /// By the parts of their names. Every search asks at its start, so without comparators that the
  /// JVM makes code for.
  private static final Comparator<String> ORDER =
      (a, b) -> {
        for (int i = 1; i <= 3; i++) {
          int order = Long.compare(part(a, i), part(b, i));
          if (order != 0) {
            return order;
          }
        }
        return a.compareTo(b);
      };

  private static final AtomicLong SENT = new AtomicLong();

  /// Whatever the clock says.
  @Override
  public void send(String text) {
    try {
      OwnerOnly.directories(directory);
      long number = System.currentTimeMillis();
      for (var name : names()) {
        number = Math.max(number, part(name, 1) + 1);
      }
      var name =
          "%d-%d-%d".formatted(number, ProcessHandle.current().pid(), SENT.getAndIncrement());
      OwnerOnly.replace(directory.resolve(name + ENDING), text);
    } catch (IOException e) {
      throw new Problem(
          "The command cannot be left for the study.",
          directory + ": " + e,
          "Make the directory writable.",
          e);
    }
  }

  @Override
  public List<String> names() {
    return files(ENDING);
  }

  @Override
  public List<String> claimed() {
    return files(CLAIMED);
  }

  private List<String> files(String ending) {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .sorted(ORDER)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw unusable(e);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private Problem unusable(Exception e) {
    return new Problem(
        "The commands that were left cannot be read or moved.",
        directory + ": " + e,
        "Make the directory readable and writable.",
        e);
  }

  private static long part(String name, int part) {
    var match = NAME.matcher(name);
    return match.lookingAt() ? Long.parseLong(match.group(part)) : 0;
  }

  @Override
  public @Nullable String read(String name) {
    var file = directory.resolve(name);
    try {
      return Files.size(file) > LARGEST ? "too long" : Files.readString(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (CharacterCodingException e) {
      return "no text";
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /// @param by a word that nobody else claims with
  @Override
  public @Nullable String claim(String name, String by) {
    var claimed = name.substring(0, name.length() - ENDING.length()) + "." + by + CLAIMED;
    return isMoved(name, claimed) ? claimed : null;
  }

  @Override
  public void putBack(String claimed) {
    var by = claimed.substring(0, claimed.length() - CLAIMED.length());
    var _ = isMoved(claimed, by.substring(0, Math.max(by.lastIndexOf('.'), 0)) + ENDING);
  }

  private boolean isMoved(String from, String to) {
    try {
      Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  @Override
  public void remove(String name) {
    try {
      Files.deleteIfExists(directory.resolve(name));
    } catch (IOException e) {
      throw unusable(e);
    }
  }
}
