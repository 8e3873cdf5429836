package dev.assay.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static Map<String, Object> ordered(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Test
  void theOrderOfMapsDoesNotMatter() {
    var one = ordered("name", "tpe", "settings", ordered("start", 10, "gamma", 0.15));
    var other = ordered("settings", ordered("gamma", 0.15, "start", 10), "name", "tpe");
    assertThat(Fingerprint.of(List.of(1, one))).isEqualTo(Fingerprint.of(List.of(1, other)));
  }

  @Test
  void everyValueAndTheOrderOfListsMatter() {
    var one = ordered("a", 1, "b", List.of(1, 2));
    assertThat(
            List.of(one, ordered("a", 1, "b", List.of(2, 1)), ordered("a", 2, "b", List.of(1, 2))))
        .extracting(Fingerprint::of)
        .doesNotHaveDuplicates()
        .allMatch(text -> text.matches("[0-9a-f]{12}"));
  }
}
