package dev.assay.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.problem.Problem;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetTest {
  @Test
  void aTimeThatIsNoneIsToldInWords() {
    var problem =
        catchThrowableOfType(Problem.class, () -> Budget.trials(1).within(Duration.ofSeconds(-90)));
    assertThat(problem.value()).isEqualTo("time -1 min -30 s");
    var none = catchThrowableOfType(Problem.class, () -> Budget.trials(1).within(Duration.ZERO));
    assertThat(none.value()).isEqualTo("time 0 s");
  }
}
