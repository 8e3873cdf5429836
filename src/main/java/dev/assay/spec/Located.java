package dev.assay.spec;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A value that knows where it stands, for what can be judged only later: whether a file is there,
/// whether a trainer has that name.
public record Located<T extends @Nullable Object>(T value, Place place) {
  /// What the action makes of the value; a problem of its gets the value's place.
  public <R> R with(Function<? super T, R> action) {
    return place.locate(() -> action.apply(value));
  }
}
