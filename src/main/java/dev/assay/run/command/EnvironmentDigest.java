package dev.assay.run.command;

import dev.assay.storage.StudyDefinition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The environment variables of an objective, as a study's definition has them: names, and salted
/// hashes of values (SHA-256 of salt, name, 0 and value). What is inherited is not part of the
/// definition: a token that was renewed, or another machine's path, makes no other study.
final class EnvironmentDigest implements StudyDefinition.Undisclosed {
  private static final String ALGORITHM = "SHA-256";
  private static final String PREFIX = "sha256:";
  private static final String FROM = "from";
  private static final int SALT_BYTES = 16;

  private final Map<String, EnvironmentValue> values;
  private final byte[] salt = new byte[SALT_BYTES];

  EnvironmentDigest(Map<String, EnvironmentValue> values) {
    this.values = values;
    if (!values.isEmpty()) {
      new SecureRandom().nextBytes(salt);
    }
  }

  @Override
  public @Nullable Object stored() {
    var stored = new LinkedHashMap<String, Object>();
    values.forEach((name, value) ->
        stored.put(
            name,
            switch (value) {
              case EnvironmentValue.From(var variable) -> Map.of(FROM, variable);
              case EnvironmentValue.Written(var template) ->
                  ProgramEnvironment.isOpen(value) ? template : digest(salt, name, template);
            }));
    return stored.isEmpty() ? null : stored;
  }

  private static String digest(byte[] salt, String name, String value) {
    try {
      var hash = MessageDigest.getInstance(ALGORITHM);
      hash.update(salt);
      hash.update(name.getBytes(StandardCharsets.UTF_8));
      hash.update((byte) 0);
      var hex = HexFormat.of();
      return PREFIX
          + hex.formatHex(salt)
          + ":"
          + hex.formatHex(hash.digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  @Override
  public List<String> differences(String path, @Nullable Object then) {
    var before = then instanceof Map<?, ?> map ? map : Map.of();
    var names = new TreeSet<>(values.keySet());
    before.keySet().forEach(name -> names.add(String.valueOf(name)));
    var lines = new ArrayList<String>();
    for (var name : names) {
      var old = before.get(name);
      var now = values.get(name);
      if (now instanceof EnvironmentValue.From || old instanceof Map) {
        continue;
      }
      if (!(now instanceof EnvironmentValue.Written(var template))) {
        lines.add(path + "." + name + ": set in the study, absent now");
      } else if (old == null) {
        lines.add(path + "." + name + ": absent in the study, set now");
      } else if (!isSame(name, String.valueOf(old), template)) {
        lines.add(path + "." + name + ": another value in the study than now");
      }
    }
    return lines;
  }

  /// @param stored a hash, or as older versions did, the value itself
  private static boolean isSame(String name, String stored, String value) {
    if (stored.equals(value)) {
      return true;
    }
    var parts = stored.split(":", -1);
    return parts.length == 3
        && stored.startsWith(PREFIX)
        && parts[1].matches("(?:[0-9a-f]{2})+")
        && digest(HexFormat.of().parseHex(parts[1]), name, value).equals(stored);
  }

  /// For people: the names.
  @Override
  public String toString() {
    return "{" + String.join(", ", values.keySet().stream().map(n -> n + ": ...").toList()) + "}";
  }
}
