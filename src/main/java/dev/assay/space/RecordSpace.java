package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The space of a record's components: a record is the schema. Immutable.
///
/// ```java
/// sealed interface Optimizer {
///   record Sgd(boolean nesterov) implements Optimizer {}
///   record Adam(@Range(low = 0.9, high = 0.9999) double beta2) implements Optimizer {}
/// }
/// record Mlp(@Range(low = 1e-4, high = 1, log = true) double learningRate, Optimizer optimizer) {}
///
/// var space = SearchSpace.of(Mlp.class)
///     .where("stable", c -> c.learningRate() < 0.5 || c.optimizer() instanceof Optimizer.Adam);
/// ```
///
/// | component | parameter |
/// |---|---|
/// | `double`, `float` with [Range] | float range |
/// | `int`, `long` with [Range] | integer range |
/// | `String` or a number with [OneOf] | choice |
/// | `boolean` | choice of false and true |
/// | an enum | choice of its constants, by name |
/// | a sealed interface of records | choice of the records, by simple name; the components of each exist only under it, to any depth |
/// | a record | its components |
///
/// Every parameter has the name of its component. One name may stand in several records of a sealed
/// interface, if it means the same in each.
///
/// @param <R> the record
public final class RecordSpace<R extends Record> {
  private final Class<R> type;
  private final List<RecordComponents.Component> components;
  private final SearchSpace space;

  private RecordSpace(
      Class<R> type, List<RecordComponents.Component> components, SearchSpace space) {
    this.type = type;
    this.components = components;
    this.space = space;
  }

  static <R extends Record> RecordSpace<R> of(Class<R> type) {
    var reader = new RecordComponents(type);
    return new RecordSpace<>(type, reader.components(), reader.builder().build());
  }

  /// The parameters and constraints.
  public SearchSpace space() {
    return space;
  }

  /// This space with one more constraint.
  ///
  /// @param name what it says, for messages
  /// @throws Problem when nothing satisfies the constraints any more
  public RecordSpace<R> where(String name, Predicate<R> predicate) {
    var builder = same();
    builder.where(name, configuration -> predicate.test(decode(configuration)));
    return new RecordSpace<>(type, components, builder.build());
  }

  /// This space with an expectation of where a component's best value lies.
  ///
  /// @param name of a parameter
  /// @throws Problem where there is no such parameter, or it cannot have that prior
  public RecordSpace<R> prior(String name, Prior prior) {
    return new RecordSpace<>(type, components, same().prior(name, prior).build());
  }

  private SpaceBuilder same() {
    var builder = SearchSpace.builder();
    space.parameters().forEach(builder::add);
    space.constraints().forEach(builder::where);
    return builder;
  }

  /// The record of a configuration.
  ///
  /// @throws Problem when the record's constructor refuses the values
  public R decode(Configuration configuration) {
    return type.cast(RecordComponents.make(type, components, configuration));
  }

  /// The parameters' values in a record, as [SearchSpace#configuration] reads them.
  public Map<String, @Nullable Object> values(R record) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    RecordComponents.read(record, components, values);
    return values;
  }
}
