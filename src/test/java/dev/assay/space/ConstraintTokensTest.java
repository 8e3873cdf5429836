package dev.assay.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What other languages write for what a constraint can say.
class ConstraintTokensTest {
  private static SpaceBuilder space() {
    return SearchSpace.builder()
        .add("x", new FloatRange(-5, 10))
        .add("in_use", new IntRange(0, 3))
        .add("kind", Choice.of("a", "b && c"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          x ** 2 <= 4            ; **       ; x * x
          x**2 <= 4              ; **       ; x * x
          x ^ 2 <= 4             ; ^        ; x * x
          x // 2 == 1            ; //       ; (x - x % y) / y
          x < 1 && x > 0         ; &&       ; Write and
          x < 1 || x > 0         ; ||       ; Write or
          x² < 4; x²; x * x
          x – 1 < 2; –; Write -
          x < 1 ∧ x > 0; ∧; Write and
          x < 1 & x > 0          ; &        ; Write and
          !(x < 1)               ; !        ; Write not
          ~(x < 1)               ; ~        ; Write not
          x = 1                  ; =        ; Write ==
          x === 1                ; ===      ; Write ==
          x !== 1                ; !==      ; Write !=
          x =< 1                 ; =<       ; Write <=
          x => 1                 ; =>       ; Write >=
          x <> 1                 ; <>       ; Write !=
          x ≤ 1                  ; ≤        ; Write <=
          x ≥ 1                  ; ≥        ; Write >=
          x ≠ 1                  ; ≠        ; Write !=
          2 · x < 1              ; ·        ; Write *
          2 × x < 1              ; ×        ; Write *
          −x < 1                 ; −        ; Write -
          x << 2 < 9             ; <<       ; Multiply
          x >> 2 < 9             ; >>       ; Divide
          x < 1 ? x > 0 : x > 1  ; ?        ; (a and b) or (not a and c)
          x > 0 if x < 1 else x > 1 ; if    ; (a and b) or (not a and c)
                    x in [1, 2]            ; [        ; x == 1 or x == 2
          x in (1, 2)            ; in       ; x == 1 or x == 2
          x in {1, 2}            ; {        ; x == 1 or x == 2
          x not in (1, 2)        ; not      ; x != 1 and x != 2
          x is 1                 ; is       ; Write ==
          x between 1 and 2      ; between  ; 1 <= x <= 2
          x mod 2 == 1           ; mod      ; Write %
          x < 1 AND x > 0        ; AND      ; small letters
          x < 1 Or x > 0         ; Or       ; small letters
          x == None              ; None     ; does not exist
          x < 1 xor x > 0        ; xor      ; (a or b)
          x < 1,5                ; ,        ; behind a point
          (x < 1,5)              ; ,        ; behind a point
          x < 1_000              ; 1_000    ; Write 1000.
          x < 1_000.5            ; 1_000.5  ; Write 1000.5.
          x < 0x10               ; 0x10     ; Write 16.
          x < 0b11               ; 0b11     ; Write 3.
          x < 0o17               ; 0o17     ; Write 15.
          2x < 1                 ; 2x       ; Write 2 * x
          1.2.3 < x              ; 1.2.3    ; decimal
          2 x < 1                ; x        ; with *
          x < inf                ; inf      ; finite
          x < .inf               ; .inf     ; finite
          x < Infinity           ; Infinity ; finite
          x < float.nan          ; nan      ; finite
          x < 1e400              ; 1e400    ; finite
          sqrt(x) < 2            ; sqrt     ; log2
          pow(x, 2) < 2          ; pow      ; log2
          x @ 2 < 1              ; @        ; Known
          * x < 4                ; *        ; Known
          """)
  void areNamedWithTheirMends(String text, String token, String mend) {
    var space = space().where(text);
    assertThatThrownBy(space::build)
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.what() + problem.value()).contains(token);
              assertThat(problem.value()).contains("\"" + text + "\", column ");
              assertThat(problem.mend()).contains(mend);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          +x < +4
          -x <= - 1e-3
          x<=-3 or x>=-2
          x!=1
          x < 1.e1 and x > -.5E-1
          in_use % 2 == 1
          kind == 'b && c'
          not (x > 9)
          """)
  void whatIsRightGoesOnBeingRead(String text) {
    assertThat(space().where(text).build().constraints()).hasSize(1);
  }

  @Test
  void severalAreAListOfConstraints() {
    assertThatThrownBy(() -> space().where("x < 1; x > 0").build())
        .hasMessageContaining("column 6: ;")
        .hasMessageContaining("list of constraints");
  }

  @Test
  void theColumnIsThatOfTheToken() {
    assertThatThrownBy(() -> space().where("x   @ 2").build()).hasMessageContaining("column 5: @");
  }

  /// What is wrong in a long constraint is told without all of it, wherever it is found.
  @ParameterizedTest
  @CsvSource({"$, means nothing here", "**, no such operator", "1e999, too large", "(, ends too"})
  void longConstraintsAreShownInPart(String wrong, String said) {
    var text = "x < 1" + " and x < 1".repeat(100) + " and x < " + wrong;
    var builder = space().where(text);
    assertThatThrownBy(builder::build)
        .isInstanceOf(Problem.class)
        .hasMessageContaining(said)
        .hasMessageContaining(text.substring(0, 499) + "…\", column 10")
        .hasMessageNotContaining(text.substring(0, 500));
  }
}
