package dev.assay.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContenderTest {
  @Test
  void commasInsideBracesBelongToSettings() {
    var all = Contender.parse("tpe, single={gp: {model: single, start: 5}},{grid: {points: 3}}");
    assertThat(all)
        .extracting(Contender::label)
        .containsExactly("tpe", "single", "{grid: {points: 3}}");
    assertThat(all.get(1).sampler().name()).isEqualTo("gp");
    assertThat(all.get(1).sampler().options().plain())
        .containsEntry("model", "single")
        .containsEntry("start", 5L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tpe | two samplers or more",
        "tpe,tpe | same name",
        "tpe,,random | lacks its name",
        "a=,random | lacks its name",
        "tpe,{a: 1 | --samplers",
        "tpe,[1;2] | --samplers"
      })
  void whatIsNoListOfSamplersIsRefused(String text, String words) {
    assertThatThrownBy(() -> Contender.parse(text.replace(';', ',')))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("--samplers")
        .hasMessageContaining(words);
  }
}
