package dev.assay.remote;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Messages as JSON.
final class Wire {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private Wire() {}

  static String write(Object message) {
    return JSON.writeValueAsString(message);
  }

  /// @throws Problem for a text that is no such message
  static <T> T read(String text, Class<T> type) {
    T message;
    try {
      message = JSON.readValue(text, type);
    } catch (JacksonException e) {
      throw unreadable(text, Spoken.ofParser(e.getOriginalMessage()));
    }
    if (message == null) {
      throw unreadable(text, "it is null");
    }
    return message;
  }

  private static Problem unreadable(String text, String why) {
    return new Problem(
        "A message between a worker and the study's owner cannot be read.",
        Spoken.cut(text, 100) + ": " + why,
        "Let both be of the same version; a proxy between them must not change what it passes on.");
  }
}
